"""Post a comment, a reply, or an answer to marked words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from masthead.core.clock import now
from masthead.core.statements import Gap, Insert, Select
from masthead.discussion import conf, policies, selectors
from masthead.discussion.errors import EnoughSaid, ParentGone, SameTextAgain, UnknownPassage
from masthead.discussion.events import CommentHeld, CommentPosted
from masthead.discussion.models import HAS_DIGEST, UNCONFIRMED, Comment, Note, Thread
from masthead.discussion.ports import Subject
from masthead.discussion.rules.marked import Marked
from masthead.discussion.rules.names import text_digest
from masthead.discussion.rules.paging import page_of
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _attached, _books, _gate, _mentions, _ratings, mail_loop
from masthead.discussion.services._attached import Upload
from masthead.discussion.services._marks import new_note
from masthead.outbox.services import record

_SAME_TEXT = Select(
    lambda: (
        Comment.objects.filter(
            HAS_DIGEST,
            thread_id=Gap("thread"),
            text_digest=Gap("digest"),
            created_at__gt=Gap("since", Comment._meta.get_field("created_at")),
        )
        .exclude(status=Comment.Status.DELETED)
        .values_list("pk")[:1]
    )
)
_NEW = Insert(Comment)


@dataclass(frozen=True)
class _Place:
    thread: Thread
    parent: Comment | None
    note: Note | None


def post_comment(
    *,
    thread_key: str,
    person: Person,
    text: str,
    name: str = "",
    address: str = "",
    reply_to: str = "",
    passage_id: str | Marked = "",
    trap: str = "",
    fields: Mapping[str, str] | None = None,
    picture: Upload | None = None,
    stars: Mapping[str, int] | None = None,
    subject: Subject | None = None,
) -> Comment:
    """Store what somebody wrote and return it, published or held.

    Guaranteed: comment, counters and event are committed together; ``CommentPosted`` follows only what is public.
    Where guests prove their address, a new one's comment is held, unseen by moderators too, until the button of the
    mail is pressed; the same answer for every address. ``text`` is Markdown, ``reply_to`` a public id, ``passage_id``
    names marked words or what the writer marked; ``stars`` are the one rating, ``subject`` what the thread is about.

    Refuses, with nothing changed: ``UnknownThread``, ``CommentingClosed``, ``MembersOnly``, ``NameRefused``,
    ``NameReserved``, ``AddressRefused``, ``AddressMissing``, ``TextRefused``, ``ParentGone``, ``ConversationClosed``,
    ``UnknownPassage``, ``SameTextAgain``, ``EnoughSaid``, ``TooManyRequests``, Fields-, Picture-, ``StarsRefused``.
    """
    subject = subject or selectors.subject_of(thread_key)
    policies.enforce(policies.may_comment(person, subject))
    shown, normal_address = _gate.signature(person, name, address)
    signed = _signed(person, subject, shown, normal_address)
    given = _ratings.checked(subject, person, stars or {}, is_root=not (reply_to or passage_id))
    answers, has_picture = _attached.answers(fields or {}), picture is not None
    examined = _gate.examine(person, thread_key=thread_key, name=shown, text=text, trap=trap, has_picture=has_picture)
    examined = _gate.until_proven(person, normal_address, examined)
    _gate.limit(person, "discussion.post", thread_key, per_minute=conf.config().posts_per_minute)
    if examined.hold_reason == UNCONFIRMED:
        mail_loop.count_request(person)
    digest = text_digest(reply_to, _about(passage_id), person.voter_key if person.is_member else shown, examined.source)
    with _attached.kept(answers, picture) as attached, transaction.atomic():
        place = _place(thread_key, reply_to, passage_id)
        _refuse_repetition(place.thread, digest)
        _refuse_too_many(place.thread, person)
        comment = _insert(place, examined, text_digest=digest, annex=_attached.annex(attached), **signed)
        _attached.attach(comment, attached)
        _books.enter(comment)
        _ratings.rate(comment, given)
        record(_fact(comment, _mentions.keep(comment, examined.named)))
        if comment.is_unconfirmed:
            mail_loop.ask_unless_asked(normal_address, browser=comment.guest)
    return comment


def _signed(person: Person, subject: Subject | None, name: str, address: str) -> dict[str, object]:
    """Return what is stored of who writes."""
    return {
        **{"author_name": name, "author_email": address, "user_id": person.user_id},
        **{"guest": _gate.mark_of(person, address), "by_newsroom": policies.is_newsroom(person, subject)},
    }


def _about(passage_id: str | Marked) -> str:
    """Return what tells one passage from another, also before its note has a name."""
    return passage_id if isinstance(passage_id, str) else passage_id.anchor.exact


def _place(thread_key: str, reply_to: str, passage_id: str | Marked) -> _Place:
    thread = _books.thread_locked(thread_key)
    parent = note = None
    if reply_to:
        parent = Comment.objects.filter(thread=thread, public_id=reply_to).first()
        if parent is None or not parent.is_public:
            raise ParentGone()
        policies.enforce(policies.may_answer(parent))
    elif isinstance(passage_id, Marked):
        note = new_note(thread, passage_id)
    elif passage_id:
        note = Note.objects.filter(thread=thread, passage_id=passage_id, is_current=True).first()
        if note is None:
            raise UnknownPassage()
    return _Place(thread, parent, note)


def _refuse_repetition(thread: Thread, digest: str) -> None:
    if _SAME_TEXT.rows(thread=thread.pk, digest=digest, since=now() - conf.SAME_TEXT_WINDOW):
        raise SameTextAgain()


def _refuse_too_many(thread: Thread, person: Person) -> None:
    limit = conf.config().comments_per_person
    if not limit or person.may_moderate or not person.voter_key:
        return
    own = Comment.objects.by(user_id=person.user_id, marks=person.marks).filter(thread=thread)
    if own.exclude(status=Comment.Status.DELETED)[:limit].count() >= limit:
        raise EnoughSaid(limit=limit)


def _insert(place: _Place, examined: _gate.Examined, **fields: object) -> Comment:
    parent, moment = place.parent, now()
    is_published = examined.status == Comment.Status.PUBLISHED
    comment = Comment(
        thread=place.thread,
        parent=parent,
        root_id=parent.conversation_id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        note=place.note,
        quote=place.note.quote if place.note else "",
        place=place.note.place if place.note else "",
        source=examined.source,
        html=examined.html,
        status=examined.status,
        hold_reason=examined.hold_reason,
        created_at=moment,
        sorted_at=max(moment, parent.sorted_at) if parent else moment,
        page=0 if parent else page_of(place.thread.root_count),
        published_at=moment if is_published else None,
        is_listed=is_published,
        **fields,
    )
    _NEW.add([comment])
    return comment


def _fact(comment: Comment, mentioned: list[str]) -> CommentPosted | CommentHeld:
    if not comment.is_public:
        return CommentHeld(comment.public_id, comment.thread.key, comment.hold_reason)
    return posted(comment, mentioned)


def posted(comment: Comment, mentioned: list[str] | None = None) -> CommentPosted:
    """Return the fact that a comment became public; whom it names is looked up if not given."""
    if mentioned is None:
        mentioned = list(comment.mentions.values_list("mentioned__public_id", flat=True))
    return CommentPosted(
        comment_id=comment.public_id,
        thread_key=comment.thread.key,
        parent_id=comment.parent.public_id if comment.parent else "",
        passage_id=comment.note.passage_id if comment.note else "",
        mentioned=mentioned,
    )

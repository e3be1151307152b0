"""Change what one wrote."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from masthead.core.clock import now
from masthead.discussion import conf, policies, selectors
from masthead.discussion.errors import UnknownComment
from masthead.discussion.events import CommentEdited, CommentHeld
from masthead.discussion.models import Comment, CommentRevision
from masthead.discussion.rules.people import Person
from masthead.discussion.services import _books, _gate, _mentions, _ratings
from masthead.discussion.services._own import locked_comment
from masthead.outbox.services import record


def edit_comment(*, comment_id: str, person: Person, text: str, stars: Mapping[str, int] | None = None) -> Comment:
    """Replace the text of one's own comment, and its stars if any are named, and return it.

    The same gate as for posting: what would be held when posted is held when edited, too. The former text is kept
    for moderators. The same text again changes nothing; no stars (``{}``) take back what was given. Refuses
    ``UnknownComment``, ``NotYours``, ``EditWindowOver``, ``UnknownThread``, ``CommentingClosed``, ``MembersOnly``,
    ``TextRefused``, ``StarsRefused``, ``TooManyRequests``.
    """
    found = Comment.objects.select_related("thread").filter(public_id=comment_id).first()
    if found is None:
        raise UnknownComment()
    key = found.thread.key
    person = selectors.reach(person, key)
    policies.enforce(policies.may_edit(person, found, now()))
    subject = selectors.subject_of(key)
    policies.enforce(policies.may_comment(person, subject))
    is_root = found.parent_id is None and found.note_id is None
    given = None if stars is None else _ratings.checked(subject, person, stars, is_root=is_root)
    examined = _gate.examine(person, thread_key=key, name=found.author_name, text=text)
    _gate.limit(person, "discussion.post", key, per_minute=conf.config().posts_per_minute)
    with transaction.atomic():
        comment = locked_comment(comment_id)
        policies.enforce(policies.may_edit(person, comment, now()))
        has_other_stars = given is not None and _ratings.rate_again(comment, given)
        if comment.source != examined.source:
            _replace(comment, examined)
        elif has_other_stars and comment.is_public:
            record(CommentEdited(comment.public_id, comment.thread.key))
    return comment


def _replace(comment: Comment, examined: _gate.Examined) -> None:
    CommentRevision.objects.create(comment=comment, source=comment.source, source_format=comment.source_format)
    comment.source, comment.html = examined.source, examined.html
    comment.source_format = Comment.Format.MARKDOWN
    comment.edited_at = now()
    # The digest goes: only a text as it was first sent can be an accident.
    comment.text_digest = ""
    comment.save(update_fields=["source", "html", "source_format", "edited_at", "text_digest"])
    mentioned = _mentions.keep(comment, examined.named)
    was_public = comment.is_public
    if was_public and examined.status != Comment.Status.PUBLISHED:
        _books.set_status(comment, examined.status, hold_reason=examined.hold_reason)
        record(CommentHeld(comment.public_id, comment.thread.key, examined.hold_reason, was_public=True))
    elif was_public:
        record(CommentEdited(comment.public_id, comment.thread.key, mentioned))

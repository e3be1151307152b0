"""Comments as HTML: composed bottom-up, so that a conversation of any depth needs no recursion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from masthead.core import avatars, worded
from masthead.core.clock import now
from masthead.core.stencil import Stencil
from masthead.discussion import policies
from masthead.discussion.models import Comment
from masthead.discussion.policies import Allowed
from masthead.discussion.ports import Subject
from masthead.discussion.presenters.stars import text_html
from masthead.discussion.rules import words
from masthead.discussion.rules.people import NOBODY, Person, Roles, is_proven
from masthead.discussion.selectors import Fresh, ThreadPage

Stars = Mapping[int, Mapping[str, int]]
# From this depth on a phone, and a little later a wide screen, indents no further: the parent is named instead.
_NAMED_FROM_DEPTH = 3
# So much of a passage says which one is meant.
_WORDS_QUOTED = 30


@dataclass(frozen=True)
class Viewer:
    """Who looks, where the page is for one person: may change the own comments and sees the own votes."""

    person: Person = NOBODY
    votes: dict[int, int] = field(default_factory=dict)


NO_VIEWER = Viewer()


def _date_format() -> str:
    # Translators: date and time of a comment, in Django's date format.
    return _("j F Y, H:i")


@dataclass
class _Scene:
    """What all comments of one page have in common."""

    subject: Subject
    roles: Roles
    viewer: Viewer
    elsewhere: dict[int, tuple[str, str]]
    present: dict[int, Comment]
    focus_id: int = 0
    new_id: int = 0
    stars: Stars = field(default_factory=dict)
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)
    date_format: str = field(default_factory=_date_format)
    language: str | None = field(default_factory=get_language)


def thread_html(page: ThreadPage, viewer: Viewer = NO_VIEWER, *, focus_id: int = 0) -> SafeString:
    """Return the comments of a page, replies inside their parents."""
    scene = _Scene(
        page.subject, page.roles, viewer, page.elsewhere, {comment.pk: comment for comment in page.comments}, focus_id
    )
    scene.stars = page.stars
    if page.query.q:
        return _flat(page.comments, words.terms(page.query.q), scene)
    folds = {
        pk: fold_html(page.subject, scene.present[pk], page, count) for pk, count in page.hidden.items() if count > 0
    }
    return _compose(page.comments, scene, folds)


def _flat(comments: list[Comment], terms: tuple[str, ...], scene: _Scene) -> SafeString:
    """Return comments one below the other, the words that were looked for marked: replies name what they answer."""
    scene.present = {}
    for comment in comments:
        comment.html = words.marked(comment.html, terms)
    return SafeString("".join(_render(comment, scene, [], SafeString("")) for comment in comments))


def conversation_html(comments: list[Comment], subject: Subject, roles: Roles, *, focus_id: int) -> SafeString:
    """Return the replies of an opened conversation: ``comments`` is the root, then its replies in time order."""
    root, *_replies = comments
    scene = _Scene(subject, roles, NO_VIEWER, {}, {comment.pk: comment for comment in comments}, focus_id)
    left = root.reply_total - len(comments) + 1
    fold = _fold(permalink(subject, comments[-1].public_id), left) if left > 0 else SafeString("")
    return _replies_html(comments, scene, fold)


def comment_html(
    comment: Comment,
    subject: Subject,
    roles: Roles,
    viewer: Viewer,
    *,
    is_new: bool = True,
    stars: Stars | None = None,
) -> SafeString:
    """Return one comment alone, marked as new: the piece that its writer gets after posting."""
    parent = comment.parent if comment.depth >= _NAMED_FROM_DEPTH else None
    elsewhere = {parent.pk: (parent.public_id, parent.author_name)} if parent else {}
    scene = _Scene(subject, roles, viewer, elsewhere, {})
    scene.focus_id = scene.new_id = comment.pk if is_new else 0
    scene.stars = stars or {}
    return _render(comment, scene, [], SafeString(""))


def added_html(comment: Comment, fresh: Fresh) -> SafeString:
    """Return one comment that was written while the page stood open, marked as new; what it answers is named."""
    scene = _Scene(fresh.subject, fresh.roles, NO_VIEWER, fresh.parents, {}, new_id=comment.pk, focus_id=comment.pk)
    scene.stars = fresh.seen.stars
    return _render(comment, scene, [], SafeString(""))


def permalink(subject: Subject, public_id: str) -> str:
    """Return the address that opens the page at this comment, whatever its place in the list."""
    return f"{subject.path}?comment={public_id}#comment-{public_id}"


def own_address(subject: Subject, public_id: str) -> str:
    """Return the address where a writer without script finds the own comment again."""
    return f"{subject.path}?mine={public_id}#comment-{public_id}"


def fold_html(subject: Subject, root: Comment, page: ThreadPage, count: int) -> SafeString:
    """Return the link to the replies of a root that are not shown: opens in place, or the whole conversation."""
    shown = [comment.pk for comment in page.comments if comment.root_id == root.pk]
    source = f"{reverse('discussion:replies', args=[root.public_id])}?after={shown[-1] if shown else 0}"
    return _fold(permalink(subject, root.public_id), count, root.public_id, source)


def _fold(address: str, count: int, target: str = "", source: str = "") -> SafeString:
    text = ngettext("View 1 more reply", "View %(count)s more replies", count) % {"count": count}
    if not source:
        return format_html('<p class="folded"><a href="{}">{}</a></p>', address, text)
    return format_html(
        '<p class="folded"><a href="{}" data-live data-from="{}" data-target="#replies-{}">{}</a></p>',
        address,
        source,
        target,
        text,
    )


def _compose(comments: list[Comment], scene: _Scene, folds: dict[int, SafeString]) -> SafeString:
    """Render children before parents: a parent always stands before its children, so the order is the reverse."""
    children: dict[int | None, list[SafeString]] = {}
    for comment in reversed(comments):
        parent = comment.parent_id if comment.parent_id in scene.present else comment.root_id
        below = children.pop(comment.pk, [])
        html = _render(comment, scene, below[::-1], folds.get(comment.pk, SafeString("")))
        children.setdefault(parent, []).append(html)
    return SafeString("".join(children.get(None, [])[::-1]))


def _replies_html(comments: list[Comment], scene: _Scene, fold: SafeString) -> SafeString:
    root, *replies = comments
    inner = _compose([_as_root(reply, root) for reply in replies], scene, {})
    return format_html('<div class="replies" id="replies-{}">{}{}</div>', root.public_id, inner, fold)


def _as_root(reply: Comment, root: Comment) -> Comment:
    """Let a direct answer to the root stand at the top of the piece."""
    if reply.parent_id == root.pk:
        reply.parent_id = reply.root_id = None
    return reply


def _render(comment: Comment, scene: _Scene, children: Iterable[str], fold: SafeString) -> SafeString:
    viewer, subject = scene.viewer, scene.subject
    is_waiting = comment.status == Comment.Status.HELD and _is_own(comment, viewer)
    gone = "" if comment.is_public or is_waiting else tombstone(comment)
    parent = _named_parent(comment, scene)
    role = _role(comment, scene)
    legacy = comment.legacy_id if comment.legacy_id.isdigit() else ""
    seed = f"u{comment.user_id}" if comment.user_id else comment.guest or comment.author_name
    stencil = _comment(
        scene.language,
        tombstone=bool(gone),
        role=bool(role),
        **_passage_shape(comment),
        legacy=bool(legacy),
        parent=parent is not None,
        parent_is_far=parent is not None and comment.parent_id not in scene.present,
        edited=comment.edited_at is not None,
        held=comment.status == Comment.Status.HELD,
        unconfirmed=comment.is_unconfirmed,
        vote=viewer.votes.get(comment.pk, 0),
        can_reply=subject.comments == "open" and comment.is_public and not comment.is_closed,
        is_answered=subject.kind == "questions" and comment.newsroom_total > comment.by_newsroom,
        is_sticky=comment.is_sticky,
        is_picked=comment.picked_at is not None,
        is_closed=comment.is_closed and comment.parent_id is None,
        has_tools=policies.leads(viewer.person, subject),
        **_own_shape(comment, viewer),
        has_focus=comment.pk == scene.focus_id,
        is_new=comment.pk == scene.new_id,
    )
    return stencil.fill(
        id=comment.public_id,
        tombstone=gone,
        name=comment.author_name or _("Nameless"),
        role=role,
        tone=avatars.avatar_tone(seed),
        face=avatars.avatar_path(seed),
        permalink=permalink(subject, comment.public_id),
        iso=comment.created_at.isoformat(timespec="minutes"),
        written=_in_words(comment.created_at.astimezone(scene.zone), scene.date_format, scene.language),
        parent_address=parent[0] if parent else "",
        parent_name=parent[1] if parent else "",
        quote=Truncator(comment.quote).words(_WORDS_QUOTED),
        place=f"{subject.path}#{comment.place}",
        html=text_html(comment, subject, scene.stars.get(comment.pk, {})),
        score=comment.score,
        legacy=legacy,
        held_text=held_text(comment, viewer.person.origin),
        children=SafeString("".join((*children, fold))),
    )


def _own_shape(comment: Comment, viewer: Viewer) -> dict[str, bool]:
    """Tell what its writer may do with a comment."""
    is_own = _is_own(comment, viewer)
    return {
        "is_own": is_own,
        "may_edit": is_own and isinstance(policies.may_edit(viewer.person, comment, now()), Allowed),
        "can_undo": is_own and isinstance(policies.may_take_back(viewer.person, comment, now()), Allowed),
    }


def _passage_shape(comment: Comment) -> dict[str, bool]:
    """Return whether a comment quotes a passage, and whether that stands in the story still."""
    is_earlier = comment.note_id is not None and not comment.place
    return {"quote": bool(comment.quote), "place": bool(comment.place), "is_earlier": is_earlier}


_TEXTS = (
    *("id", "tombstone", "name", "role", "tone", "face", "permalink", "iso", "written", "parent_address"),
    *("parent_name", "quote", "place", "html", "score", "legacy", "held_text", "children"),
)


@worded.kept
def _comment(_language: str | None, **shape: bool | int) -> Stencil:
    """Return the template of a comment in one of its shapes: which parts it has, apart from what stands in them."""

    def draw(texts: dict[str, str]) -> str:
        texts["parent"] = (texts["parent_address"], texts["parent_name"])  # type: ignore[assignment]
        optional = {name: text if shape.get(name, True) else "" for name, text in texts.items()}
        return render_to_string("discussion/_comment.html", {**shape, **optional})

    return Stencil(_TEXTS, draw)


def held_text(comment: Comment, origin: str = "") -> str:
    """Tell its writer why nobody else sees a comment yet; empty when everybody may.

    Where ``origin`` is another site's, the address is left out: its scripts read what its page shows.
    """
    if comment.is_unconfirmed and origin:
        return _("We sent you a mail; your comment appears when you press its button.")
    if comment.is_unconfirmed:
        sentence = _("We sent a mail to %(address)s; your comment appears when you press its button.")
        return sentence % {"address": comment.author_email}
    return _("Only you see this until an editor has read it.") if comment.status == Comment.Status.HELD else ""


def tombstone(comment: Comment) -> str:
    """Say why a comment is not shown."""
    if comment.status == Comment.Status.DELETED:
        return _("This comment was deleted by its writer.")
    if comment.status == Comment.Status.HELD:
        return _("This comment waits for an editor.")
    if comment.status == Comment.Status.REMOVED and comment.removal_reason:
        reason = {"reason": comment.get_removal_reason_display()}
        return _("This comment was removed by a moderator: %(reason)s.") % reason
    return _("This comment was removed by a moderator.")


def _named_parent(comment: Comment, scene: _Scene) -> tuple[str, str] | None:
    """Return address and name of the parent where the place on the page does not say it."""
    if comment.parent_id is None:
        return None
    parent = scene.present.get(comment.parent_id)
    if parent is not None:
        name = parent.author_name if parent.is_public else _("a removed comment")
        return (f"#comment-{parent.public_id}", name) if comment.depth >= _NAMED_FROM_DEPTH else None
    if comment.parent_id in scene.elsewhere:
        public_id, name = scene.elsewhere[comment.parent_id]
        return permalink(scene.subject, public_id), name
    return None


def _role(comment: Comment, scene: _Scene) -> str:
    return role_of(comment, scene.subject, scene.roles)


def role_of(comment: Comment, subject: Subject, roles: Roles) -> str:
    """Return who a writer is, in words. Whoever has proven an address, and is nothing else, is verified."""
    if comment.user_id is None:
        return (roles.get(comment.guest) or _("Verified")) if is_proven(comment.guest) else ""
    if comment.user_id in subject.author_user_ids:
        return _("Author of this story")
    # Whoever has an account read a mail at its address.
    return roles.get(comment.user_id) or _("Verified")


def _is_own(comment: Comment, viewer: Viewer) -> bool:
    return viewer.person.wrote(user_id=comment.user_id, guest=comment.guest)


def written(moment: datetime) -> str:
    """Return the exact date and time in the site's zone."""
    return _in_words(timezone.localtime(moment), _date_format(), get_language())


@lru_cache(maxsize=10_000)
def _in_words(moment: datetime, form: str, _language: str | None) -> str:
    """Return a moment in words. Kept: whenever a thread is drawn again, nearly all of its moments were there before."""
    return dateformat.format(moment, form)

"""Smaller pieces: answers, marks of one's own, rows of lists and of the queue."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from masthead.core import markup
from masthead.core.clock import now
from masthead.discussion import conf, policies, selectors
from masthead.discussion.models import Comment, Vote
from masthead.discussion.policies import Allowed
from masthead.discussion.ports import Subject
from masthead.discussion.presenters.comments import (
    Viewer,
    comment_html,
    held_text,
    own_address,
    permalink,
    tombstone,
    written,
)
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors import Waiting


def excerpt(comment: Comment) -> str:
    """Return the first words of a comment."""
    return Truncator(markup.text_of(comment.html)).chars(85)


def answer(comment: Comment, subject: Subject) -> dict[str, str]:
    """Return what the last answers to a question show."""
    return {
        "name": comment.author_name,
        "excerpt": excerpt(comment),
        "permalink": permalink(subject, comment.public_id),
        "iso": comment.created_at.isoformat(timespec="minutes"),
        "written": written(comment.created_at),
    }


def vote_text(vote: int) -> str:
    """Say what the vote is now."""
    return {1: _("You voted up."), -1: _("You voted down.")}.get(vote, _("Your vote is withdrawn."))


def next_id(comments: list[Comment], after: int) -> int:
    """Return the key of the comment that follows ``after``, else of the first reply."""
    keys = [comment.pk for comment in comments]
    position = keys.index(after) + 1 if after in keys else 1
    return keys[position] if position < len(keys) else 0


def own_marks(comments: list[Comment], subject: Subject, viewer: Viewer) -> list[dict[str, Any]]:
    """Return what stands in *More* of one's own comments."""
    return [
        {
            "id": comment.public_id,
            "permalink": permalink(subject, comment.public_id),
            "is_own": True,
            "may_edit": isinstance(policies.may_edit(viewer.person, comment, now()), Allowed),
            "replaces": True,
        }
        for comment in comments
    ]


def held_pieces(comments: list[Comment], subject: Subject, person: Person) -> list[dict[str, Any]]:
    """Return one's own comments that wait for an editor: only their writer sees them."""
    held = [comment for comment in comments if comment.status == Comment.Status.HELD]
    stars = selectors.stars_of(held) if held and subject.asks_stars else {}
    return [
        {
            "parent": comment.parent.public_id if comment.parent else "",
            "html": comment_html(comment, subject, {}, Viewer(person), is_new=False, stars=stars),
        }
        for comment in held
    ]


def vote_marks(votes: list[Vote]) -> list[dict[str, Any]]:
    """Return the vote buttons of comments on which one voted."""
    return [
        {"id": vote.comment.public_id, "vote": vote.value, "score": vote.comment.score, "replaces": True}
        for vote in votes
    ]


def vote_rows(votes: list[Vote], subjects: dict[str, Subject]) -> list[dict[str, Any]]:
    """Return the list of one's votes; those under a story that is not public show no link."""
    return [
        {
            "value": vote.value,
            "name": vote.comment.author_name,
            "excerpt": excerpt(vote.comment),
            "address": permalink(subjects[vote.comment.thread.key], vote.comment.public_id)
            if vote.comment.thread.key in subjects
            else "",
        }
        for vote in votes
    ]


def own_rows(comments: list[Comment], subjects: dict[str, Subject], person: Person) -> list[dict[str, Any]]:
    """Return the list of one's own comments; those under a story that is not public show no link."""
    return [
        {
            "comment": comment,
            "html": comment.shown,
            "subject": subjects.get(comment.thread.key),
            "address": own_address(subjects[comment.thread.key], comment.public_id)
            if comment.thread.key in subjects
            else "",
            "iso": comment.created_at.isoformat(timespec="minutes"),
            "written": written(comment.created_at),
            "held": held_text(comment),
            "may_edit": isinstance(policies.may_edit(person, comment, now()), Allowed),
            "may_delete": isinstance(policies.may_delete(person, comment), Allowed),
            "tombstone": tombstone(comment) if comment.status == Comment.Status.REMOVED else "",
        }
        for comment in comments
    ]


def field_rows(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the site's own fields as the form shows them, with what was typed and what is wrong with it."""
    values, errors = context.get("values") or {}, context.get("errors") or {}
    names = [f"field-{field.name}" for field in conf.config().fields]
    return [
        {"field": field, "name": name, "value": values.get(name, ""), "error": errors.get(name, "")}
        for name, field in zip(names, conf.config().fields, strict=True)
    ]


def hold_text(reason: str) -> str:
    """Say in words why a comment waits."""
    texts = {
        "links": _("it holds a link and its writer is a guest"),
        "all": _("comments of guests wait on this site"),
        "trap": _("a field was filled that people do not see"),
        "picture": _("it holds a picture and its writer is a guest"),
        "scorer": _("the spam scorer could not say"),
        "import": _("it waited where it was imported from"),
        "parent": _("what it answers has gone meanwhile"),
        "unconfirmed": _("its writer has not proven the address yet"),
    }
    return texts.get(reason, reason)


def queue_row(waiting: Waiting) -> dict[str, Any]:
    """Return what a moderator needs to see of a comment."""
    comment = waiting.comment
    parent = comment.parent
    return {
        "id": comment.public_id,
        "name": comment.author_name,
        "address": comment.author_email,
        "iso": comment.created_at.isoformat(timespec="minutes"),
        "written": written(comment.created_at),
        "subject": waiting.subject,
        "why": hold_text(comment.hold_reason),
        "parent": SafeString(parent.html) if parent else "",
        "parent_name": parent.author_name if parent else "",
        "quote": comment.quote,
        "html": comment.shown,
        "answers": list(comment.field_values.all()),
        "earlier": [revision.source for revision in comment.revisions.all()],
    }

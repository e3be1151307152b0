"""What one person wrote and voted."""

from __future__ import annotations

from collections.abc import Collection

from masthead.discussion.models import Comment, Vote
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors.outside import reach

_SHOWN = (Comment.Status.PUBLISHED, Comment.Status.HELD, Comment.Status.REMOVED)


def own_comments(person: Person, *, limit: int = 100, before: str = "") -> list[Comment]:
    """Return a person's own comments, newest first, held and removed ones included; those older than ``before``."""
    rows = Comment.objects.by(user_id=person.user_id, marks=person.marks).filter(status__in=_SHOWN)
    if before:
        rows = rows.filter(public_id__lt=before)
    return list(rows.select_related("thread").order_by("-public_id")[:limit])


def own_in_thread(person: Person, thread_key: str, *, limit: int = 200) -> list[Comment]:
    """Return a person's own visible or held comments in one thread, newest first."""
    rows = Comment.objects.by(user_id=person.user_id, marks=person.marks).filter(thread__key=thread_key)
    return list(rows.filter(status__in=_SHOWN[:2]).select_related("parent").order_by("-id")[:limit])


def votes_in_thread(person: Person, thread_key: str, *, limit: int = 500) -> list[Vote]:
    """Return a person's votes in one thread, with their comments."""
    if not person.voter_key:
        return []
    votes = Vote.objects.filter(voter=person.voter_key, comment__thread__key=thread_key)
    return list(votes.select_related("comment").order_by("-id")[:limit])


def votes_on(person: Person, comment_ids: Collection[int]) -> dict[int, int]:
    """Return a person's votes on these comments, by primary key."""
    if not person.voter_key or not comment_ids:
        return {}
    return dict(
        Vote.objects.filter(voter=person.voter_key, comment_id__in=comment_ids).values_list("comment_id", "value")
    )


def visible_comment(public_id: str) -> Comment | None:
    """Return a comment that everybody may read, with its thread."""
    comment = Comment.objects.select_related("thread", "root").filter(public_id=public_id).first()
    return comment if comment is not None and comment.is_public else None


def comment_of(person: Person, public_id: str) -> Comment | None:
    """Return a person's own comment, with its thread; nobody else's, and none out of reach of the page that asks."""
    comment = Comment.objects.select_related("thread").filter(public_id=public_id).first()
    if comment is None:
        return None
    is_own = reach(person, comment.thread.key).wrote(user_id=comment.user_id, guest=comment.guest)
    return comment if is_own else None


def visible_root(public_id: str) -> Comment | None:
    """Return the root of a listed conversation, with its thread; also a tombstone that holds its place."""
    return (
        Comment.objects.select_related("thread")
        .filter(public_id=public_id, parent__isnull=True, is_listed=True)
        .first()
    )

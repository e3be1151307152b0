"""What an open page was told of and does not show yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from masthead.discussion.models import Comment, Thread
from masthead.discussion.ports import Subject
from masthead.discussion.rules.people import Roles
from masthead.discussion.selectors import rows
from masthead.discussion.selectors.ratings import Stargazing, gaze
from masthead.discussion.selectors.subjects import subject_of
from masthead.discussion.selectors.thread_page import roles_of

MOST = 50


@dataclass(frozen=True)
class Fresh:
    """``added`` are public comments, oldest first; ``changed`` were public once and may be gone by now."""

    subject: Subject
    comment_count: int
    added: list[Comment] = field(default_factory=list)
    changed: list[Comment] = field(default_factory=list)
    parents: dict[int, tuple[str, str]] = field(default_factory=dict)
    roles: Roles = field(default_factory=dict)
    seen: Stargazing = field(default_factory=Stargazing)


def fresh(thread_key: str, *, added: Collection[str], changed: Collection[str]) -> Fresh | None:
    """Return these comments of a thread, at most 50 of each; ``None`` where there is no public discussion.

    At most 7 queries and those of the roles, whatever the number. Nothing that was never public is returned.
    """
    subject = subject_of(thread_key)
    thread = Thread.objects.filter(key=thread_key).first()
    if thread is None or subject is None or not subject.is_public or subject.comments == "off":
        return None
    new, old = set(list(added)[:MOST]), set(list(changed)[:MOST])
    found = list(
        Comment.objects.filter(
            thread=thread, public_id__in=new | old, kind=Comment.Kind.COMMENT, published_at__isnull=False
        ).order_by("sorted_at", "id")
    )
    public = [comment for comment in found if comment.public_id in new and comment.is_public]
    return Fresh(
        subject,
        thread.comment_count,
        added=public,
        changed=[comment for comment in found if comment.public_id in old],
        parents=rows.names_of({comment.parent_id for comment in public if comment.parent_id}),
        roles=roles_of(public),
        seen=gaze(thread.pk, found) if subject.kind == "ratings" else Stargazing(),
    )

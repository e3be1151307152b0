"""The page of a thread: what is shown, whatever the number of comments behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from masthead.core import ports
from masthead.core.prepared import Prepared
from masthead.discussion.models import Comment, Guest, Thread
from masthead.discussion.ports import AuthorBadges, Subject
from masthead.discussion.rules import paging
from masthead.discussion.rules.people import NOBODY, Person, Roles, is_proven
from masthead.discussion.rules.query import ThreadQuery
from masthead.discussion.rules.stars import Average
from masthead.discussion.selectors import rows
from masthead.discussion.selectors.parts import Parts, of_conversation, of_list, of_numbered_page, target_of
from masthead.discussion.selectors.ratings import Stargazing, gaze
from masthead.discussion.selectors.search import of_search
from masthead.discussion.selectors.subjects import subject_of


@dataclass(frozen=True)
class ThreadPage:
    """One page of a thread. ``comments`` stand in the order of showing, each parent before its children."""

    key: str
    subject: Subject
    query: ThreadQuery
    comment_count: int = 0
    inline_count: int = 0
    comments: list[Comment] = field(default_factory=list)
    hidden: dict[int, int] = field(default_factory=dict)
    """How many replies of a root are not on the page."""
    next_after: str = ""
    """The root after which the list goes on; empty at its end."""
    earlier: str = ""
    later: str = ""
    """Comments around which the neighbouring windows of a long conversation lie."""
    is_conversation: bool = False
    is_missing: bool = False
    """The comment that was asked for is not public (any more)."""
    picks: list[Comment] = field(default_factory=list)
    """What editors picked, oldest first; only on the first page of a list without a filter."""
    numbered_pages: int = 1
    """How many numbered pages there are."""
    questions: tuple[int, int] | None = None
    """Where readers ask: how many questions are answered, and how many are not."""
    averages: Mapping[str, Average] = field(default_factory=dict)
    """Where readers rate: what they gave, by field."""
    stars: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """The stars beside comments, by primary key and field."""
    left: int | None = None
    """How many conversations follow, where all were asked for; counted up to a limit."""
    elsewhere: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Public id and name of parents that are not on the page."""
    roles: Roles = field(default_factory=dict)


def thread_page(
    key: str,
    query: ThreadQuery,
    *,
    person: Person = NOBODY,
    subject: Subject | None = None,
    size: int = paging.FIRST_PAGE,
) -> ThreadPage | None:
    """Return a page of the thread, or ``None`` when its subject is not public or has no discussion.

    At most 8 queries, one for guests and those of the roles, whatever the counts and the shape. ``person`` only adds
    one's own held comment when the query names it as ``mine``. ``subject`` saves asking for what the caller knows.
    """
    subject = subject or subject_of(key)
    if subject is None or not subject.is_public or subject.comments == "off":
        return None
    thread = _THREAD.first(key=key)
    if thread is None:
        return ThreadPage(key, subject, query, is_missing=bool(query.wanted))
    target = target_of(thread, query, person) if query.wanted or query.show else None
    is_first = replace(query, all=False).is_plain
    raised = rows.raised(thread) if is_first and (thread.sticky_count or thread.pick_count) else []
    parts = of_conversation(target) if target else _listed(thread, query, size, raised)
    comments = parts.comments
    present = {comment.pk for comment in comments}
    seen = gaze(thread.pk, comments) if subject.kind == "ratings" else Stargazing()
    return ThreadPage(
        key=key,
        subject=subject,
        query=query,
        comment_count=thread.comment_count,
        inline_count=thread.inline_count,
        comments=comments,
        hidden=parts.hidden,
        next_after=parts.next_after,
        earlier=parts.earlier,
        later=parts.later,
        is_conversation=target is not None,
        is_missing=bool(query.wanted or query.show) and target is None,
        picks=[comment for comment in raised if comment.picked_at and comment.is_public],
        numbered_pages=paging.page_count(thread.root_count),
        left=parts.left,
        questions=rows.questions(thread.pk) if subject.kind == "questions" else None,
        averages=seen.averages,
        stars=seen.stars,
        elsewhere=rows.names_of({c.parent_id for c in comments if c.parent_id} - present),
        roles=roles_of(comments),
    )


def _listed(thread: Thread, query: ThreadQuery, size: int, raised: list[Comment]) -> Parts:
    if query.q:
        return of_search(thread, query)
    if query.page:
        return of_numbered_page(thread, query.page)
    return of_list(thread, query, size, [comment for comment in raised if comment.is_sticky])


_THREAD = Prepared(lambda key: Thread.objects.filter(key=key))


def roles_of(comments: list[Comment]) -> Roles:
    """Return the roles in words of those who wrote; one question for all, and one for where guests get their mail."""
    users = {comment.user_id for comment in comments if comment.user_id}
    marks = {comment.guest for comment in comments if not comment.user_id and is_proven(comment.guest)}
    guests = Guest.objects.filter(mark__in=marks).values_list("mark", "address") if marks else []
    writers: dict[int | str, int | str] = {**dict(guests), **{user: user for user in users}}
    found = ports.get(AuthorBadges).badges(set(writers.values())) if writers else {}
    return {writer: found[known_by] for writer, known_by in writers.items() if known_by in found}


def opening(root: Comment, *, size: int = paging.CONVERSATION) -> list[Comment]:
    """Return a conversation from its beginning: the root and its first replies."""
    return [root, *rows.first_replies([(root.pk, size - 1)])]

"""The page of a thread: what is shown, whatever the number of comments behind it."""

from __future__ import annotations

from dataclasses import dataclass, field

from masthead.core import ports
from masthead.core.ids import LENGTH as ID_LENGTH
from masthead.core.prepared import Prepared
from masthead.discussion.models import Comment, Thread
from masthead.discussion.ports import AuthorBadges, Subject
from masthead.discussion.rules import paging
from masthead.discussion.rules.people import NOBODY, Person
from masthead.discussion.rules.query import ThreadQuery
from masthead.discussion.selectors import rows
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
    elsewhere: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Public id and name of parents that are not on the page."""
    roles: dict[int, str] = field(default_factory=dict)


def thread_page(
    key: str,
    query: ThreadQuery,
    *,
    person: Person = NOBODY,
    subject: Subject | None = None,
    size: int = paging.FIRST_PAGE,
) -> ThreadPage | None:
    """Return a page of the thread, or ``None`` when its subject is not public or has no discussion.

    At most 8 queries, whatever the counts and the shape. ``person`` only adds one's own held comment when the
    query names it as ``mine``. ``subject`` saves asking for what the caller knows.
    """
    subject = subject or subject_of(key)
    if subject is None or not subject.is_public or subject.comments == "off":
        return None
    thread = _THREAD.first(key=key)
    if thread is None:
        return ThreadPage(key, subject, query, is_missing=bool(query.wanted))
    target = _target(thread, query, person) if query.wanted else None
    parts = _conversation(target) if target else _list(thread, query, size)
    comments = parts.comments
    present = {comment.pk for comment in comments}
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
        is_missing=bool(query.wanted) and target is None,
        elsewhere=rows.names_of({c.parent_id for c in comments if c.parent_id} - present),
        roles=roles_of(comments),
    )


_THREAD = Prepared(lambda key: Thread.objects.filter(key=key))


def roles_of(comments: list[Comment]) -> dict[int, str]:
    """Return the roles in words of the accounts that wrote; one question for all."""
    users = {comment.user_id for comment in comments if comment.user_id}
    return dict(ports.get(AuthorBadges).badges(users)) if users else {}


def opening(root: Comment, *, size: int = paging.CONVERSATION) -> list[Comment]:
    """Return a conversation from its beginning: the root and its first replies."""
    return [root, *rows.first_replies([(root.pk, size - 1)])]


@dataclass(frozen=True)
class _Parts:
    comments: list[Comment]
    hidden: dict[int, int] = field(default_factory=dict)
    next_after: str = ""
    earlier: str = ""
    later: str = ""


def _list(thread: Thread, query: ThreadQuery, size: int) -> _Parts:
    cursor = _cursor(thread, query.after)
    size = paging.NEXT_PAGE if cursor else size
    found = rows.roots(thread, query, size + 1, after=cursor)
    shares = paging.portions([root.reply_total for root in found], size=size)
    shown = found[: len(shares)]
    replies = rows.first_replies([(root.pk, share) for root, share in zip(shown, shares, strict=True)])
    by_root: dict[int, list[Comment]] = {root.pk: [] for root in shown}
    for reply in replies:
        by_root[reply.conversation_id].append(reply)
    return _Parts(
        comments=[comment for root in shown for comment in (root, *by_root[root.pk])],
        hidden={root.pk: root.reply_total - len(by_root[root.pk]) for root in shown},
        next_after=shown[-1].public_id if len(found) > len(shown) else "",
    )


def _cursor(thread: Thread, public_id: str) -> Comment | None:
    """Return the root after which the list goes on, also when it has gone from view meanwhile."""
    if not public_id:
        return None
    return Comment.objects.filter(thread=thread, public_id=public_id, parent__isnull=True).first()


def _target(thread: Thread, query: ThreadQuery, person: Person) -> Comment | None:
    # What is shorter than an id of ours is the number a comment had on the site it came from.
    name = "public_id" if len(query.wanted) == ID_LENGTH else "legacy_id"
    comment = Comment.objects.filter(thread=thread, **{name: query.wanted}).select_related("root").first()
    if comment is None:
        return None
    is_own = bool(query.mine) and person.wrote(user_id=comment.user_id, guest=comment.guest)
    return comment if comment.is_listed or (is_own and comment.status == Comment.Status.HELD) else None


def _conversation(target: Comment) -> _Parts:
    """Return the root and a window of its replies around the target, in time order."""
    root = target.root or target
    room = paging.CONVERSATION - 1
    if target.parent_id is None:
        replies = rows.first_replies([(root.pk, room + 1)])
        shown = replies[:room]
        return _Parts(comments=[root, *shown], later=shown[-1].public_id if len(replies) > len(shown) else "")
    before = rows.neighbours(root.pk, target, room, later=False)
    after = rows.neighbours(root.pk, target, room, later=True)
    left, right = paging.window(len(before), len(after), size=room)
    window = [*before[len(before) - left :], target, *after[:right]]
    return _Parts(
        comments=[root, *window],
        earlier=window[0].public_id if left < len(before) else "",
        later=window[-1].public_id if right < len(after) else "",
    )

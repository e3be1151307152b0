"""The comments of one page of a thread: a list, a conversation, a numbered page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from masthead.core.ids import LENGTH as ID_LENGTH
from masthead.discussion.models import Comment, Thread
from masthead.discussion.rules import paging
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.query import ThreadQuery
from masthead.discussion.selectors import rows


@dataclass(frozen=True)
class Parts:
    """Comments in the order of showing, and where it goes on."""

    comments: list[Comment] = field(default_factory=list)
    hidden: dict[int, int] = field(default_factory=dict)
    """How many replies of a root are not among them."""
    next_after: str = ""
    """The root after which the list goes on; empty at its end."""
    earlier: str = ""
    later: str = ""
    """Comments around which the neighbouring windows of a long conversation lie."""
    left: int | None = None
    """How many conversations follow, where that was asked for; more than are counted: one above the limit."""


def of_list(thread: Thread, query: ThreadQuery, size: int, above: Sequence[Comment] = ()) -> Parts:
    """Return one page of a list; ``above`` are roots that stand above it, with replies of their own."""
    cursor = _cursor(thread, query.after)
    if query.all:
        return _everything(thread, query, cursor, above)
    size = paging.NEXT_PAGE if cursor else size
    found = rows.roots(thread, query, size + 1, after=cursor)
    # A filter by who wrote shows what they wrote, wherever in the conversation it stands.
    newsroom = query.filter in {"newsroom", "answered"}
    totals = [root.newsroom_total - root.by_newsroom if newsroom else root.reply_total for root in found]
    shares = paging.portions(totals, size=size)
    shown, more = found[: len(shares)], len(found) > len(shares)
    wanted = [*_of_raised(above), *((root.pk, share) for root, share in zip(shown, shares, strict=True))]
    replies = rows.first_replies(wanted, newsroom=newsroom)
    return _composed([*above, *shown], replies, next_after=shown[-1].public_id if more else "")


def _everything(thread: Thread, query: ThreadQuery, cursor: Comment | None, above: Sequence[Comment]) -> Parts:
    """Return up to 500 comments at once, whole conversations but for the last, and how many conversations follow."""
    found = rows.roots(thread, query, paging.AT_ONCE + 1, after=cursor)
    shares = paging.portions([r.reply_total for r in found], size=paging.AT_ONCE, per_root=paging.AT_ONCE)
    shown = found[: len(shares)]
    pairs = list(zip(shown, shares, strict=True))
    replies = rows.all_replies([root.pk for root, share in pairs if share == root.reply_total > 0])
    cut = [(root.pk, share) for root, share in pairs if share != root.reply_total]
    replies += rows.first_replies([*_of_raised(above), *cut])
    if len(found) == len(shown):
        return _composed([*above, *shown], replies)
    rest = rows.beyond(rows.below(thread, query.filter), query.sort, shown[-1])
    left = rest.order_by()[: paging.COUNTED + 1].count()
    return _composed([*above, *shown], replies, next_after=shown[-1].public_id, left=left)


def _of_raised(above: Sequence[Comment]) -> list[tuple[int, int]]:
    return [(root.pk, min(root.reply_total, paging.REPLIES_PER_ROOT)) for root in above]


def of_numbered_page(thread: Thread, number: int) -> Parts:
    """Return the conversations of a numbered page, each with its first replies."""
    found = rows.numbered(thread, number)
    wanted = [(root.pk, min(root.reply_total, paging.REPLIES_PER_ROOT)) for root in found]
    return _composed(found, rows.first_replies(wanted))


def _composed(roots: Sequence[Comment], replies: Sequence[Comment], **more: object) -> Parts:
    by_root: dict[int, list[Comment]] = {root.pk: [] for root in roots}
    for reply in replies:
        by_root[reply.conversation_id].append(reply)
    return Parts(
        comments=[comment for root in roots for comment in (root, *by_root[root.pk])],
        hidden={root.pk: root.reply_total - len(by_root[root.pk]) for root in roots},
        **more,  # type: ignore[arg-type]
    )


def _cursor(thread: Thread, public_id: str) -> Comment | None:
    """Return the root after which the list goes on, also when it has gone from view meanwhile."""
    if not public_id:
        return None
    return Comment.objects.filter(thread=thread, public_id=public_id, parent__isnull=True).first()


def target_of(thread: Thread, query: ThreadQuery, person: Person) -> Comment | None:
    """Return the comment whose conversation is asked for, if this person may read it."""
    if query.show:
        return rows.most_reacted(thread) if query.show == "most-reacted" else rows.hottest(thread)
    # What is shorter than an id of ours is the number a comment had on the site it came from.
    name = "public_id" if len(query.wanted) == ID_LENGTH else "legacy_id"
    comment = Comment.objects.filter(thread=thread, **{name: query.wanted}).select_related("root").first()
    if comment is None:
        return None
    is_own = bool(query.mine) and person.wrote(user_id=comment.user_id, guest=comment.guest)
    return comment if comment.is_listed or (is_own and comment.status == Comment.Status.HELD) else None


def of_conversation(target: Comment) -> Parts:
    """Return the root and a window of its replies around the target, in time order."""
    root = target.root or target
    room = paging.CONVERSATION - 1
    if target.parent_id is None:
        replies = rows.first_replies([(root.pk, room + 1)])
        shown = replies[:room]
        return Parts(comments=[root, *shown], later=shown[-1].public_id if len(replies) > len(shown) else "")
    before = rows.neighbours(root.pk, target, room, later=False)
    after = rows.neighbours(root.pk, target, room, later=True)
    left, right = paging.window(len(before), len(after), size=room)
    window = [*before[len(before) - left :], target, *after[:right]]
    return Parts(
        comments=[root, *window],
        earlier=window[0].public_id if left < len(before) else "",
        later=window[-1].public_id if right < len(after) else "",
    )

"""How many comments a page shows, and of which conversations."""

from __future__ import annotations

from collections.abc import Sequence

FIRST_PAGE = 10
NEXT_PAGE = 50
CONVERSATION = 50
REPLIES_PER_ROOT = 3
# "All" at once, and how far is counted what is left after it.
AT_ONCE = 500
COUNTED = 10_000
QUESTIONS_COUNTED = 1_000
# Comments that one search shows, and looks at.
FOUND = 20
LOOKED_AT = 5_000
# Conversations on one of the numbered pages. A conversation keeps its number for good, so this may never change
# without numbering all threads again (services.recount).
NUMBERED_PAGE = 20


def page_of(number: int) -> int:
    """Return the numbered page of a thread's conversation ``number``, counted from 0 in the order of their coming."""
    return number // NUMBERED_PAGE + 1


def page_count(conversations: int) -> int:
    """Return how many numbered pages a thread has; one at least."""
    return max(1, page_of(conversations - 1))


def page_numbers(current: int, last: int) -> list[int]:
    """Return which numbers to show of pages 1 to ``last``: first, last and those around ``current``; 0 is a gap."""
    wanted = sorted({1, 2, last - 1, last, *range(current - 1, current + 2)} & set(range(1, last + 1)))
    shown: list[int] = []
    for number in wanted:
        if shown and number - shown[-1] == 2:
            shown.append(number - 1)
        elif shown and number - shown[-1] > 2:
            shown.append(0)
        shown.append(number)
    return shown


def portions(reply_totals: Sequence[int], *, size: int, per_root: int = REPLIES_PER_ROOT) -> list[int]:
    """Return how many replies each shown root gets; the length says how many roots are shown.

    Each root takes a place and at most ``per_root`` replies follow it, until ``size`` places are taken. Places
    left when the roots run out go to further replies, so that the page is full whenever there is enough to show:
    ten comments look the same whether ten or ten thousand stand behind them, in whatever shape.
    """
    shown: list[int] = []
    room = size
    for total in reply_totals:
        if room <= 0:
            return shown
        replies = min(per_root, total, room - 1)
        shown.append(replies)
        room -= 1 + replies
    for number, replies in enumerate(shown):
        extra = min(reply_totals[number] - replies, room)
        shown[number] += extra
        room -= extra
    return shown


def window(before: int, after: int, *, size: int) -> tuple[int, int]:
    """Return how many to show before and after a comment when ``before`` and ``after`` exist.

    The comment itself takes one of ``size`` places; it stands in the middle where both sides are long.
    """
    room = size - 1
    left = min(before, max(room // 2, room - after))
    return left, min(after, room - left)

"""Every night the books are counted anew (rule L4)."""

from __future__ import annotations

from masthead.funding.selectors import ledger_problems


class BooksDoNotStand(Exception):
    """The books contradict themselves. Nothing mends that but a person."""


def check_books() -> None:
    """Count everything anew from the entries. A chore.

    No figure is kept beside the books, so there is nothing to rebuild: what is looked for is whatever could make a sum
    of entries untrue. Raises :class:`BooksDoNotStand` with a sentence for each thing that is wrong: the chore then
    fails, which is logged and shown to staff until the books stand again.
    """
    problems = ledger_problems()
    if problems:
        raise BooksDoNotStand(" ".join(problems))

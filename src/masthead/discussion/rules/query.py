"""What a reader asked to see of a thread, read from the address. Odd values fall back, none is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from masthead.discussion.rules.words import shortened

Sort = Literal["newest", "oldest", "most-voted", "best"]
SORTS: tuple[Sort, ...] = ("newest", "oldest", "most-voted", "best")
DEFAULT_SORT: Sort = "newest"
Filter = Literal["", "inline", "newsroom", "answered", "unanswered"]
FILTERS: tuple[Filter, ...] = ("inline", "newsroom", "answered", "unanswered")
Shortcut = Literal["", "most-reacted", "hottest"]
SHORTCUTS: tuple[Shortcut, ...] = ("most-reacted", "hottest")
_ID = re.compile(r"[0-9a-z]{16}")
# The number a comment had on a site that moved in; shorter than any id of ours.
_OLD_NUMBER = re.compile(r"[0-9]{1,15}")
_PAGE = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True)
class ThreadQuery:
    """Order and filter of the list; or where it goes on; or a search; or which comment to show with its conversation.

    ``mine`` names a comment of the asking person: then the page is for that person only. ``page`` is a numbered page,
    always in the order of time. ``all`` asks for as much at once as there may be.
    """

    sort: Sort = DEFAULT_SORT
    filter: Filter = ""
    after: str = ""
    comment: str = ""
    mine: str = ""
    show: Shortcut = ""
    q: str = ""
    page: int = 0
    all: bool = False

    @property
    def wanted(self) -> str:
        """The comment whose conversation is to be shown, if one."""
        return self.mine or self.comment

    @property
    def is_plain(self) -> bool:
        """Whether it asks for the first page of an order: what nearly everybody reads."""
        return self == ThreadQuery(sort=self.sort)

    def address(self, path: str, **changes: str | int | bool) -> str:
        """Return the address of ``path`` with this query, changed as told.

        What is the default is left out, but an order that is asked for by name is always written.
        """
        query = replace(self, **changes)  # type: ignore[arg-type]
        values = {
            "sort": query.sort if "sort" in changes or query.sort != DEFAULT_SORT else "",
            "filter": query.filter,
            "q": query.q,
            "page": str(query.page or ""),
            "after": query.after,
            "all": "1" if query.all else "",
            "comment": query.comment,
            "mine": query.mine,
            "show": query.show,
        }
        text = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{text}" if text else path


def parse(values: Mapping[str, str]) -> ThreadQuery:
    """Read a query string's values."""
    page = values.get("page") or ""
    return ThreadQuery(
        sort=next((item for item in SORTS if item == values.get("sort")), DEFAULT_SORT),
        filter=next((item for item in FILTERS if item == values.get("filter")), ""),
        after=_identifier(values.get("after")),
        comment=_identifier(values.get("comment")) or _old_number(values.get("comment")),
        mine=_identifier(values.get("mine")),
        show=next((item for item in SHORTCUTS if item == values.get("show")), ""),
        q=shortened(values.get("q") or ""),
        page=int(page) if _PAGE.fullmatch(page) else 0,
        all=values.get("all") == "1",
    )


def _old_number(text: str | None) -> str:
    return text if text and _OLD_NUMBER.fullmatch(text) else ""


def _identifier(text: str | None) -> str:
    return text if text and _ID.fullmatch(text) else ""

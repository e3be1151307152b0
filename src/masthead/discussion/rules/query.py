"""What a reader asked to see of a thread, read from the address. Odd values fall back, none is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

Sort = Literal["newest", "oldest", "most-voted", "best"]
SORTS: tuple[Sort, ...] = ("newest", "oldest", "most-voted", "best")
DEFAULT_SORT: Sort = "newest"
_ID = re.compile(r"[0-9a-z]{16}")
# The number a comment had on a site that moved in; shorter than any id of ours.
_OLD_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class ThreadQuery:
    """Order and filter of the list; or where it goes on; or which comment to show with its conversation.

    ``mine`` names a comment of the asking person: then the page is for that person only.
    """

    sort: Sort = DEFAULT_SORT
    inline: bool = False
    after: str = ""
    comment: str = ""
    mine: str = ""

    @property
    def wanted(self) -> str:
        """The comment whose conversation is to be shown, if one."""
        return self.mine or self.comment

    def address(self, path: str, **changes: str | bool) -> str:
        """Return the address of ``path`` with this query, changed as told.

        What is the default is left out, but an order that is asked for by name is always written.
        """
        query = replace(self, **changes)  # type: ignore[arg-type]
        values = {
            "sort": query.sort if "sort" in changes or query.sort != DEFAULT_SORT else "",
            "filter": "inline" if query.inline else "",
            "after": query.after,
            "comment": query.comment,
            "mine": query.mine,
        }
        text = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{text}" if text else path


def parse(values: Mapping[str, str]) -> ThreadQuery:
    """Read a query string's values."""
    sort: Sort = next((item for item in SORTS if item == values.get("sort")), DEFAULT_SORT)
    return ThreadQuery(
        sort=sort,
        inline=values.get("filter") == "inline",
        after=_identifier(values.get("after")),
        comment=_identifier(values.get("comment")) or _old_number(values.get("comment")),
        mine=_identifier(values.get("mine")),
    )


def _old_number(text: str | None) -> str:
    return text if text and _OLD_NUMBER.fullmatch(text) else ""


def _identifier(text: str | None) -> str:
    return text if text and _ID.fullmatch(text) else ""

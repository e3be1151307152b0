"""The thread on a page: what its templates need."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from masthead.discussion import presenters
from masthead.discussion.presenters import NO_VIEWER, Viewer
from masthead.discussion.rules.query import SORTS, ThreadQuery
from masthead.discussion.selectors import ThreadPage


def thread_context(page: ThreadPage, viewer: Viewer = NO_VIEWER, *, focus_sort: bool = False) -> dict[str, Any]:
    """Return the values of ``discussion/_thread.html``."""
    path, query = page.subject.path, page.query
    base = ThreadQuery(sort=query.sort, inline=query.inline)
    next_query = ThreadQuery(sort=query.sort, inline=query.inline, after=page.next_after)
    focus_id = page.comments[0].pk if query.after and page.comments else 0
    return {
        "page": page,
        "inline_count": page.inline_count,
        "html": presenters.thread_html(page, viewer, focus_id=focus_id),
        "sorts": [
            {
                **_link(page, ThreadQuery(inline=query.inline), sort=sort),
                "label": label,
                "is_current": sort == query.sort and not page.is_conversation,
            }
            for sort, label in zip(SORTS, (_("Newest"), _("Oldest"), _("Most Voted"), _("Best")), strict=True)
        ],
        "inline": _link(page, ThreadQuery(sort=query.sort, inline=True)),
        "all": _link(page, ThreadQuery(sort=query.sort)),
        "more": _link(page, next_query) if page.next_after else None,
        "first": _link(page, base) if query.after else None,
        "shows_all": not page.is_conversation and not query.inline,
        "earlier": presenters.permalink(page.subject, page.earlier) if page.earlier else "",
        "later": presenters.permalink(page.subject, page.later) if page.later else "",
        "focus_sort": focus_sort,
        "path": path,
    }


def _link(page: ThreadPage, query: ThreadQuery, **changes: str | bool) -> dict[str, str]:
    """Return the address of the whole page and that of the piece the script asks for."""
    whole = query.address(page.subject.path, **changes)
    piece = query.address(reverse("discussion:thread-list"), comment="", mine="", **changes)
    join = "&" if "?" in piece else "?"
    return {"href": f"{whole}#comments", "source": f"{piece}{join}thread={page.key}"}

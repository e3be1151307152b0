"""The thread on a page: what its templates need."""

from __future__ import annotations

from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.discussion import presenters
from masthead.discussion.presenters import NO_VIEWER, Viewer
from masthead.discussion.rules import paging
from masthead.discussion.rules.query import SORTS, Filter, ThreadQuery
from masthead.discussion.selectors import ThreadPage


def thread_context(page: ThreadPage, viewer: Viewer = NO_VIEWER, *, focus_sort: bool = False) -> dict[str, Any]:
    """Return the values of ``discussion/_thread.html``."""
    query = page.query
    base = ThreadQuery(sort=query.sort, filter=query.filter, q=query.q, all=query.all)
    focus_id = page.comments[0].pk if query.after and page.comments else 0
    return {
        "page": page,
        "path": page.subject.path,
        "inline_count": page.inline_count,
        "notice": _notice(page),
        "told": _told(page),
        "empty": _empty(page),
        "picks": picks_html(page),
        "pages": pages_html(page),
        "questions": questions_html(page),
        "averages": averages_html(page),
        "structured": presenters.forum_postings(page) if query.page else "",
        "html": presenters.thread_html(page, viewer, focus_id=focus_id),
        **_links(page),
        "more": more_link(page),
        "everything": _link(page, ThreadQuery(sort=query.sort, filter=query.filter), all=True)
        if page.next_after and not (query.q or query.all or query.after)
        else None,
        "first": _link(page, base) if query.after else None,
        "shows_all": not page.is_conversation and not query.filter and not query.q,
        "earlier": presenters.permalink(page.subject, page.earlier) if page.earlier else "",
        "later": presenters.permalink(page.subject, page.later) if page.later else "",
        "focus_sort": focus_sort,
    }


def _links(page: ThreadPage) -> dict[str, Any]:
    """Return the orders, filters and shortcuts. *View all comments* clears every filter and every search."""
    query, is_list = page.query, not page.is_conversation and not page.query.q and not page.query.page
    labels = (_("Newest"), _("Oldest"), _("Most Voted"), _("Best"))
    newsroom = query.filter == "newsroom" and is_list
    return {
        "sorts": [
            {
                **_link(page, ThreadQuery(filter=query.filter), sort=sort),
                "label": label,
                "is_current": sort == query.sort and is_list,
            }
            for sort, label in zip(SORTS, labels, strict=True)
        ],
        "inline": _link(page, ThreadQuery(sort=query.sort, filter="inline")),
        "all": _link(page, ThreadQuery(sort=query.sort)),
        "tools_open": bool(query.q or query.show or newsroom),
        "more_filters": [
            {
                **_link(page, ThreadQuery(sort=query.sort, filter="newsroom")),
                "label": _("By the author or staff"),
                "is_current": newsroom,
            },
            {
                **_link(page, ThreadQuery(sort=query.sort, show="most-reacted")),
                "label": _("Most reacted"),
                "is_current": query.show == "most-reacted",
            },
            {
                **_link(page, ThreadQuery(sort=query.sort, show="hottest")),
                "label": _("Hottest thread"),
                "is_current": query.show == "hottest",
            },
        ],
    }


def more_link(page: ThreadPage) -> dict[str, str] | None:
    """Return where the list goes on, in words that say how far."""
    if not page.next_after:
        return None
    query = page.query
    label = _("Load more comments")
    if query.q:
        label = _("Look on in older comments")
    elif page.left is not None:
        label = _left(page.left)
    more = ThreadQuery(sort=query.sort, filter=query.filter, q=query.q, all=query.all, after=page.next_after)
    return {**_link(page, more), "label": label}


def _left(count: int) -> str:
    if count > paging.COUNTED:
        return _("Load the next 500; more than %(count)s conversations remain") % {"count": paging.COUNTED}
    text = ngettext(
        "Load more; %(count)s conversation remains", "Load the next 500; %(count)s conversations remain", count
    )
    return text % {"count": count}


def questions_html(page: ThreadPage) -> str:
    """Return the filters of a thread in which readers ask, with their numbers."""
    if page.questions is None:
        return SafeString("")
    labels = {"answered": _("Answered"), "unanswered": _("Unanswered")}
    names: tuple[Filter, Filter] = ("unanswered", "answered")
    links = [
        {
            **_link(page, ThreadQuery(sort=page.query.sort, filter=name)),
            "label": labels[name],
            "is_current": page.query.filter == name and not page.is_conversation,
            "count": f"{count}+" if count == paging.QUESTIONS_COUNTED else count,
        }
        for name, count in zip(names, reversed(page.questions), strict=True)
    ]
    return _rendered("discussion/_questions.html", {"links": links})


def averages_html(page: ThreadPage) -> str:
    """Return what readers give on the whole, on the first page for machines too."""
    machines = presenters.review_data(page) if page.query.is_plain else ""
    return presenters.averages_html(page.subject, page.averages, machines=machines)


def picks_html(page: ThreadPage) -> str:
    """Return what editors picked, with the way to each."""
    picks = [presenters.answer(comment, page.subject) for comment in page.picks]
    return _rendered("discussion/_picks.html", {"picks": picks}) if picks else SafeString("")


def pages_html(page: ThreadPage) -> str:
    """Return the numbers of the pages, in the order of time: the same for every reader and for good."""
    last, current = page.numbered_pages, page.query.page
    if last < 2 or page.is_conversation or page.query.q or page.query.filter:
        return SafeString("")

    if not current:
        context = {"first": f"{ThreadQuery(page=1).address(page.subject.path)}#comments", "last": last}
        return _rendered("discussion/_pages_link.html", context)

    def address(number: int) -> str:
        return f"{ThreadQuery(page=number).address(page.subject.path)}#comments" if 1 <= number <= last else ""

    items = [
        {"number": number, "href": address(number), "is_current": number == current} if number else {"number": 0}
        for number in paging.page_numbers(current, last)
    ]
    pages = {"items": items, "prev": address(current - 1), "next": address(current + 1)}
    return _rendered("discussion/_pages.html", {"pages": pages})


def _notice(page: ThreadPage) -> str:
    if not page.is_missing:
        return ""
    if page.query.show:
        return _("Nothing stands out here yet. These are all comments.")
    return _("The comment you are looking for is not here, or not here any more. These are the others.")


def _told(page: ThreadPage) -> str:
    """Say what the list is of, where that is not plain to see."""
    query = page.query
    if query.q:
        return _("Comments with “%(words)s”, the latest first.") % {"words": query.q}
    if query.page:
        place = {"page": query.page, "pages": page.numbered_pages}
        return _("Page %(page)s of %(pages)s, in the order of time.") % place
    return ""


def _empty(page: ThreadPage) -> str:
    query, is_open = page.query, page.subject.comments == "open"
    texts = {
        "inline": _("Nobody has answered the questions in the text yet."),
        "newsroom": _("Neither the author nor the staff has written here yet."),
        "answered": _("No question has an answer yet."),
        "unanswered": _("Every question has an answer."),
    }
    if query.q:
        return _("No comment here has these words.") if not page.next_after else _("None of the latest comments has.")
    if query.page:
        return _("No comments on this page.")
    if query.filter:
        return texts[query.filter]
    if is_open and page.subject.kind == "questions":
        return _("No questions yet. Ask the first one.")
    if is_open and page.subject.kind == "ratings":
        return _("No comments yet. The first one starts here, with stars if you like.")
    return _("No comments yet. The first one starts here.") if is_open else _("No comments.")


def _rendered(template: str, context: dict[str, Any]) -> SafeString:
    """Render without context processors: nothing of the visitor can slip in."""
    compiled: Any = get_template(template)
    return SafeString(compiled.template.render(Context(context)))


def _link(page: ThreadPage, query: ThreadQuery, **changes: str | bool) -> dict[str, str]:
    """Return the address of the whole page and that of the piece the script asks for."""
    whole = query.address(page.subject.path, **changes)
    piece = query.address(reverse("discussion:thread-list"), comment="", mine="", **changes)
    join = "&" if "?" in piece else "?"
    return {"href": f"{whole}#comments", "source": f"{piece}{join}thread={page.key}"}

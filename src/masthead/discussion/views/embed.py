"""A thread on the page of another site: pieces that are the same for everybody, and kept like pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.core.http import absolute_url, public
from masthead.discussion import conf, presenters, selectors
from masthead.discussion.errors import UnknownThread
from masthead.discussion.rules.query import ThreadQuery, parse
from masthead.discussion.selectors import ThreadPage
from masthead.discussion.views import replies, thread


@require_safe
def section(request: HttpRequest) -> HttpResponse:
    """Give the whole discussion with its first comments."""
    page = _page(request, ThreadQuery(sort=parse(request.GET).sort))
    subject, discussion = page.subject, conf.config()
    context = {
        **thread.thread_context(page),
        **replies.form_context(page.key, subject=subject),
        "key": page.key,
        "quoted_key": quote(page.key, safe=""),
        "count": page.comment_count,
        "rules": discussion.rules,
        "takes_comments": subject.comments == "open",
        "members_only": discussion.guests == "members",
        "offers": presenters.offers(),
        "address": absolute_url(subject.path),
    }
    return _kept(page, render(request, "discussion/embed.html", context))


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """Give another order, filter or page of the list."""
    query = parse({**request.GET.dict(), "comment": "", "mine": ""})
    page = _page(request, query)
    template = "discussion/_more_comments.html" if query.after else "discussion/_thread.html"
    context: dict[str, Any] = thread.thread_context(page, focus_sort=True)
    return _kept(page, render(request, template, context))


def _page(request: HttpRequest, query: ThreadQuery) -> ThreadPage:
    page = selectors.thread_page(request.GET.get("thread", "")[:200], query)
    if page is None:
        raise UnknownThread()
    return page


def _kept(page: ThreadPage, response: HttpResponse) -> HttpResponse:
    return public(response, [f"thread:{page.key}", page.key, "people"], until=page.subject.closes_at)

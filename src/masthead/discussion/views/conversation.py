"""The page of one comment with its conversation, and what search engines are told of a thread's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from masthead.core.http import absolute_url, public
from masthead.discussion import presenters, selectors
from masthead.discussion.errors import UnknownComment
from masthead.discussion.models import Comment
from masthead.discussion.rules.query import ThreadQuery, parse
from masthead.discussion.selectors import ThreadPage


@require_safe
def conversation(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Show a comment with its conversation, apart from the story: the same for every visitor."""
    key = selectors.thread_keys([comment_id]).get(comment_id, "")
    page = selectors.thread_page(key, ThreadQuery(comment=comment_id)) if key else None
    target = next((item for item in page.comments if item.public_id == comment_id), None) if page else None
    if page is None or target is None:
        raise UnknownComment()
    context = {
        "page": page,
        "title": _title(page, target),
        "canonical": absolute_url(_canonical(page, target)),
        "description": presenters.excerpt(target),
        "html": presenters.thread_html(page, focus_id=target.pk),
        "earlier": _address(page.earlier) if page.earlier else "",
        "later": _address(page.later) if page.later else "",
        "back": presenters.permalink(page.subject, comment_id),
        "structured": presenters.forum_postings(page),
    }
    response = render(request, "discussion/conversation.html", context)
    return public(response, [f"thread:{key}", key, "people"], until=page.subject.closes_at)


def _title(page: ThreadPage, target: Comment) -> str:
    values = {"name": target.author_name, "title": page.subject.title}
    return _("%(name)s on “%(title)s”") % values if target.is_public else _("A comment on “%(title)s”") % values


def _canonical(page: ThreadPage, target: Comment) -> str:
    """Return the one address under which engines keep this conversation: its root's, where that shows all of it."""
    is_whole = not page.earlier and not page.later
    return _address(page.comments[0].public_id if is_whole else target.public_id)


def _address(public_id: str) -> str:
    return reverse("discussion:conversation", args=[public_id])


class NumberedCanonical:
    """The canonical address of a numbered page, and of those beside it. Key: the thread's.

    Every other order and filter of a story's page is the story itself, which its owner says.
    """

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: Any) -> str:
        """Return the links; nothing for what is not a numbered page."""
        number = parse(request.GET).page
        if not number or parse(request.GET) != ThreadQuery(page=number):
            return ""
        subject, last = selectors.subject_of(key), selectors.numbered_pages(key)
        if subject is None or number > last:
            return ""
        path = str(iri_to_uri(subject.path))
        wanted = [("canonical", number), ("prev", number - 1), ("next", number + 1)]
        return SafeString("").join(
            format_html('<link rel="{}" href="{}">', rel, absolute_url(f"{path}?page={page}"))
            for rel, page in wanted
            if 1 <= page <= last
        )

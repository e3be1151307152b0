"""What everybody may read: kept by the edge under the same tags as the pages."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query

from masthead.core.api import ID_PATTERN
from masthead.core.http import absolute_url, public
from masthead.discussion import selectors
from masthead.discussion.api import schemas, shapes
from masthead.discussion.api.routes import router
from masthead.discussion.errors import UnknownComment, UnknownThread
from masthead.discussion.rules.query import DEFAULT_SORT, Filter, Sort, parse
from masthead.discussion.selectors import Counts, ThreadPage

# Also the name of an edge tag: one word.
KEY_PATTERN = r"^[!-~]{1,200}$"
Key = Annotated[str, Path(pattern=KEY_PATTERN, description="Opaque name of a thread, as `article:12`.")]
KeyText = Annotated[str, Field(pattern=KEY_PATTERN)]
CommentId = Annotated[str, Path(pattern=ID_PATTERN, description="Public id of a comment.")]
Cursor = Annotated[str, Query(pattern=r"^([0-9a-z]{16})?$", description="Taken from an address in a reply.")]
ROOT = "/api/v1"


def tags_of(key: str) -> list[str]:
    """Return what a reply about a thread is made of: its comments, its subject, the roles of people."""
    return [f"thread:{key}", key, "people"]


@router.get("/threads", response=schemas.Threads, summary="Several threads")
def threads(
    request: HttpRequest,
    response: HttpResponse,
    key: Annotated[list[KeyText], Query(min_length=1, max_length=50, description="Repeat it for each thread.")],
) -> schemas.Threads:
    """State and counts of up to 50 threads by key. Four queries."""
    counts, subjects = selectors.counts_of(key), selectors.subjects_of(key)
    averages = selectors.averages_of(key)
    public(response, [tag for name in key for tag in tags_of(name)])
    shown = [name for name in dict.fromkeys(key) if name in subjects and _is_shown(subjects[name])]
    items = [shapes.thread(name, subjects[name], counts.get(name, Counts()), averages.get(name, {})) for name in shown]
    return schemas.Threads(items=items)


@router.get("/threads/{thread_key}", response=schemas.Thread, summary="One thread")
def thread(request: HttpRequest, response: HttpResponse, thread_key: Key) -> schemas.Thread:
    """State and counts of a thread, and the orders and filters in which its comments can be asked for."""
    subject = selectors.subject_of(thread_key)
    if subject is None or not _is_shown(subject):
        raise UnknownThread()
    public(response, tags_of(thread_key))
    counts = selectors.counts_of([thread_key]).get(thread_key, Counts())
    averages = selectors.averages_of([thread_key]).get(thread_key, {}) if subject.asks_stars else {}
    return shapes.thread(thread_key, subject, counts, averages)


@router.get("/threads/{thread_key}/comments", response=schemas.CommentPage, summary="Comments of a thread")
def thread_comments(
    request: HttpRequest,
    response: HttpResponse,
    thread_key: Key,
    *,
    sort: Sort = DEFAULT_SORT,
    filter: Filter = "",
    q: Annotated[str, Query(max_length=200, description="Words to search for inside the thread.")] = "",
    all: Annotated[bool, Query(description="As much at once as there may be.")] = False,
    after: Cursor = "",
) -> schemas.CommentPage:
    """A page of conversations. It costs the same whatever the size of the thread; go on with `next`."""
    asked = {"sort": sort, "filter": filter, "q": q, "all": "1" if all else "", "after": after}
    page = selectors.thread_page(thread_key, parse(asked))
    if page is None:
        raise UnknownThread()
    public(response, tags_of(thread_key))
    names = {row.pk: row.public_id for row in page.comments}
    following = {**asked, "after": page.next_after}
    return schemas.CommentPage(
        thread=shapes.page_thread(page),
        items=shapes.comments(page.comments, thread_key, page.subject, page.roles),
        more_replies={names[pk]: count for pk, count in page.hidden.items() if count > 0},
        next=_address(f"/threads/{quote(thread_key)}/comments", following) if page.next_after else None,
    )


@router.get("/comments/{comment_id}", response=schemas.Conversation, summary="One comment with its conversation")
def comment(request: HttpRequest, response: HttpResponse, comment_id: CommentId) -> schemas.Conversation:
    """A comment, its root, and the replies around it. What is not public is not found."""
    found = selectors.visible_comment(comment_id)
    if found is None:
        raise UnknownComment()
    key = found.thread.key
    page = selectors.thread_page(key, parse({"comment": comment_id}))
    if page is None or page.is_missing:
        raise UnknownComment()
    public(response, tags_of(key))
    items = shapes.comments(page.comments, key, page.subject, page.roles)
    return schemas.Conversation(
        thread=shapes.page_thread(page),
        comment=next(item for item in items if item.id == comment_id),
        items=items,
        earlier=_neighbour(page, page.earlier),
        later=_neighbour(page, page.later),
    )


def _neighbour(page: ThreadPage, public_id: str) -> str | None:
    return _address(f"/comments/{public_id}", {}) if public_id else None


def _address(path: str, values: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return absolute_url(f"{ROOT}{path}?{query}" if query else f"{ROOT}{path}")


def _is_shown(subject: Any) -> bool:
    return bool(subject.is_public and subject.comments != "off")

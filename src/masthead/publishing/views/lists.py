"""Lists that are no page of the tree: authors, tags, search."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from masthead.core import slots
from masthead.core.http import private, public
from masthead.publishing import conf, selectors
from masthead.publishing.presenters.article import author_address, tag_address
from masthead.publishing.presenters.cards import card, cards, list_tags
from masthead.publishing.presenters.navigation import sections_for
from masthead.publishing.rules import renditions
from masthead.publishing.rules.text import printable


def page_of(request: HttpRequest, items: Any, per_page: int = conf.STORIES_PER_PAGE) -> Page[Any]:
    """Return the page that ``?page=`` asks for; a number that does not exist, or is none, is not found."""
    try:
        return Paginator(items, per_page).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author and all stories with that byline."""
    found = selectors.author_with_stories(slug)
    if found is None:
        raise Http404(slug)
    listed = page_of(request, selectors.by_author(found))
    shown = cards(listed.object_list, sections_for(request))
    slots.prepare(request, "card.meta", [item.thread_key for item in shown])
    facts = selectors.portrait_facts(found)
    face = renditions.crop(facts, "face", settings.MEDIA_URL) if facts else None
    context = {"author": found, "face": face, "page": listed, "cards": shown, "address": author_address(slug)}
    tags = [f"author:{found.pk}", f"picture:{found.portrait_id}", *list_tags(shown)]
    return public(render(request, "publishing/author.html", context), tags)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all stories with a tag."""
    found = selectors.tag_with_stories(slug)
    if found is None:
        raise Http404(slug)
    listed = page_of(request, selectors.with_tag(found))
    shown = cards(listed.object_list, sections_for(request))
    slots.prepare(request, "card.meta", [item.thread_key for item in shown])
    context = {"tag": found, "page": listed, "cards": shown, "address": tag_address(slug)}
    return public(render(request, "publishing/tag.html", context), [f"tag:{found.pk}", *list_tags(shown)])


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what contains all words asked for; never kept by a cache, since everybody asks something else."""
    query = printable(request.GET.get("q", "")).strip()[: conf.MAX_QUERY_CHARACTERS]
    number = _page_number(request)
    found = selectors.search(query, offset=(number - 1) * conf.HITS_PER_PAGE)
    listed = page_of(request, range(found.total), conf.HITS_PER_PAGE)
    hits = [{"card": card(hit.story, sections_for(request)), "snippet": hit.snippet} for hit in found.hits]
    slots.prepare(request, "card.meta", [hit.story.thread_key for hit in found.hits])
    context = {"query": query, "hits": hits, "total": found.total, "page": listed, "page_query": _page_query(query)}
    return private(render(request, "publishing/search.html", context))


def _page_number(request: HttpRequest) -> int:
    """Return the page asked for; nonsense is refused by :func:`page_of`, so here it may be anything above 0."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _page_query(query: str) -> str:
    return f"{urlencode({'q': query})}&"

"""The pages of the tree: front page, sections, stories, plain pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.views import serve

from masthead.core import slots
from masthead.core.http import made_of, private, public
from masthead.edge import fragments
from masthead.publishing import selectors
from masthead.publishing.models import ArticlePage, HomePage, PlainPage, SectionPage
from masthead.publishing.presenters.article import story_html, story_page, story_tags
from masthead.publishing.presenters.cards import cards, list_tags
from masthead.publishing.presenters.front import front_page
from masthead.publishing.presenters.navigation import mark_current, sections_for
from masthead.publishing.presenters.plain import plain_page
from masthead.publishing.selectors import StoryPlace
from masthead.publishing.services.compose import compose_edition, compose_story
from masthead.publishing.views.lists import page_of


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Answer any address of the tree: from the public rows first, then by Wagtail's own road (restricted pages)."""
    if not path:
        return front(request)
    address = f"/{path}"
    story = selectors.story_at(address)
    if story is not None:
        return article(request, story)
    for section in sections_for(request).values():
        if section.path == address:
            return section_list(request, section.id)
    plain = selectors.plain_page_at(address)
    if plain is not None:
        return public(_plain(request, plain), [f"page:{plain.pk}"])
    response: HttpResponse = serve(request, path)
    return response


def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; an old site's ``/?p=123`` leads to where that story is now."""
    target = None
    if request.GET:
        made_of(request, ["redirects"])
        target = selectors.redirect_target(request.get_full_path())
    if target is not None:
        return HttpResponsePermanentRedirect(target[0]) if target[1] else HttpResponseRedirect(target[0])
    shown = front_page(sections_for(request))
    slots.prepare(request, "card.meta", [card.thread_key for card in shown.cards])
    return public(render(request, "publishing/front.html", {"front": shown}), ["front", *list_tags(shown.cards)])


def section_list(request: HttpRequest, section_id: int) -> HttpResponse:
    """Show a section's stories, newest first."""
    mark_current(request, section_id, is_list=True)
    section = sections_for(request)[section_id]
    listed = page_of(request, selectors.in_section(section_id))
    shown = cards(listed.object_list, sections_for(request))
    slots.prepare(request, "card.meta", [card.thread_key for card in shown])
    context = {"section": section, "page": listed, "cards": shown, "address": section.path}
    tags = [f"section:{section_id}", *list_tags(shown)]
    return public(render(request, "publishing/section.html", context), tags)


def article(request: HttpRequest, place: StoryPlace) -> HttpResponse:
    """Show a public story: shell, sealed body and slots. With ``mine`` in the query it is for one person."""
    mark_current(request, place.section_id)
    tags = [f"article:{place.article_id}"]
    kept = fragments.kept(
        request, "story", str(place.id), tags=tags, make=lambda: _story_with_open_slots(request, place)
    )
    response = HttpResponse(slots.fill_open(request, kept))
    if "mine" in request.GET:
        return private(response)
    return public(response, tags)


def _story_with_open_slots(request: HttpRequest, place: StoryPlace) -> str:
    story = selectors.story(place.id)
    if story is None:
        raise Http404(request.path)
    shown = story_page(story, story.edition, sections_for(request), selectors.related(story))
    made_of(request, story_tags(shown))
    return story_html(request, shown, is_public=True)


def unsealed_article(request: HttpRequest, page: ArticlePage) -> HttpResponse:
    """Show a story as it stands in the page: a preview, or a story with restricted readers."""
    edition = compose_edition(page)
    story = compose_story(page, edition)
    mark_current(request, story.section_id)
    shown = story_page(story, edition, sections_for(request), [])
    return private(HttpResponse(slots.fill_open(request, story_html(request, shown, is_public=False))))


def unsealed_plain(request: HttpRequest, page: PlainPage) -> HttpResponse:
    """Show a plain page as it stands: a preview, or a page with restricted readers."""
    return private(_plain(request, page))


def unsealed_front(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Show the front page to the editor who previews it, or on Wagtail's own road."""
    return private(front(request))


def unsealed_section(request: HttpRequest, page: SectionPage) -> HttpResponse:
    """Show a section on Wagtail's own road: a preview, or a section with restricted readers."""
    context: dict[str, Any] = {"section": page, "page": None, "cards": [], "address": ""}
    return private(render(request, "publishing/section.html", context))


def _plain(request: HttpRequest, page: PlainPage) -> HttpResponse:
    shown = plain_page(page)
    made_of(request, shown.tags)
    return render(request, "publishing/plain.html", {"page": shown})

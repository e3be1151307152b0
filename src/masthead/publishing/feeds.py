"""What machines read: Atom feeds and the map of the site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from masthead.core.http import absolute_url, public
from masthead.publishing import selectors
from masthead.publishing.models import PublishedStory
from masthead.publishing.presenters.article import author_address, tag_address
from masthead.publishing.presenters.navigation import sections_for
from masthead.publishing.rules.feed_html import for_feed
from masthead.publishing.rules.passages import without_markers
from masthead.publishing.rules.text import printable
from masthead.publishing.services.body_html import figure

XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"


class StoryFeed(Atom1Feed):
    """Atom with full text: RFC 4287, ``content`` beside ``summary``; several authors per entry."""

    def latest_post_date(self) -> datetime:
        """Return when the newest entry changed; of a feed without entries, a moment that does not move."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write one entry."""
        super().add_item_elements(handler, item)
        for name, uri in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.addQuickElement("uri", uri)
            handler.endElement("author")
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


@require_safe
def site_feed(request: HttpRequest) -> HttpResponse:
    """All stories."""
    return _feed("", "/", "/feed/", selectors.cards(), ["feed"])


@require_safe
def section_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A section's stories."""
    for section in sections_for(request).values():
        if section.path == f"/{slug}/":
            stories = selectors.in_section(section.id)
            address = str(iri_to_uri(section.path))
            return _feed(section.title, address, f"{address}feed/", stories, [f"section:{section.id}"])
    raise Http404(slug)


@require_safe
def author_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's stories."""
    author = selectors.author_with_stories(slug)
    if author is None:
        raise Http404(slug)
    address = author_address(slug)
    return _feed(author.name, address, f"{address}feed/", selectors.by_author(author), [f"author:{author.pk}"])


@require_safe
def tag_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories with a tag."""
    tag = selectors.tag_with_stories(slug)
    if tag is None:
        raise Http404(slug)
    address = tag_address(slug)
    return _feed(tag.name, address, f"{address}feed/", selectors.with_tag(tag), [f"tag:{tag.pk}"])


def _feed(
    title: str, address: str, own_address: str, stories: QuerySet[PublishedStory], tags: list[str]
) -> HttpResponse:
    site = settings.MASTHEAD.site
    feed = StoryFeed(
        title=printable(f"{title} · {site.name}" if title else site.name),
        link=absolute_url(address),
        description=printable(site.tagline),
        language=site.language,
        feed_url=absolute_url(own_address),
        author_name=printable(site.name),
    )
    shown = list(selectors.for_feed(stories))
    for story in shown:
        feed.add_item(**_entry(story))
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return public(response, [*tags, *(f"article:{story.article_id}" for story in shown)])


def _entry(story: PublishedStory) -> dict[str, Any]:
    address = absolute_url(str(iri_to_uri(story.path)))
    return {
        "title": printable(story.title),
        "link": address,
        "description": printable(story.standfirst),
        "unique_id": absolute_url(f"/-/stories/{story.article_id}/"),
        "pubdate": localtime(story.published_at),
        "updateddate": localtime(story.updated_at or story.published_at),
        "categories": [printable(tag["name"]) for tag in story.tags],
        "authors": [(printable(line["name"]), absolute_url(author_address(line["slug"]))) for line in story.bylines],
        "content": full_text(story, address) if settings.MASTHEAD.publishing.feed == "full" else "",
    }


def full_text(story: PublishedStory, address: str) -> str:
    """Return a story's body with its picture for readers elsewhere: addresses in full, nothing only our pages know."""
    lead = figure(story.picture) if story.picture else ""
    body = without_markers(f"{lead}{story.edition.html}")
    return printable(for_feed(body, site_url=settings.MASTHEAD.site.url, page_url=address))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The map of the site, or of its parts when there are more addresses than one map should hold."""
    parts = selectors.map_pages()
    if parts == 1:
        return _map([*selectors.map_of_lists(), *selectors.map_of_stories(1)])
    names = ["/sitemap-lists.xml", *(f"/sitemap-{part}.xml" for part in range(1, parts + 1))]
    entries = "".join(f"<sitemap><loc>{escape(absolute_url(name))}</loc></sitemap>" for name in names)
    return _xml(f'<sitemapindex xmlns="{XMLNS}">{entries}</sitemapindex>')


@require_safe
def sitemap_lists(request: HttpRequest) -> HttpResponse:
    """The part with front page, sections, plain pages and authors."""
    return _map(selectors.map_of_lists())


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """One part of all stories."""
    if not 1 <= part <= selectors.map_pages():
        raise Http404(str(part))
    return _map(selectors.map_of_stories(part))


def _map(entries: Iterable[selectors.MapEntry]) -> HttpResponse:
    lines = []
    for entry in entries:
        address = escape(absolute_url(str(iri_to_uri(entry.path))))
        day = f"<lastmod>{localtime(entry.changed_at).isoformat('T', 'seconds')}</lastmod>" if entry.changed_at else ""
        lines.append(f"<url><loc>{address}</loc>{day}</url>")
    return _xml(f'<urlset xmlns="{XMLNS}">{"".join(lines)}</urlset>')


def _xml(body: str) -> HttpResponse:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return public(HttpResponse(content, content_type="application/xml; charset=utf-8"), ["sitemap"])

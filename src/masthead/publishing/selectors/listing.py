"""What machines are told of: feeds and the map of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from masthead.publishing import conf
from masthead.publishing.models import Author, PlainPage, PublishedStory
from masthead.publishing.selectors.pages import navigation, public_path


@dataclass(frozen=True)
class MapEntry:
    """One address of the site with the day it last changed."""

    path: str
    changed_at: datetime | None = None


def map_pages() -> int:
    """Return how many parts the map of stories has; at least one."""
    return max(1, -(-PublishedStory.objects.count() // conf.SITEMAP_ADDRESSES))


def map_of_stories(part: int) -> Iterator[MapEntry]:
    """Yield part ``part`` (from 1) of all stories in the order in which they were first sealed, row by row."""
    start = (part - 1) * conf.SITEMAP_ADDRESSES
    rows = PublishedStory.objects.order_by("pk").values_list("path", "published_at", "updated_at")
    for path, published_at, updated_at in rows[start : start + conf.SITEMAP_ADDRESSES].iterator(chunk_size=1000):
        yield MapEntry(path, updated_at or published_at)


def map_of_lists() -> Iterator[MapEntry]:
    """Yield the front page, sections, plain pages and authors."""
    yield MapEntry("/", PublishedStory.objects.aggregate(newest=Max("published_at"))["newest"])
    for section in navigation():
        yield MapEntry(section.path)
    for url_path in PlainPage.objects.live().public().order_by("path").values_list("url_path", flat=True):
        yield MapEntry(public_path(url_path))
    slugs = Author.objects.filter(bylines__page__published_story__isnull=False).order_by("slug")
    for slug in slugs.values_list("slug", flat=True).distinct():
        yield MapEntry(f"/authors/{slug}/")


def for_feed(stories: QuerySet[PublishedStory]) -> QuerySet[PublishedStory]:
    """Return the newest stories of a list with their editions."""
    return stories.defer(None).select_related("edition")[: conf.FEED_STORIES]

"""Facts about a story for machines: schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from masthead.core.http import absolute_url
from masthead.core.structured import script_safe
from masthead.publishing.models import Edition, PublishedStory
from masthead.publishing.rules import renditions

_SHAPES = ("wide", "classic", "square")


def news_article(story: PublishedStory, edition: Edition, *, canonical: str, section: str) -> SafeString:
    """Return the NewsArticle of a story, safe to stand in a script element."""
    changed = story.updated_at or story.published_at
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.standfirst,
        "url": canonical,
        "mainEntityOfPage": canonical,
        "datePublished": localtime(story.published_at).isoformat(timespec="seconds"),
        "dateModified": localtime(changed).isoformat(timespec="seconds"),
        "articleSection": section,
        "wordCount": edition.word_count,
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "author": [_person(line) for line in story.bylines] or [_publisher()],
        "publisher": _publisher(),
        "keywords": [tag["name"] for tag in story.tags],
        "image": _images(story),
        "correction": [_correction(item) for item in story.corrections],
    }
    return script_safe({name: value for name, value in facts.items() if value not in ("", [])})


def _person(line: dict[str, Any]) -> dict[str, str]:
    return {
        "@type": "Person",
        "name": line["name"],
        "url": absolute_url(str(iri_to_uri(f"/authors/{line['slug']}/"))),
    }


def _publisher() -> dict[str, str]:
    return {"@type": "NewsMediaOrganization", "name": settings.MASTHEAD.site.name, "url": absolute_url("/")}


def _correction(item: dict[str, Any]) -> dict[str, Any]:
    said = {"@type": "CorrectionComment", "text": item["text"], "datePublished": item["at"]}
    return {**said, "contributor": {"@type": "Person", "name": item["credit"]}} if item["credit"] else said


def _images(story: PublishedStory) -> list[dict[str, Any]]:
    if not story.picture:
        return []
    crops = [renditions.crop(story.picture, shape, settings.MEDIA_URL) for shape in _SHAPES]
    return [
        {
            "@type": "ImageObject",
            "url": absolute_url(shown.src),
            "width": shown.width,
            "height": shown.height,
            **({"caption": story.picture["caption"]} if story.picture["caption"] else {}),
            **({"creditText": story.picture["credit"]} if story.picture["credit"] else {}),
        }
        for shown in crops
    ]

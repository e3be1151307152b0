"""Facts about a story for machines: schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from masthead.core.http import absolute_url
from masthead.publishing.models import Edition, PublishedStory
from masthead.publishing.rules import renditions

# Inside <script> only these could end the element or open a comment (HTML standard, 4.12.1.3).
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
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
    }
    return script_safe({name: value for name, value in facts.items() if value not in ("", [])})


def script_safe(value: Any) -> SafeString:
    """Return ``value`` as JSON that cannot end the script element it stands in."""
    return mark_safe(json.dumps(value, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308


def _person(line: dict[str, Any]) -> dict[str, str]:
    return {
        "@type": "Person",
        "name": line["name"],
        "url": absolute_url(str(iri_to_uri(f"/authors/{line['slug']}/"))),
    }


def _publisher() -> dict[str, str]:
    return {"@type": "NewsMediaOrganization", "name": settings.MASTHEAD.site.name, "url": absolute_url("/")}


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

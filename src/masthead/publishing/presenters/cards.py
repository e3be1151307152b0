"""Stories as lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from masthead.core import slots, worded
from masthead.core.stencil import Stencil
from masthead.publishing.models import ArticlePage, PublishedStory
from masthead.publishing.rules import renditions
from masthead.publishing.rules.renditions import Addresses
from masthead.publishing.selectors import NavigationEntry

Sections = Mapping[int, NavigationEntry]


@dataclass(frozen=True)
class Card:
    """One story in a list."""

    story: PublishedStory
    address: str
    section: NavigationEntry | None
    picture: Addresses | None
    kind_label: str
    names: str

    @property
    def published(self) -> str:
        """The day on which it was published."""
        return day(self.story.published_at)

    @property
    def thread_key(self) -> str:
        """The key of its ``card.meta`` slot."""
        return self.story.thread_key


def card(story: PublishedStory, sections: Sections) -> Card:
    """Return a story as a card."""
    section = sections.get(story.section_id)
    return Card(
        story=story,
        address=str(iri_to_uri(story.path)),
        section=section,
        picture=renditions.crop(story.picture, "card", settings.MEDIA_URL) if story.picture else None,
        kind_label=kind_label(story.kind, section.title if section else ""),
        names=name_list(story.bylines),
    )


def cards(stories: Iterable[PublishedStory], sections: Sections) -> list[Card]:
    """Return stories as cards."""
    return [card(story, sections) for story in stories]


def kind_label(kind: str, section: str = "") -> str:
    """Return how a kind is said to readers beside the section's title.

    Plain news needs no label, an unknown kind has none, and an opinion in the section Opinion needs no second word.
    """
    if kind == ArticlePage.Kind.NEWS or kind not in ArticlePage.Kind.values:
        return ""
    label = str(ArticlePage.Kind(kind).label)
    return "" if label.casefold() == section.casefold() else label


def name_list(bylines: list[dict[str, Any]]) -> str:
    """Return the authors' names as one text."""
    return str(get_text_list([line["name"] for line in bylines], _("and")))


def card_html(
    request: Any, shown: Card, *, level: str = "h2", css: str = "", in_section: bool = False, eager: bool = False
) -> SafeString:
    """Return a story in a list. ``in_section``: the list is its section's own; ``eager``: first picture of a page."""
    story, picture, section = shown.story, shown.picture, shown.section
    look = _look(
        get_language(),
        level=level,
        css=css,
        in_section=in_section,
        eager=eager,
        sources=len(picture.sources) if picture else None,
        section=section is not None,
        kind_label=bool(shown.kind_label),
        names=bool(shown.names),
        standfirst=bool(story.standfirst),
    )
    texts = {
        "address": shown.address,
        "kind_label": shown.kind_label,
        "names": shown.names,
        "title": story.title,
        "standfirst": story.standfirst,
        "section_title": section.title if section else "",
        "section_address": iri_to_uri(section.path) if section else "",
        "published": shown.published,
        "published_iso": machine_time(story.published_at),
        "meta": slots.render_or_leave(request, "card.meta", shown.thread_key, "", count=story.comment_count),
    }
    if picture is not None:
        texts |= {"src": picture.src, "width": str(picture.width), "height": str(picture.height)}
        for number, source in enumerate(picture.sources):
            texts |= {f"type{number}": source.type, f"srcset{number}": source.srcset}
    return look.fill(**texts)


@worded.kept
def _look(_language: str | None, *, sources: int | None, **shape: Any) -> Stencil:
    """Return the template of a card in one of its shapes."""
    names = [*_CARD_TEXTS, *(f"{part}{number}" for number in range(sources or 0) for part in ("type", "srcset"))]

    def draw(texts: dict[str, str]) -> str:
        present = {name: text if shape.get(name, True) else "" for name, text in texts.items()}
        files = [{"type": texts[f"type{number}"], "srcset": texts[f"srcset{number}"]} for number in range(sources or 0)]
        values = {**shape, **present, "has_picture": sources is not None, "sources": files}
        return render_to_string("publishing/_card.html", values)

    return Stencil(names, draw)


_CARD_TEXTS = (
    *("address", "kind_label", "names", "title", "standfirst", "section_title", "section_address", "published"),
    *("published_iso", "meta", "src", "width", "height"),
)


def day(moment: datetime) -> str:
    """Write the day of a moment in the site's zone."""
    return date_format(localtime(moment), _("j F Y"))


def machine_time(moment: datetime) -> str:
    """Write a moment for ``datetime=``: in the site's zone, whole seconds (HTML allows at most milliseconds)."""
    return localtime(moment).isoformat(timespec="seconds")


def list_tags(items: Iterable[Card]) -> list[str]:
    """Return the edge tags of a list: of the card of each story."""
    return [f"card:{item.story.article_id}" for item in items]

"""Stories as lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

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


def list_tags(items: Iterable[Card]) -> list[str]:
    """Return the edge tags of a list: of the card of each story."""
    return [f"card:{item.story.article_id}" for item in items]

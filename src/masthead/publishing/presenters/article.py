"""A story as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from masthead.core.http import absolute_url
from masthead.publishing import conf
from masthead.publishing.models import Edition, PublishedStory
from masthead.publishing.presenters.cards import Card, Sections, cards, kind_label
from masthead.publishing.presenters.structured import news_article
from masthead.publishing.rules import passages, renditions, text
from masthead.publishing.rules.renditions import Addresses
from masthead.publishing.selectors import NavigationEntry
from masthead.publishing.services.body_html import figure


@dataclass(frozen=True)
class Piece:
    """A run of the sealed body, and the question to readers that follows it, if any."""

    html: SafeString
    passage_key: str = ""
    number: int = 0
    question: str = ""


@dataclass(frozen=True)
class Byline:
    """One author above the story."""

    name: str
    address: str
    seed: str
    face: Addresses | None


@dataclass(frozen=True)
class StoryPage:
    """All that the template of a story shows."""

    story: PublishedStory
    address: str
    canonical: str
    section: NavigationEntry | None
    kind_label: str
    bylines: list[Byline]
    lead: SafeString
    pieces: list[Piece]
    related: list[Card]
    title: str
    description: str
    share_picture: str
    share_alt: str
    structured: SafeString
    shows_comments: bool

    @property
    def same_day(self) -> bool:
        """Tell whether the last change was on the day of publication: then its hour says more than its date."""
        changed = self.story.updated_at
        return changed is not None and localtime(changed).date() == localtime(self.story.published_at).date()

    @property
    def passage_keys(self) -> list[str]:
        """The keys of all ``article.passage`` slots on the page."""
        return [piece.passage_key for piece in self.pieces if piece.passage_key]


def story_page(
    story: PublishedStory, edition: Edition, sections: Sections, related: Iterable[PublishedStory]
) -> StoryPage:
    """Return the page of a story: sealed, or composed for a preview."""
    section = sections.get(story.section_id)
    canonical = absolute_url(str(iri_to_uri(story.path)))
    share = renditions.crop(story.picture, "share", settings.MEDIA_URL) if story.picture else None
    description = story.seo_description or story.standfirst or edition.text
    return StoryPage(
        story=story,
        address=str(iri_to_uri(story.path)),
        canonical=canonical,
        section=section,
        kind_label=kind_label(story.kind, section.title if section else ""),
        bylines=[_byline(line) for line in story.bylines],
        lead=figure(story.picture, css="figure figure-lead", eager=True) if story.picture else SafeString(""),
        pieces=_pieces(story, edition),
        related=cards(related, sections),
        title=story.seo_title or story.title,
        description=text.shortened(description, 200),
        share_picture=absolute_url(share.src) if share else "",
        share_alt=story.picture["alt"] if story.picture else "",
        structured=news_article(story, edition, canonical=canonical, section=section.title if section else ""),
        shows_comments=story.comments != "off",
    )


def story_tags(shown: StoryPage) -> list[str]:
    """Return the edge tags of a story's page, its discussion apart.

    What to read next is part of it: the stories that the editor chose, public or not yet; where places are left,
    whatever is filed under the same tags or in the same section.
    """
    story = shown.story
    cards_ = {*story.related_ids, *(item.story.article_id for item in shown.related)}
    tags = [f"article:{story.article_id}", *(f"card:{pk}" for pk in sorted(cards_))]
    chosen = sum(item.story.article_id in story.related_ids for item in shown.related)
    if chosen < conf.RELATED_STORIES:
        tags += [f"section:{story.section_id}", *(f"tag:{tag['id']}" for tag in story.tags if tag.get("id"))]
    return tags


def _byline(line: dict[str, Any]) -> Byline:
    face = renditions.crop(line["face"], "face", settings.MEDIA_URL) if line["face"] else None
    return Byline(line["name"], author_address(line["slug"]), f"author:{line['slug']}", face)


def author_address(slug: str) -> str:
    """Return the address of an author's page."""
    return str(iri_to_uri(f"/authors/{slug}/"))


def tag_address(slug: str) -> str:
    """Return the address of a tag's page."""
    return str(iri_to_uri(f"/tags/{slug}/"))


def _pieces(story: PublishedStory, edition: Edition) -> list[Piece]:
    asked = {item["id"]: (number, item["question"]) for number, item in enumerate(edition.passages, start=1)}
    pieces = []
    for html, passage_id in passages.split(edition.html):
        safe = mark_safe(html)  # noqa: S308 - cleaned and escaped when it was sealed
        number, question = asked.get(passage_id, (0, ""))
        pieces.append(Piece(safe, f"{story.thread_key}#{passage_id}" if number else "", number, question))
    return pieces

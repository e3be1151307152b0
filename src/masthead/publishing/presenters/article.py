"""A story as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from masthead.core import slots
from masthead.core.http import absolute_url
from masthead.core.stencil import Stencil
from masthead.publishing import conf
from masthead.publishing.models import Edition, PublishedStory
from masthead.publishing.presenters.cards import Card, Sections, card_html, cards, day, kind_label, machine_time
from masthead.publishing.presenters.corrections import corrections_html
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


def story_html(request: Any, page: StoryPage, *, is_public: bool) -> SafeString:
    """Return the whole page of a story with its slots open (:func:`masthead.core.slots.fill_open`)."""
    with slots.leave_open(request):
        return _story_html(request, page, is_public=is_public)


def _story_html(request: Any, page: StoryPage, *, is_public: bool) -> SafeString:
    story, section = page.story, page.section
    shows_comments = is_public and page.shows_comments
    texts: dict[str, Any] = {
        "thread_key": story.thread_key,
        "page_title": page.title,
        "description": page.description,
        "canonical": page.canonical,
        "author_names": ", ".join(line.name for line in page.bylines),
        "published": day(story.published_at),
        "published_iso": machine_time(story.published_at),
        "updated": _changed(story),
        "updated_iso": machine_time(story.updated_at) if story.updated_at else "",
        "section_title": section.title if section else "",
        "section_address": iri_to_uri(section.path) if section else "",
        "kind_label": page.kind_label,
        "share_picture": page.share_picture,
        "share_alt": page.share_alt,
        "structured": page.structured,
        "headline": story.title,
        "standfirst": story.standfirst,
        "people": render_to_string("publishing/_people.html", {"bylines": page.bylines}) if page.bylines else "",
        "minutes": story.reading_minutes,
        "lead": page.lead,
        "body": SafeString(
            "\n".join(_piece_html(piece, shows_comments=shows_comments, request=request) for piece in page.pieces)
        ),
        "corrections": corrections_html(story),
        **_tag_texts(story),
        "related": format_html_join(
            "", "<li>{}</li>", ((card_html(request, card, level="h3"),) for card in page.related)
        ),
    }
    shape = {name: bool(texts[name]) for name in _OPTIONAL}
    return _drawn(request, tuple(texts), is_public=is_public, shows_comments=shows_comments, **shape).fill(**texts)


# Parts of the page that not every story has.
_OPTIONAL = (
    "updated_iso",
    "section_title",
    "kind_label",
    "share_picture",
    "standfirst",
    "tags",
    "related",
    "corrections",
)
_stencils: dict[tuple[Any, ...], Stencil] = {}


def _drawn(request: Any, names: tuple[str, ...], **shape: bool) -> Stencil:
    """Return the template of a story in one of its shapes. Of the request it holds nothing: all slots are open."""
    key = (settings.MASTHEAD.site.name, settings.MASTHEAD.site.tagline, get_language(), *shape.values())
    found = _stencils.get(key)
    if found is None:

        def draw(texts: dict[str, str]) -> str:
            present = {name: text if shape.get(name, True) else "" for name, text in texts.items()}
            return render_to_string("publishing/article.html", {**shape, **present}, request)

        found = _stencils[key] = Stencil(names, draw)
    return found


def _changed(story: PublishedStory) -> str:
    """Say when the text last changed: on the day of publication its hour says more than its date."""
    if story.updated_at is None:
        return ""
    changed = localtime(story.updated_at)
    if changed.date() == localtime(story.published_at).date():
        return date_format(changed, _("G:i"))
    return day(story.updated_at)


def _piece_html(piece: Piece, *, shows_comments: bool, request: Any) -> str:
    if not piece.passage_key:
        return piece.html
    values = {"piece": piece, "shows_comments": shows_comments, "request": request}
    return f"{piece.html}\n{render_to_string('publishing/_passage.html', values)}"


def _tag_texts(story: PublishedStory) -> dict[str, SafeString]:
    link, fact = '<li><a rel="tag" href="{}">{}</a></li>', '<meta property="article:tag" content="{}">'
    return {
        "tags": format_html_join("", link, ((tag_address(tag["slug"]), tag["name"]) for tag in story.tags)),
        "tag_facts": format_html_join("", fact, ((tag["name"],) for tag in story.tags)),
    }


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

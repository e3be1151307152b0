"""Compose an edition and its public row from a page, without writing anything: for sealing and for preview alike."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from masthead.core.clock import now
from masthead.publishing import selectors
from masthead.publishing.models import ArticlePage, Edition, PublishedStory
from masthead.publishing.models.describe import describe_picture
from masthead.publishing.rules import passages, raw_text, text
from masthead.publishing.services.body_html import render_body


def compose_edition(article: ArticlePage) -> Edition:
    """Return the unsaved edition of the page as it stands: body rendered, words marked, hashes taken."""
    blocks = article.body.get_prep_value()
    words = raw_text.markable_words(blocks)
    # A question about words that are not there (an import, a later edit) has no place on the page.
    asked = [item for item in article.passages.all() if passages.occurrences(item.words, words)]
    marks = [
        passages.Mark(item.public_id, number, item.words, _("Question %(number)s") % {"number": number})
        for number, item in enumerate(asked, start=1)
    ]
    html, picture_ids = render_body(blocks, marks)
    html, title, standfirst = text.printable(html), text.printable(article.title), text.printable(article.standfirst)
    plain = text.plain(passages.without_markers(html))
    lead = lead_picture(article)
    return Edition(
        article=article if article.pk else None,
        thread_key=article.thread_key,
        number=1,
        title=title,
        standfirst=standfirst,
        html=html,
        text=plain,
        passages=[_passage(item) for item in asked],
        picture=lead,
        picture_ids=[*([lead["id"]] if lead else []), *picture_ids],
        word_count=text.word_count(plain),
        sha256=_sha256(title, standfirst, html),
        text_sha256=_sha256(title, standfirst, plain),
        sealed_at=now(),
    )


def _passage(item: Any) -> dict[str, Any]:
    return {"id": item.public_id, "quote": item.words, "question": item.question, "starts_open": item.starts_open}


def _sha256(*parts: str) -> str:
    """Hash the parts, separated so that words cannot wander from one to the next unnoticed."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def lead_picture(article: ArticlePage) -> dict[str, Any] | None:
    """Return the described lead picture of a page, or None."""
    if article.picture is None:
        return None
    return describe_picture(
        article.picture, alt=article.picture_alt, caption=article.picture_caption, credit=article.picture_credit
    )


def compose_story(article: ArticlePage, edition: Edition) -> PublishedStory:
    """Return the unsaved public row of a page that shows ``edition``."""
    return PublishedStory(
        article=article,
        thread_key=article.thread_key,
        path=selectors.path_of(article),
        section_id=selectors.section_id_of(article),
        edition=edition,
        title=edition.title,
        standfirst=edition.standfirst,
        kind=article.kind,
        seo_title=article.seo_title,
        seo_description=article.search_description,
        bylines=[author_card(line.author) for line in article.bylines.select_related("author__portrait")],
        tags=[{"id": tag.pk, "name": tag.name, "slug": tag.slug} for tag in article.tags.all()],
        picture=edition.picture,
        related_ids=[item.story_id for item in article.chosen_related.all()],
        published_at=article.published_at or article.first_published_at or now(),
        word_count=edition.word_count,
        reading_minutes=text.reading_minutes(edition.word_count),
        comments=article.comments,
        corrections=selectors.corrections_of(article.pk),
        discussion_kind=article.discussion_kind,
        rating=_rating(article) if article.discussion_kind == ArticlePage.DiscussionKind.RATINGS else {},
    )


def _rating(article: ArticlePage) -> dict[str, Any]:
    """Return what readers rate."""
    fields = [{"key": item.key, "name": item.name} for item in article.rated_fields.all()]
    return {"fields": fields, "type": article.rated_type, "name": article.rated_name}


def author_card(author: Any) -> dict[str, Any]:
    """Return what a byline shows of an author."""
    face = describe_picture(author.portrait) if author.portrait else None
    return {"id": author.pk, "name": author.name, "slug": author.slug, "role": author.role, "face": face}

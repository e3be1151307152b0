"""Stories from elsewhere: imports, seeds, tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.text import slugify
from taggit.models import Tag

from masthead.core.clock import now
from masthead.publishing.models import (
    ArticlePage,
    ArticleTag,
    Author,
    Byline,
    Passage,
    Picture,
    RatedField,
    RelatedStory,
    SectionPage,
)
from masthead.publishing.rules import text
from masthead.publishing.rules.addresses import free_slug
from masthead.publishing.services.put_tags import put_tags
from masthead.publishing.services.raw_body import Block, raw_body
from masthead.publishing.services.seal_edition import seal_edition
from masthead.publishing.services.tree import save_page, taken_slugs

Status = Literal["live", "draft", "scheduled"]


@dataclass(frozen=True)
class PassageDraft:
    """A question to readers about words that stand in the body exactly once."""

    words: str
    question: str
    starts_open: bool = False


@dataclass(frozen=True)
class RatingDraft:
    """What readers rate beside the whole, by key and name, and what it is about: a type of schema.org and a name."""

    fields: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    name: str = ""


def put_article(  # noqa: PLR0913 - a story has this many sides
    *,
    section: SectionPage,
    title: str,
    body: Sequence[Block],
    article: ArticlePage | None = None,
    slug: str = "",
    standfirst: str = "",
    kind: str = ArticlePage.Kind.NEWS,
    authors: Sequence[Author] = (),
    tags: Sequence[str] = (),
    picture: Picture | None = None,
    picture_alt: str = "",
    picture_caption: str = "",
    picture_credit: str = "",
    status: Status = "live",
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    comments: str = ArticlePage.Comments.OPEN,
    discussion_kind: str = ArticlePage.DiscussionKind.COMMENTS,
    seo_title: str = "",
    seo_description: str = "",
    passages: Sequence[PassageDraft] = (),
    rating: RatingDraft | None = None,
    related: Sequence[ArticlePage] = (),
    by: Any = None,
) -> ArticlePage:
    """Create a story, or update ``article``, in one transaction, and seal it when it is live.

    ``status`` *scheduled* publishes it by itself at ``published_at``, which must then be given (``ValueError``).
    ``published_at`` is the date shown; without it a live story is dated now. ``updated_at`` is the shown date of the
    last change, for imports. A new story whose slug is taken in the section gets a number. Texts longer than their
    field are cut. ``by`` is the responsible editor.
    """
    if status == "scheduled" and published_at is None:
        raise ValueError("a scheduled story needs published_at")
    with transaction.atomic():
        page = article or ArticlePage(slug=_slug(section, slug or title))
        page.title = page.draft_title = title[:255]
        page.standfirst, page.kind, page.body = standfirst, kind, raw_body(body)
        _set_picture(page, picture, picture_alt, picture_caption, picture_credit)
        page.comments, page.discussion_kind = comments, discussion_kind
        page.seo_title, page.search_description = seo_title[:255], text.shortened(seo_description, 500)
        page.published_at, page.owner = published_at, page.owner or by
        _date(page, status)
        page = save_page(page, parent=section)
        _put_parts(page, authors, tags, passages, related)
        _put_rating(page, rating or RatingDraft())
        _publish(page, status, by, updated_at)
    return page


def _set_picture(page: ArticlePage, picture: Picture | None, alt: str, caption: str, credit: str) -> None:
    page.picture = picture
    page.picture_alt, page.picture_caption, page.picture_credit = alt[:500], caption[:1000], credit[:255]


def _slug(section: SectionPage, wanted: str) -> str:
    base = slugify(wanted, allow_unicode=True)
    return free_slug(base, taken_slugs(section, base))


def _date(page: ArticlePage, status: Status) -> None:
    """Set what the tree itself knows of publication."""
    page.live = status == "live"
    page.has_unpublished_changes = status != "live"
    page.go_live_at = page.published_at if status == "scheduled" else None
    if status == "live":
        page.first_published_at = page.first_published_at or page.published_at or now()
        page.last_published_at = now()
        page.published_at = page.published_at or page.first_published_at


def _put_parts(
    page: ArticlePage,
    authors: Sequence[Author],
    tags: Sequence[str],
    passages: Sequence[PassageDraft],
    related: Sequence[ArticlePage],
) -> None:
    """Write the rows around the page directly: the page object is read anew where it is needed."""
    ArticleTag.objects.filter(content_object_id=page.pk).delete()
    kept = {row.words: row.public_id for row in Passage.objects.filter(page=page)}
    for model in (Byline, Passage, RelatedStory):
        model.objects.filter(page_id=page.pk).delete()
    unique = list(dict.fromkeys(authors))
    Byline.objects.bulk_create(Byline(page=page, author=who, sort_order=n) for n, who in enumerate(unique))
    found: list[Tag] = put_tags(names=tags)
    ArticleTag.objects.bulk_create(ArticleTag(content_object=page, tag=tag) for tag in found)
    RelatedStory.objects.bulk_create(RelatedStory(page=page, story=it, sort_order=n) for n, it in enumerate(related))
    Passage.objects.bulk_create(_passage(page, number, item, kept) for number, item in enumerate(passages))


def _put_rating(page: ArticlePage, rating: RatingDraft) -> None:
    RatedField.objects.filter(page=page).delete()
    RatedField.objects.bulk_create(
        RatedField(page=page, key=key, name=name[:40], sort_order=number)
        for number, (key, name) in enumerate(rating.fields.items())
    )
    ArticlePage.objects.filter(pk=page.pk).update(rated_type=rating.type, rated_name=rating.name[:200])


def _passage(page: ArticlePage, number: int, item: PassageDraft, kept: dict[str, str]) -> Passage:
    """Make the row of a question; one about the same words keeps its id, so that its answers stay with it."""
    row = Passage(page=page, sort_order=number, words=item.words, question=item.question, starts_open=item.starts_open)
    row.public_id = kept.get(item.words, row.public_id)
    return row


def _publish(page: ArticlePage, status: Status, by: Any, updated_at: datetime | None) -> None:
    stored = ArticlePage.objects.select_related("picture").get(pk=page.pk)
    if status == "scheduled" or stored.latest_revision_id:
        revision = stored.save_revision(user=by, changed=True, clean=False, approved_go_live_at=stored.go_live_at)
        if status == "live":
            ArticlePage.objects.filter(pk=page.pk).update(live_revision=revision, has_unpublished_changes=False)
    seal_edition(stored, by=by, updated_at=updated_at)

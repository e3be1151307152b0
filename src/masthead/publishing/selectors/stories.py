"""Lists of public stories. All read the public rows only, so nothing here can show what is not public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from taggit.models import Tag

from masthead.core.prepared import Prepared
from masthead.publishing import conf
from masthead.publishing.models import Author, PublishedStory
from masthead.publishing.models.describe import describe_picture

_CARD = (
    "id", "article", "thread_key", "path", "section", "title", "standfirst", "kind", "bylines", "picture",
    "published_at", "updated_at", "reading_minutes", "comments", "comment_count",
)  # fmt: skip


def cards() -> QuerySet[PublishedStory]:
    """Return all public stories, newest first, with what cards show."""
    return PublishedStory.objects.only(*_CARD).order_by("-published_at", "-article_id")


def cards_after(cursor: str, *, limit: int) -> list[PublishedStory]:
    """Return the next public stories after ``cursor`` (:func:`cursor_of`), newest first; all that lists show."""
    rows = PublishedStory.objects.order_by("-published_at", "-article_id")
    if cursor:
        microseconds, _dot, article = cursor.partition(".")
        moment = _EPOCH + timedelta(microseconds=min(int(microseconds), _LAST))
        rows = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, article_id__lt=int(article)))
    return list(rows[:limit])


def cursor_of(story: PublishedStory) -> str:
    """Return where a list goes on after this story: right also when the story has gone by then."""
    return f"{(story.published_at - _EPOCH) // timedelta(microseconds=1)}.{story.article_id}"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 10**17  # some thousand years from now: what a date can hold


def story_of_article(article_id: int) -> PublishedStory | None:
    """Return the public story of an article with its current edition, or None; one query."""
    return PublishedStory.objects.select_related("edition").filter(article_id=article_id).first()


@dataclass(frozen=True)
class StoryPlace:
    """Where a public story belongs: all that is asked of it before it is known whether its page is kept."""

    id: int
    article_id: int
    thread_key: str
    section_id: int


def story_at(path: str) -> StoryPlace | None:
    """Return the public story at an address, or None; one query."""
    found = _STORY_AT.first(path=path)
    return StoryPlace(*found) if found else None


_STORY_AT = Prepared(
    lambda path: (
        PublishedStory.objects.filter(path=path).order_by().values_list("id", "article_id", "thread_key", "section_id")
    )
)


def story(story_id: int) -> PublishedStory | None:
    """Return a public story with its current edition, or None; one query."""
    return _STORY.first(story_id=story_id)


_STORY = Prepared(lambda story_id: PublishedStory.objects.select_related("edition").filter(pk=story_id).order_by())


def in_section(section_id: int) -> QuerySet[PublishedStory]:
    """Return the public stories of a section, newest first."""
    return cards().filter(section_id=section_id)


def by_author(author: Author) -> QuerySet[PublishedStory]:
    """Return the public stories of an author, newest first."""
    return cards().filter(article__bylines__author=author).distinct()


def with_tag(tag: Tag) -> QuerySet[PublishedStory]:
    """Return the public stories with a tag, newest first."""
    return cards().filter(article__tagged_items__tag=tag).distinct()


def author_with_stories(slug: str) -> Author | None:
    """Return the author at this address who has something public to read, or None."""
    return (
        Author.objects.filter(slug=slug, bylines__page__published_story__isnull=False)
        .select_related("portrait")
        .first()
    )


def tag_with_stories(slug: str) -> Tag | None:
    """Return the tag at this address that some public story has, or None."""
    return Tag.objects.filter(
        slug=slug, publishing_articletag_items__content_object__published_story__isnull=False
    ).first()


def newest_per_section(section_ids: Sequence[int], limit: int) -> list[PublishedStory]:
    """Return the newest ``limit`` stories of each section in one query, whatever the number of stories."""
    if not section_ids:
        return []
    one = (
        "SELECT * FROM (SELECT * FROM publishing_publishedstory WHERE section_id = %s "
        "ORDER BY published_at DESC, article_id DESC LIMIT %s) AS newest"
    )
    values = [value for section_id in section_ids for value in (section_id, limit)]
    return list(PublishedStory.objects.raw(" UNION ALL ".join([one] * len(section_ids)), values))


def related(story: PublishedStory) -> list[PublishedStory]:
    """Return what to read next: what the editor chose, else what shares most tags, else the section's newest.

    At most three queries.
    """
    limit = conf.RELATED_STORIES
    slugs = [tag["slug"] for tag in story.tags]
    found: list[PublishedStory] = []
    if story.related_ids:
        others = cards().exclude(pk=story.pk)
        chosen = {item.article_id: item for item in others.filter(article_id__in=story.related_ids)}
        found = [chosen[pk] for pk in story.related_ids if pk in chosen]
    elif slugs:
        ids = [pk for pk, _common in _SHARING_TAGS.rows(story_id=story.pk, slugs=slugs)]
        sharing = {item.pk: item for item in _CARDS.rows(ids=ids)}
        found = [sharing[pk] for pk in ids if pk in sharing]
    if len(found) < limit:
        known = {item.pk for item in found}
        more = _NEWEST_IN_SECTION.rows(story_id=story.pk, section_id=story.section_id)
        found += [item for item in more if item.pk not in known]
    return found[:limit]


# Counted by keys alone: with all that cards show, the database would sort and compare whole texts.
_SHARING_TAGS = Prepared(
    lambda story_id, slugs: (
        PublishedStory.objects.exclude(pk=story_id)
        .filter(article__tagged_items__tag__slug__in=slugs)
        .values_list("pk")
        .annotate(common=Count("pk"))
        .order_by("-common", "-published_at", "-article_id")[: conf.RELATED_STORIES]
    )
)
_CARDS = Prepared(lambda ids: cards().filter(pk__in=ids))
_NEWEST_IN_SECTION = Prepared(
    lambda story_id, section_id: cards().exclude(pk=story_id).filter(section_id=section_id)[: 2 * conf.RELATED_STORIES]
)


def portrait_facts(author: Author) -> dict[str, Any] | None:
    """Return what pages need to know of an author's portrait, or None."""
    return describe_picture(author.portrait) if author.portrait else None

"""Seal the published state of a story, and take it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from wagtail.models import Page

from masthead.outbox.services import record
from masthead.publishing import selectors
from masthead.publishing.events import ArticleWithdrawn, EditionSealed
from masthead.publishing.models import ArticlePage, Edition, PublishedStory
from masthead.publishing.rules.places import Places, changed_lists
from masthead.publishing.services import search_index
from masthead.publishing.services.compose import compose_edition, compose_story

_KEPT = {"id", "article", "comment_count", "updated_at"}
_WRITTEN = [field.name for field in PublishedStory._meta.concrete_fields if field.name not in _KEPT]


def seal_edition(article: ArticlePage, *, by: Any = None, updated_at: Any = None) -> Edition | None:
    """Bring the public state of a story up to its page and return the current edition.

    A new edition is made only when something a reader sees in it changed; its row is never changed afterwards. The
    date of change moves only when words changed after the first publication (``updated_at`` sets it, for an
    import). A story that is not live, is an alias or may not be read by everybody is withdrawn instead, and None is
    returned. Records ``EditionSealed``. ``by`` is the responsible editor.
    """
    if not selectors.is_public(article):
        withdraw_article(article)
        return None
    with transaction.atomic():
        _set_first_date(article)
        edition = compose_edition(article)
        previous = Edition.objects.filter(thread_key=article.thread_key).order_by("-number").first()
        if previous is None or _differs(previous, edition):
            edition.number = previous.number + 1 if previous else 1
            edition.sealed_by = by
            edition.sealed_by_name = str(getattr(by, "name", "") or "")[:150]
            edition.save()
        else:
            edition = previous
        before = places_of(article.pk)
        story = _write_story(article, edition, previous, updated_at)
        search_index.put(story, edition.text)
        record(sealed_event(story, edition, before))
    return edition


def _set_first_date(article: ArticlePage) -> None:
    """Fix the shown date at the first publication, so that a later one cannot move it."""
    if article.published_at is None:
        article.published_at = article.first_published_at
        ArticlePage.objects.filter(pk=article.pk).update(published_at=article.published_at)


def _differs(previous: Edition, edition: Edition) -> bool:
    return (
        previous.sha256 != edition.sha256
        or previous.picture != edition.picture
        or previous.passages != edition.passages
    )


def _write_story(article: ArticlePage, edition: Edition, previous: Edition | None, updated_at: Any) -> PublishedStory:
    fresh = compose_story(article, edition)
    # Another story may still stand at this address (two slugs swapped): that row is written anew when its page is.
    withdraw_stories(PublishedStory.objects.filter(path=fresh.path).exclude(article=article))
    story = PublishedStory.objects.filter(article=article).first()
    if story is None:
        story = fresh
        story.updated_at = updated_at or max(
            filter(None, [_last_change(article), selectors.last_correction(article.pk)]), default=None
        )
        story.save(force_insert=True)
        return story
    for name in _WRITTEN:
        setattr(story, name, getattr(fresh, name))
    if updated_at or (previous is not None and previous.text_sha256 != edition.text_sha256):
        story.updated_at = updated_at or edition.sealed_at
    story.save()
    return story


def _last_change(article: ArticlePage) -> Any:
    """Return when the words last changed, for a story that was public before: None when they never did."""
    hashes = list(
        Edition.objects.filter(thread_key=article.thread_key)
        .values("text_sha256")
        .annotate(last=Max("sealed_at"))
        .values_list("last", flat=True)
    )
    return max(hashes) if len(hashes) > 1 else None


def places_of(article_id: int) -> Places | None:
    """Return in which lists a story stands now; None for one that is not public."""
    story = PublishedStory.objects.filter(article_id=article_id).first()
    return Places.of(story) if story else None


def sealed_event(story: PublishedStory, edition: Edition, before: Places | None) -> EditionSealed:
    """Return the fact that a public row now shows this edition at its address; ``before`` is where it stood."""
    changed = changed_lists(before, Places.of(story))
    return EditionSealed(
        article_id=story.article_id,
        thread_key=story.thread_key,
        path=story.path,
        title=story.title,
        edition_number=edition.number,
        passages=edition.passages,
        sections=changed.sections,
        authors=changed.authors,
        tags=changed.tags,
    )


def withdraw_article(article: Page) -> None:
    """Take a story out of everything public. Does nothing for a story that is not there.

    Its editions stay. Records ``ArticleWithdrawn``.
    """
    with transaction.atomic():
        withdraw_stories(PublishedStory.objects.filter(article_id=article.pk))


def withdraw_stories(stories: QuerySet[PublishedStory]) -> None:
    """Take public rows away; the caller holds the transaction. Records ``ArticleWithdrawn`` for each."""
    for story in stories:
        places = Places.of(story)
        search_index.remove(story.pk)
        PublishedStory.objects.filter(pk=story.pk).delete()
        record(
            ArticleWithdrawn(
                article_id=story.article_id,
                thread_key=story.thread_key,
                path=story.path,
                title=story.title,
                sections=[places.section],
                authors=list(places.authors),
                tags=list(places.tags),
            )
        )

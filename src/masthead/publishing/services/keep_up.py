"""Keep what the public sees in step with changes around a story."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page

from masthead.outbox.services import record, record_many
from masthead.publishing import selectors
from masthead.publishing.events import AuthorChanged
from masthead.publishing.models import ArticlePage, Author, Byline, PublishedStory, SectionPage
from masthead.publishing.rules.places import Places
from masthead.publishing.services.compose import author_card
from masthead.publishing.services.seal_edition import (
    seal_edition,
    sealed_event,
    withdraw_article,
    withdraw_stories,
)

BATCH = 200


def refresh_paths(page: Page) -> None:
    """Bring the addresses of all public stories at and under ``page`` up to their place in the tree.

    Records ``EditionSealed`` for each story whose address changed.
    """
    stories = list(_public_under(page).select_related("edition"))
    before = {story.pk: Places.of(story) for story in stories}
    url_paths = dict(Page.objects.filter(pk__in=[story.article_id for story in stories]).values_list("pk", "url_path"))
    parents = dict(ArticlePage.objects.filter(path__startswith=page.path).values_list("pk", "path"))
    sections = {path: pk for pk, path in SectionPage.objects.values_list("pk", "path")}
    with transaction.atomic():
        changed = []
        for story in stories:
            path = selectors.public_path(url_paths[story.article_id])
            section = sections.get(parents[story.article_id][: -page.steplen], story.section_id)
            if (path, section) != (story.path, story.section_id):
                story.path, story.section_id = path, section
                changed.append(story)
        displaced = PublishedStory.objects.filter(path__in=[story.path for story in changed])
        withdraw_stories(displaced.exclude(pk__in=[story.pk for story in changed]))
        _move(changed)
        record_many(sealed_event(story, story.edition, before[story.pk]) for story in changed)


def _move(stories: list[PublishedStory]) -> None:
    """Write new addresses; in two steps, because two stories may have swapped theirs."""
    for story in stories:
        PublishedStory.objects.filter(pk=story.pk).update(path=f"moving:{story.pk}")
    PublishedStory.objects.bulk_update(stories, ["path", "section"], batch_size=BATCH)


def _public_under(page: Page) -> QuerySet[PublishedStory]:
    return PublishedStory.objects.filter(article__path__startswith=page.path)


def refresh_visibility(page: Page) -> None:
    """Seal or withdraw all stories at and under ``page``, after who may read them changed."""
    known = set(_public_under(page).values_list("article_id", flat=True))
    live = ArticlePage.objects.filter(path__startswith=page.path, live=True).select_related("picture")
    for article in live.iterator(chunk_size=BATCH):
        is_public = selectors.is_public(article)
        if is_public and article.pk not in known:
            seal_edition(article)
        elif not is_public and article.pk in known:
            withdraw_article(article)


def refresh_author(author: Author) -> None:
    """Bring the bylines of all public stories of an author up to the author's name, role and portrait.

    Records ``AuthorChanged``: also when no byline differs, for the author's own page says more than a byline.
    """
    stories = list(PublishedStory.objects.filter(article__bylines__author=author).distinct())
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Byline.objects.filter(page_id__in=[story.article_id for story in stories])
    for row in rows.select_related("author__portrait").order_by("page_id", "sort_order"):
        lines[row.page_id].append(author_card(row.author))
    changed = [story for story in stories if story.bylines != lines[story.article_id]]
    for story in changed:
        story.bylines = lines[story.article_id]
    with transaction.atomic():
        PublishedStory.objects.bulk_update(changed, ["bylines"], batch_size=BATCH)
        record(AuthorChanged(author_id=author.pk, article_ids=sorted(story.article_id for story in stories)))

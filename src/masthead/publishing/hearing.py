"""What Django and Wagtail say, and which service hears it: handlers of a line or two, no rules."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from masthead.publishing.models import ArticlePage, Author
from masthead.publishing.services.keep_up import refresh_author, refresh_paths, refresh_visibility
from masthead.publishing.services.seal_edition import seal_edition, withdraw_article


def connect() -> None:
    """Connect all handlers. Safe to call twice."""
    page_published.connect(_published, sender=ArticlePage)
    page_unpublished.connect(_withdrawn, sender=ArticlePage)
    pre_delete.connect(_withdrawn, sender=ArticlePage)
    post_page_move.connect(_moved)
    page_slug_changed.connect(_moved)
    post_save.connect(_author_saved, sender=Author)
    post_save.connect(_restricted, sender=PageViewRestriction)
    post_delete.connect(_restricted, sender=PageViewRestriction)


def _published(instance: ArticlePage, revision: Any = None, **_rest: Any) -> None:
    editor = get_active_log_context().user or getattr(revision, "user", None)
    seal_edition(instance, by=editor)


def _withdrawn(instance: ArticlePage, **_rest: Any) -> None:
    withdraw_article(instance)


def _moved(instance: Any, **_rest: Any) -> None:
    refresh_paths(instance)


def _author_saved(instance: Author, created: bool = False, **_rest: Any) -> None:
    if not created:
        refresh_author(instance)


def _restricted(instance: PageViewRestriction, **_rest: Any) -> None:
    refresh_visibility(instance.page)

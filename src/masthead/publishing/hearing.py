"""What Django and Wagtail say, and which service hears it: handlers of a line or two, no rules.

Stories, sections, pictures, redirects and the site itself are changed in screens of Wagtail's, by its commands and by
its own signals' hearers, which no service of ours stands behind. The models' saves and deletions are the one place
that all of these pass, so facts about them are noted here. Wagtail's screens save inside a transaction, which the
fact joins. What writes many rows at once (``QuerySet.update``, ``bulk_create``) is not heard: our services record
what they do so.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from masthead.publishing.models import ArticlePage, Author, Correction, HomePage, Picture, PlainPage, SectionPage
from masthead.publishing.services import note_changes
from masthead.publishing.services.keep_up import refresh_author, refresh_paths, refresh_visibility
from masthead.publishing.services.put_correction import show_corrections
from masthead.publishing.services.seal_edition import seal_edition, withdraw_article


def connect() -> None:
    """Connect all handlers. Safe to call twice."""
    page_published.connect(_published, sender=ArticlePage)
    page_unpublished.connect(_withdrawn, sender=ArticlePage)
    pre_delete.connect(_withdrawn, sender=ArticlePage)
    post_page_move.connect(_moved)
    page_slug_changed.connect(_moved)
    for kind in (Page, HomePage, SectionPage, PlainPage):
        post_save.connect(_page_saved, sender=kind)
        post_delete.connect(_page_deleted, sender=kind)
    post_save.connect(_author_saved, sender=Author)
    for said in (post_save, post_delete):
        said.connect(_restricted, sender=PageViewRestriction)
        said.connect(_correction_changed, sender=Correction)
        said.connect(_picture_changed, sender=Picture)
        said.connect(_document_changed, sender=get_document_model())
        said.connect(_tag_changed, sender=Tag)
        said.connect(_redirect_changed, sender=Redirect)
        said.connect(_site_changed, sender=Site)


def _published(instance: ArticlePage, revision: Any = None, **_rest: Any) -> None:
    editor = get_active_log_context().user or getattr(revision, "user", None)
    seal_edition(instance, by=editor)


def _withdrawn(instance: ArticlePage, **_rest: Any) -> None:
    withdraw_article(instance)


def _moved(instance: Any, **_rest: Any) -> None:
    refresh_paths(instance)
    note_changes.note_page(instance)


def _page_saved(instance: Page, update_fields: frozenset[str] | None = None, **_rest: Any) -> None:
    if update_fields is None or not update_fields <= note_changes.DRAFT_FIELDS:
        note_changes.note_page(instance, is_gone=not instance.live)


def _page_deleted(instance: Page, **_rest: Any) -> None:
    note_changes.note_deleted_page(instance)


def _author_saved(instance: Author, created: bool = False, **_rest: Any) -> None:
    if not created:
        refresh_author(instance)


def _correction_changed(instance: Correction, **_rest: Any) -> None:
    show_corrections(instance.article_id)


def _restricted(instance: PageViewRestriction, **_rest: Any) -> None:
    refresh_visibility(instance.page)
    note_changes.note_page(instance.page, is_gone=True)


def _picture_changed(instance: Picture, created: bool = False, **_rest: Any) -> None:
    if not created:
        note_changes.note_picture(instance)


def _document_changed(instance: Any, created: bool = False, **_rest: Any) -> None:
    if not created:
        note_changes.note_document(instance)


def _tag_changed(instance: Tag, created: bool = False, **_rest: Any) -> None:
    if not created:
        note_changes.note_tag(instance)


def _redirect_changed(**_rest: Any) -> None:
    note_changes.note_redirects()


def _site_changed(**_rest: Any) -> None:
    note_changes.note_site()

"""Record that something changed which pages show and no other service of this app writes: one function per fact.

Called for the models' own saves and deletions (:mod:`masthead.publishing.hearing`), because editors change these
things in screens of Wagtail's that know no service of ours. Nothing is decided here: a fact too many costs a page
rendered again, a fact too few leaves a page stale.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Page

from masthead.outbox.services import record
from masthead.publishing.events import (
    DocumentChanged,
    PageChanged,
    PictureChanged,
    RedirectsChanged,
    SiteChanged,
    TagChanged,
)
from masthead.publishing.models import HomePage, PlainPage, SectionPage

# What an editor's draft writes to a page's row: nothing of it is public.
DRAFT_FIELDS = frozenset(
    {
        *("alias_of", "alias_of_id", "draft_title", "expire_at", "go_live_at", "has_unpublished_changes"),
        *(
            "latest_revision",
            "latest_revision_created_at",
            "live_revision",
            "locked",
            "locked_at",
            "locked_by",
            "owner",
        ),
    }
)
_KINDS = (HomePage, SectionPage, PlainPage)


def note_page(page: Page, *, is_gone: bool = False) -> None:
    """Record ``PageChanged`` for a page and all under it that are no stories; nothing where there are none."""
    under = [
        pk for kind in _KINDS for pk in kind.objects.filter(path__startswith=page.path).values_list("pk", flat=True)
    ]
    if under:
        _record(PageChanged(page_ids=under, is_gone=is_gone))


def note_deleted_page(page: Page) -> None:
    """Record ``PageChanged`` for a page that is gone; stories tell of themselves."""
    if isinstance(page, _KINDS):
        _record(PageChanged(page_ids=[page.pk], is_gone=True))


def note_picture(picture: Any) -> None:
    """Record ``PictureChanged``."""
    _record(PictureChanged(picture_id=picture.pk))


def note_document(document: Any) -> None:
    """Record ``DocumentChanged``."""
    _record(DocumentChanged(document_id=document.pk))


def note_tag(tag: Any) -> None:
    """Record ``TagChanged``."""
    _record(TagChanged(tag_id=tag.pk))


def note_redirects() -> None:
    """Record ``RedirectsChanged``."""
    _record(RedirectsChanged())


def note_site() -> None:
    """Record ``SiteChanged``."""
    _record(SiteChanged())


def _record(event: Any) -> None:
    """Join the transaction of the change; where its writer opened none, this is one of its own right after it."""
    with transaction.atomic():
        record(event)

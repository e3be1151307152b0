"""Writing pages into the tree outside the editor."""

from __future__ import annotations

from typing import TypeVar

from wagtail.models import Page

PageClass = TypeVar("PageClass", bound=Page)


def taken_slugs(parent: Page, wanted: str) -> set[str]:
    """Return the slugs of pages under ``parent`` that begin as ``wanted`` does, without its number."""
    stem = wanted.rstrip("0123456789").rstrip("-")[:200]
    return set(parent.get_children().filter(slug__startswith=stem).values_list("slug", flat=True))


def save_page(page: PageClass, *, parent: Page) -> PageClass:
    """Save a page, under ``parent`` when it is new, and in step with its latest revision when it has one.

    Call inside a transaction. The parent is read anew: its place in the tree may have moved since.
    """
    if page.pk is None:
        Page.objects.get(pk=parent.pk).add_child(instance=page)
        return page
    page.save()
    if page.latest_revision_id:
        # The editor opens the latest revision, so it must hold what was just written.
        page.save_revision(changed=True, clean=False)
        if page.live:
            page.live_revision = page.latest_revision
            page.has_unpublished_changes = False
            page.save(update_fields=["live_revision", "has_unpublished_changes"])
    return page

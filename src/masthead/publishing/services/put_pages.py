"""Sections and plain pages from elsewhere: imports, seeds, tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.text import slugify

from masthead.core.clock import now
from masthead.publishing.models import HomePage, PlainPage, SectionPage
from masthead.publishing.models.addresses import reserved_slugs
from masthead.publishing.rules.addresses import free_slug
from masthead.publishing.services.raw_body import Block, raw_body
from masthead.publishing.services.tree import save_page, taken_slugs

TopPage = TypeVar("TopPage", SectionPage, PlainPage)


def put_section(*, title: str, slug: str = "", description: str = "", in_menus: bool = True) -> SectionPage:
    """Create the section with this slug, or update the one there is. Public at once.

    An address that the site itself uses, or that a plain page has, gets a number.
    """
    with transaction.atomic():
        section, home = _found(SectionPage, slug or slugify(title, allow_unicode=True))
        section.title = section.draft_title = title[:255]
        section.description = description or section.description
        section.show_in_menus = in_menus
        return save_page(section, parent=home)


def put_plain_page(
    *,
    title: str,
    slug: str = "",
    introduction: str = "",
    body: Sequence[Block] = (),
    live: bool = True,
    in_menus: bool = False,
    page: PlainPage | None = None,
    is_new: bool = False,
    published_at: datetime | None = None,
) -> PlainPage:
    """Create the plain page with this slug, or update it (or ``page``). A page that is not live is a draft.

    ``is_new`` makes a page of its own whatever stands under the slug: it gets a number then. ``published_at`` is
    the date of first publication of a page that is made.
    """
    with transaction.atomic():
        found, home = _found(PlainPage, slug or slugify(title, allow_unicode=True), is_new=is_new)
        plain = page or found
        if published_at and plain.pk is None:
            plain.first_published_at = published_at
        plain.title = plain.draft_title = title[:255]
        plain.introduction = introduction
        plain.body = raw_body(body)
        plain.show_in_menus = in_menus
        plain.live = live
        plain.has_unpublished_changes = not live
        return save_page(plain, parent=home)


def _found(model: type[TopPage], slug: str, *, is_new: bool = False) -> tuple[TopPage, HomePage]:
    """Return the page of this kind and slug under the front page, or a new one with the nearest free slug."""
    home = HomePage.objects.get()
    existing = None if is_new else model.objects.child_of(home).filter(slug=slug).first()
    if existing is not None:
        return existing, home
    fresh: Any = model(slug=free_slug(slug, taken_slugs(home, slug) | reserved_slugs()))
    fresh.first_published_at = fresh.last_published_at = now()
    return fresh, home

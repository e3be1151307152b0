"""What is there already, for those who bring something in from elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Literal

from masthead.publishing.models import ArticlePage, Author, HomePage, Picture, PlainPage, SectionPage

PageKind = Literal["article", "page"]

_BLOCK_ID = re.compile(r', "id": "[0-9a-f-]{36}"|"id": "[0-9a-f-]{36}", ')


def front_page_exists() -> bool:
    """Tell whether the site has been made."""
    return bool(HomePage.objects.exists())


def find_section(*, pk: int | None = None, slug: str = "") -> SectionPage | None:
    """Return the section with this key, else the one with this slug, else None."""
    sections = SectionPage.objects.all()
    found: SectionPage | None = sections.filter(pk=pk).first() if pk else None
    return found or (sections.filter(slug=slug).first() if slug else None)


def find_author(pk: int) -> Author | None:
    """Return an author by key, or None."""
    return Author.objects.filter(pk=pk).first()


def find_picture(pk: int) -> Picture | None:
    """Return a picture by key, or None."""
    found: Picture | None = Picture.objects.filter(pk=pk).first()
    return found


def find_page(kind: PageKind, pk: int) -> ArticlePage | PlainPage | None:
    """Return a story or a plain page by key, or None."""
    model = ArticlePage if kind == "article" else PlainPage
    found: ArticlePage | PlainPage | None = model.objects.filter(pk=pk).first()
    return found


def page_digest(kind: PageKind, pk: int) -> str:
    """Return a digest of what an author wrote on a page, to tell later whether somebody has worked on it.

    Empty when the page is not there.
    """
    page = find_page(kind, pk)
    if page is None:
        return ""
    # Ids of blocks are made anew whenever a body is given as blocks; they say nothing.
    parts = [page.title, _BLOCK_ID.sub("", json.dumps(page.body.get_prep_value()))]
    parts += [page.standfirst, str(page.picture_id)] if isinstance(page, ArticlePage) else [page.introduction]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()

"""Factories for everybody's tests: they take the same roads as the product."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from PIL import Image

from masthead.publishing import services
from masthead.publishing.models import ArticlePage, Author, HomePage, Picture, SectionPage

Block = services.Block


def make_home() -> HomePage:
    """Return the front page, made if there is none."""
    found: HomePage | None = HomePage.objects.first()
    if found is not None:
        return found
    return services.ensure_site(name=settings.MASTHEAD.site.name, url=settings.MASTHEAD.site.url)


def make_section(title: str = "Harbour", **values: Any) -> SectionPage:
    """Return a public section; the same title again is the same section."""
    make_home()
    return services.put_section(title=title, **values)


def make_author(name: str = "Marit Oyelaran", **values: Any) -> Author:
    """Return an author; the same name again is the same author."""
    return services.put_author(name=name, **values)


def make_picture(colour: str = "#456", *, size: tuple[int, int] = (1600, 900), **values: Any) -> Picture:
    """Return a picture of one colour."""
    output = io.BytesIO()
    Image.new("RGB", size, colour).save(output, "PNG")
    return services.put_picture(data=output.getvalue(), name="plain.png", **values)


def make_article(
    title: str = "The pumps were bought two weeks after the warning",
    *,
    section: SectionPage | None = None,
    body: Sequence[Block] | None = None,
    **values: Any,
) -> ArticlePage:
    """Return a live, sealed story; all else as :func:`masthead.publishing.services.put_article` takes it."""
    blocks = [("text", "<p>The engineer’s report is eleven pages long.</p>")] if body is None else body
    return services.put_article(section=section or make_section(), title=title, body=blocks, **values)

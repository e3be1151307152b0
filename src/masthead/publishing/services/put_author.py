"""Authors from elsewhere: imports, seeds, tests."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from masthead.publishing.models import Author, Picture
from masthead.publishing.rules.addresses import free_slug


def put_author(
    *,
    name: str,
    slug: str = "",
    role: str = "",
    biography: str = "",
    portrait: Picture | None = None,
    user: Any = None,
) -> Author:
    """Create the author with this slug, or update the one there is; empty values leave what is there alone.

    Without ``slug`` it is made from the name. A name longer than 120 characters is cut.
    """
    wanted = (slug or slugify(name, allow_unicode=True))[:120].strip("-") or free_slug("author", _taken())
    given = {"role": role[:120], "biography": biography, "portrait": portrait, "user": user}
    with transaction.atomic():
        author = Author.objects.filter(slug=wanted).first() or Author(slug=wanted)
        author.name = name[:120]
        for field, value in given.items():
            if value:
                setattr(author, field, value)
        author.save()
    return author


def _taken() -> set[str]:
    return set(Author.objects.values_list("slug", flat=True))

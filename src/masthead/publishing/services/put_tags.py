"""Tags by name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import slugify
from taggit.models import Tag

from masthead.publishing.rules.addresses import free_slug


def put_tags(*, names: Iterable[str]) -> list[Tag]:
    """Return the tags of these names in order, made where missing. Names differing only in case are one tag."""
    wanted = {name.strip()[:100].lower(): name.strip()[:100] for name in names if name.strip()}
    if not wanted:
        return []
    found = {tag.name.lower(): tag for tag in Tag.objects.filter(name__in=wanted.values())}
    for key, name in wanted.items():
        if key not in found:
            found[key] = Tag.objects.filter(name__iexact=name).first() or _make(name)
    return [found[key] for key in wanted]


def _make(name: str) -> Tag:
    base = slugify(name, allow_unicode=True)[:90] or "tag"
    taken = set(Tag.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return Tag.objects.create(name=name, slug=free_slug(base, taken))

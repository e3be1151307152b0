"""Categories as sections, tags as tags; everything else that WordPress files under "terms" is none of ours."""

from __future__ import annotations

from masthead.porting.records import TermKind, TermRecord
from masthead.porting.text import plain_slug, plain_text

from .elements import RawEntry, RawItem

_DEFAULT_CATEGORY = "uncategorized"
_DOMAINS = {"category": TermKind.SECTION, "post_tag": TermKind.TAG, "tag": TermKind.TAG}


class Terms:
    """The sections and tags of one file."""

    def __init__(self) -> None:
        self._declared: dict[tuple[TermKind, str], TermRecord] = {}
        self._slug_of_id: dict[str, str] = {}

    def declare(self, entry: RawEntry) -> None:
        """Take a ``<wp:category>`` or ``<wp:tag>``."""
        values = entry.values
        if entry.name == "wp:category":
            kind, slug, name, about = (
                TermKind.SECTION,
                values.get("wp:category_nicename", ""),
                values.get("wp:cat_name", ""),
                values.get("wp:category_description", ""),
            )
        else:
            kind, slug, name, about = (
                TermKind.TAG,
                values.get("wp:tag_slug", ""),
                values.get("wp:tag_name", ""),
                values.get("wp:tag_description", ""),
            )
        record = TermRecord(
            kind=kind,
            slug=plain_slug(slug),
            name=plain_text(name) or plain_slug(slug),
            description=plain_text(about),
            parent_slug=plain_slug(values.get("wp:category_parent", "")),
        )
        if record.slug:
            self._declared.setdefault((kind, record.slug), record)
            self._slug_of_id[values.get("wp:term_id", "").strip()] = record.slug

    def all(self) -> tuple[TermRecord, ...]:
        """Return the declared sections and tags in the order of the file."""
        return tuple(self._declared.values())

    def of(self, item: RawItem) -> tuple[tuple[TermRecord, ...], tuple[TermRecord, ...]]:
        """Return an item's sections, the leading one first, and its tags; each once."""
        found: dict[tuple[TermKind, str], TermRecord] = {}
        for domain, nicename, name in item.terms:
            kind = _DOMAINS.get(domain)
            if kind is None:
                continue
            slug = plain_slug(nicename) or plain_slug(plain_text(name).casefold())
            if slug:
                spelt = TermRecord(kind=kind, slug=slug, name=plain_text(name) or slug)
                found.setdefault((kind, slug), self._declared.get((kind, slug), spelt))
        leading = self._slug_of_id.get(item.meta.get("_yoast_wpseo_primary_category", "").strip(), "")
        sections = [term for term in found.values() if term.kind is TermKind.SECTION]
        # The sort is stable: after the chosen one the order of the file stays, the nameless default goes last.
        sections.sort(key=lambda term: (term.slug != leading, term.slug == _DEFAULT_CATEGORY))
        return tuple(sections), tuple(term for term in found.values() if term.kind is TermKind.TAG)

"""What publishing shows on everybody's pages: the sections in the bar, the feeds in the footer."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri

from masthead.publishing import selectors
from masthead.publishing.selectors import NavigationEntry

_SECTIONS = "publishing_sections"
_CURRENT = "publishing_current_section"


def sections_for(request: Any) -> dict[int, NavigationEntry]:
    """Return all public sections by id, asked for once per request."""
    known: dict[int, NavigationEntry] | None = getattr(request, _SECTIONS, None)
    if known is None:
        known = {entry.id: entry for entry in selectors.navigation()}
        setattr(request, _SECTIONS, known)
    return known


def mark_current(request: Any, section_id: int) -> None:
    """Say which section the page belongs to."""
    setattr(request, _CURRENT, section_id)


class SectionLinks:
    """Fills ``masthead.sections``."""

    def prepare(self, request: Any, keys: list[str]) -> list[dict[str, Any]]:
        """Load all sections once."""
        current = getattr(request, _CURRENT, None)
        return [
            {
                "title": entry.title,
                "address": iri_to_uri(entry.path),
                "current": _current(entry, request.path, current),
            }
            for entry in sections_for(request).values()
            if entry.in_menus
        ]

    def render(self, request: Any, key: str, prepared: Any, **options: Any) -> str:
        """Return the list of sections; empty without any."""
        return str(render_to_string("publishing/_sections.html", {"sections": prepared})) if prepared else ""


def _current(entry: NavigationEntry, path: str, current: int | None) -> str:
    if entry.path == path:
        return "page"
    return "true" if entry.id == current else ""


class FooterLinks:
    """Fills ``footer.links``: plain pages shown in menus, and the feed."""

    def prepare(self, request: Any, keys: list[str]) -> list[dict[str, str]]:
        """Load the pages; one query."""
        return [{"title": title, "address": str(iri_to_uri(path))} for title, path in selectors.footer_pages()]

    def render(self, request: Any, key: str, prepared: Any, **options: Any) -> str:
        """Return the list of links."""
        return str(render_to_string("publishing/_footer_links.html", {"pages": prepared}))

"""What publishing shows on everybody's pages: the sections in the bar, the feeds in the footer."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri

from masthead.core.http import made_of
from masthead.edge import fragments
from masthead.publishing import selectors
from masthead.publishing.selectors import NavigationEntry

TAG = "navigation"

_SECTIONS = "publishing_sections"
_CURRENT = "publishing_current_section"


def sections_for(request: Any) -> dict[int, NavigationEntry]:
    """Return all public sections by id, asked for once per request; the page is noted to be made of them."""
    # Noted each time, for each piece of the page that asks is kept apart.
    made_of(request, [TAG])
    known: dict[int, NavigationEntry] | None = getattr(request, _SECTIONS, None)
    if known is None:
        known = {entry.id: entry for entry in selectors.navigation()}
        setattr(request, _SECTIONS, known)
    return known


def mark_current(request: Any, section_id: int, *, is_list: bool = False) -> None:
    """Say which section the page belongs to, or that it is the section's own list."""
    setattr(request, _CURRENT, (section_id, "page" if is_list else "true"))


class SectionLinks:
    """Fills ``masthead.sections``: kept once for each section that a page can belong to."""

    def prepare(self, request: Any, keys: list[str]) -> None:
        """Load nothing: the links are kept with what they show."""

    def render(self, request: Any, key: str, prepared: None, **options: Any) -> str:
        """Return the list of sections; empty without any."""
        current = getattr(request, _CURRENT, (0, ""))
        place = options.get("place", "bar")
        return fragments.kept(
            request,
            "masthead.sections",
            f"{place} {current[1]} {current[0]}",
            tags=(TAG,),
            make=lambda: _section_links(request, place, *current),
        )


def _section_links(request: Any, place: str, current_id: int, current: str) -> str:
    links = [
        {
            "title": entry.title,
            "address": iri_to_uri(entry.path),
            "current": current if entry.id == current_id else "",
        }
        for entry in sections_for(request).values()
        if entry.in_menus
    ]
    return render_to_string("publishing/_sections.html", {"sections": links, "place": place}) if links else ""


class FooterLinks:
    """Fills ``footer.links``: plain pages shown in menus, and the feed."""

    def prepare(self, request: Any, keys: list[str]) -> None:
        """Load nothing: the links are kept with what they show."""

    def render(self, request: Any, key: str, prepared: None, **options: Any) -> str:
        """Return the list of links."""
        return fragments.kept(request, "footer.links", "", tags=(TAG,), make=_footer_links)


def _footer_links() -> str:
    pages = [{"title": title, "address": str(iri_to_uri(path))} for title, path in selectors.footer_pages()]
    return render_to_string("publishing/_footer_links.html", {"pages": pages})

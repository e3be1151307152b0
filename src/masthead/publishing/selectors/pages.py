"""Questions about pages of the tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.models.sites import SiteRootPath

from masthead.core.prepared import Prepared
from masthead.publishing.models import HomePage, Picture, PlainPage, SectionPage

FRONT_DEPTH = 2  # of the front page in the tree; what stands in menus is directly under it


def public_path(url_path: str) -> str:
    """Return the address of a page by its path in the tree; empty when it belongs to no site."""
    return _path_under(Site.get_site_root_paths(), url_path)


def _path_under(roots: Iterable[SiteRootPath], url_path: str) -> str:
    for root in roots:
        if url_path.startswith(root.root_path):
            return f"/{url_path[len(root.root_path) :]}"
    return ""


def path_of(page: Page) -> str:
    """Return the address of a page, beginning with a slash; empty when it belongs to no site."""
    return public_path(page.url_path)


def is_public(page: Page) -> bool:
    """Tell whether everybody may read this page now: live, reachable, no alias, no restriction on it or above it."""
    if not page.live or page.alias_of_id or not path_of(page):
        return False
    return not PageViewRestriction.objects.filter(page__path__in=_lineage(page)).exists()


def _lineage(page: Page) -> list[str]:
    """Return the tree paths of a page and of all pages above it."""
    return [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]


def section_id_of(page: Page) -> int:
    """Return the id of the page above."""
    parent: int = Page.objects.values_list("pk", flat=True).get(path=page.path[: -page.steplen])
    return parent


def link_paths(links: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return addresses for links that the editor stored by (kind, id); what is not public is left out."""
    wanted = list(links)
    pages = [number for kind, number in wanted if kind == "page"]
    documents = [number for kind, number in wanted if kind == "document"]
    found: dict[tuple[str, int], str] = {}
    if pages:
        rows = Page.objects.live().public().filter(pk__in=pages).values_list("pk", "url_path")
        found.update({("page", pk): public_path(url_path) for pk, url_path in rows})
    if documents:
        held = get_document_model().objects.in_bulk(documents)
        found.update({("document", pk): document.url for pk, document in held.items()})
    return {key: path for key, path in found.items() if path}


@dataclass(frozen=True)
class NavigationEntry:
    """One section as the site's navigation shows it."""

    id: int
    title: str
    path: str
    description: str
    in_menus: bool


def navigation() -> list[NavigationEntry]:
    """Return all public sections in the order of the tree; one query."""
    rows = _PUBLIC_SECTIONS.rows()
    roots = Site.get_site_root_paths() if rows else []
    entries = [
        NavigationEntry(pk, title, _path_under(roots, url), about, shown) for pk, title, url, about, shown in rows
    ]
    return [entry for entry in entries if entry.path]


_PUBLIC_SECTIONS = Prepared(
    lambda: (
        SectionPage.objects.live()
        .filter(view_restrictions__isnull=True)
        .order_by("path")
        .values_list("pk", "title", "url_path", "description", "show_in_menus")
    )
)


def lead_story_id() -> int | None:
    """Return the id of the story that the editor put first on the front page, if any."""
    chosen: int | None = HomePage.objects.values_list("lead_story_id", flat=True).first()
    return chosen


def plain_page_at(path: str) -> PlainPage | None:
    """Return the plain page at an address that everybody may read, or None."""
    for root in Site.get_site_root_paths():
        page: PlainPage | None = (
            PlainPage.objects.live().public().filter(url_path=f"{root.root_path}{path.lstrip('/')}").first()
        )
        if page is not None:
            return page
    return None


def footer_pages() -> list[tuple[str, str]]:
    """Return title and address of the public plain pages that menus show, in the order of the tree; one query."""
    rows = _PAGES_IN_MENUS.rows()
    roots = Site.get_site_root_paths() if rows else []
    return [(title, path) for title, url in rows if (path := _path_under(roots, url))]


_PAGES_IN_MENUS = Prepared(
    lambda: (
        PlainPage.objects.live()
        .in_menu()
        .filter(view_restrictions__isnull=True, depth=FRONT_DEPTH + 1)
        .order_by("path")
        .values_list("title", "url_path")
    )
)


def redirect_target(address: str) -> tuple[str, bool] | None:
    """Return where an old address (path with query) leads and whether for good, or None; one query."""
    found = Redirect.objects.filter(old_path=Redirect.normalise_path(address)).order_by("-site").first()
    return (str(found.link), bool(found.is_permanent)) if found is not None and found.link else None


def picture(picture_id: int) -> Picture | None:
    """Return a picture, or None."""
    found: Picture | None = Picture.objects.filter(pk=picture_id).first()
    return found

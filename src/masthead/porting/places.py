"""Where stories go and who wrote them: sections and authors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from masthead.publishing.selectors import find_author, find_section
from masthead.publishing.services import put_author, put_section

from .memory import Memory
from .models import ImportRecord
from .records import AuthorRecord, StoryRecord, Survey

# More would not fit into a masthead; the others are reached from their stories.
SECTIONS_IN_MENU = 8


def author_key(site: str, login: str) -> str:
    """Return the name under which an author is remembered: two sites may both have an "admin"."""
    return f"{site} {login}"


class Places:
    """Finds or makes the section and the authors of a story. What is already here is left as it is."""

    def __init__(self, *, survey: Survey, memory: Memory) -> None:
        self._memory = memory
        self._authors: Mapping[str, AuthorRecord] = survey.authors
        self._site = survey.base_url
        ranked = sorted(survey.section_sizes, key=lambda slug: -survey.section_sizes[slug])
        self._in_menu = frozenset(ranked[:SECTIONS_IN_MENU])
        self._sections: dict[str, Any] = {}
        self._made_authors: dict[str, Any] = {}

    def section_of(self, story: StoryRecord) -> Any:
        """Return the section of a post: its leading category, else the one for all others."""
        if story.sections:
            leading = story.sections[0]
            return self._section(
                leading.slug, leading.name, leading.description, in_menus=leading.slug in self._in_menu
            )
        return self._section("stories", _("Stories"), in_menus=True)

    def section_for_pages(self) -> Any:
        """Return where pages stand that readers have discussed."""
        return self._section("pages", _("Pages"), in_menus=False)

    def _section(self, slug: str, name: str, description: str = "", *, in_menus: bool) -> Any:
        if slug not in self._sections:
            self._sections[slug] = self._found_section(slug) or self._made_section(
                slug, name, description, in_menus=in_menus
            )
        return self._sections[slug]

    def _found_section(self, slug: str) -> Any:
        return find_section(pk=self._memory.target_id(ImportRecord.Kind.SECTION, slug), slug=slug)

    def _made_section(self, slug: str, name: str, description: str, *, in_menus: bool) -> Any:
        section = put_section(title=name, slug=slug, description=description, in_menus=in_menus)
        self._memory.keep(ImportRecord.Kind.SECTION, slug, f"section:{section.pk}")
        return section

    def authors_of(self, story: StoryRecord) -> list[Any]:
        """Return the authors of a story in the order of its byline. Logins and addresses are never shown."""
        return [self._author(key) for key in story.author_keys]

    def _author(self, key: str) -> Any:
        if key not in self._made_authors:
            name = author_key(self._site, key)
            kept = self._memory.target_id(ImportRecord.Kind.AUTHOR, name)
            author = find_author(kept) if kept else None
            if author is None:
                author = put_author(name=self._authors[key].name)
                self._memory.keep(ImportRecord.Kind.AUTHOR, name, f"author:{author.pk}")
            self._made_authors[key] = author
        return self._made_authors[key]

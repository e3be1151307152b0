"""The old site's lists: the address of a category, tag or author goes on leading to what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.urls import reverse
from wagtail.models import Page

from masthead.publishing.selectors import find_author, find_section
from masthead.publishing.services import put_redirect, put_tags

from .memory import Memory
from .models import ImportRecord
from .places import author_key
from .records import StoryRecord, Survey, TermKind
from .text import plain_slug


class Archives:
    """Notes what the stories stand under, and redirects the lists of it.

    Of the old site's own choices the export tells nothing, so the addresses are those WordPress gives a new site:
    ``/category/news/local/``, ``/tag/harbour/``, ``/author/ada/``.
    """

    def __init__(self, *, survey: Survey, memory: Memory) -> None:
        self._memory = memory
        self._site = survey.base_url
        self._base = urlsplit(survey.base_url).path.rstrip("/")
        self._parents: Mapping[str, str] = {
            term.slug: term.parent_slug for term in survey.terms if term.kind is TermKind.SECTION
        }
        self._sections: set[str] = set()
        self._names: dict[tuple[TermKind, str], str] = {}
        self._authors: set[str] = set()

    def note(self, story: StoryRecord) -> None:
        """Note the sections, tags and authors of a story, be it new or known."""
        self._sections.update(term.slug for term in story.sections[:1])
        for term in (*story.sections[1:], *story.tags):
            self._names.setdefault((term.kind, term.slug), term.name)
        self._authors.update(story.author_keys)

    def redirect(self) -> None:
        """Let every list that was noted lead to the section, tag or author it became. Safe to do again."""
        for slug in sorted(self._sections):
            section = find_section(pk=self._memory.target_id(ImportRecord.Kind.SECTION, slug), slug=slug)
            if section is not None:
                self._put(self._category_paths(slug), section)
        for (kind, slug), name in sorted(self._names.items()):
            if kind is TermKind.TAG:
                self._put([f"tag/{slug}"], self._tag_path(name))
            elif slug not in self._sections:  # where no story stood foremost, the category became a tag
                self._put(self._category_paths(slug), self._tag_path(name))
        for key in sorted(self._authors):
            kept = self._memory.target_id(ImportRecord.Kind.AUTHOR, author_key(self._site, key))
            author = find_author(kept) if kept else None
            if author is not None and "@" not in key:  # an e-mail address is never written down as an address here
                self._put([f"author/{plain_slug(key).lower()}"], reverse("publishing:author", args=[author.slug]))

    def _category_paths(self, slug: str) -> list[str]:
        """Return the address of a category, and the one below its parents."""
        line = [slug]
        while (parent := self._parents.get(line[0], "")) and parent not in line:
            line.insert(0, parent)
        return list(dict.fromkeys([f"category/{slug}", f"category/{'/'.join(line)}"]))

    def _tag_path(self, name: str) -> str:
        (tag,) = put_tags(names=[name])
        return reverse("publishing:tag", args=[tag.slug])

    def _put(self, paths: list[str], target: str | Page) -> None:
        for path in paths:
            put_redirect(old=f"{self._base}/{path}/", target=target)

"""The words of a story's editions, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from masthead.publishing.models import Edition, PublishedStory
from masthead.publishing.rules import story_blocks

_FIELDS = ("number", "sha256", "html", "text")


@dataclass(frozen=True)
class Manuscript:
    """One edition: its number, its hash, and name and words of each paragraph."""

    number: int
    sha256: str
    paragraphs: tuple[tuple[str, str], ...]


def manuscript(thread_key: str) -> Manuscript | None:
    """Return the current edition of a public story, by the name of its discussion; one query."""
    fields = [f"edition__{name}" for name in _FIELDS]
    found = PublishedStory.objects.filter(thread_key=thread_key).values_list(*fields).first()
    return _manuscript(*found) if found else None


def manuscripts_since(thread_key: str, number: int) -> Iterator[Manuscript]:
    """Return the editions of a story after this one, oldest first."""
    editions = Edition.objects.filter(thread_key=thread_key, number__gt=number).order_by("number")
    for row in editions.values_list(*_FIELDS).iterator(chunk_size=20):
        yield _manuscript(*row)


def _manuscript(number: int, sha256: str, html: str, text: str) -> Manuscript:
    # Editions from before paragraphs had names are read by their lines; no link leads to such a paragraph.
    lines = ((f"line-{position}", line) for position, line in enumerate(text.split("\n"), start=1))
    return Manuscript(number, sha256, tuple(story_blocks.paragraphs(html) or lines))

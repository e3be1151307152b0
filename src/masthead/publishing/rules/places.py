"""In which lists a story stands, and whose lists a change of it alters. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Places:
    """What decides where a story stands in lists: its section, authors and tags by id, and its date."""

    section: int
    authors: tuple[int, ...]
    tags: tuple[int, ...]
    published_at: datetime

    @classmethod
    def of(cls, story: Any) -> Places:
        """Read them from a public row, which may be one of before ids were kept."""
        return cls(
            section=story.section_id,
            authors=tuple(line["id"] for line in story.bylines if line.get("id")),
            tags=tuple(tag["id"] for tag in story.tags if tag.get("id")),
            published_at=story.published_at,
        )


@dataclass(frozen=True)
class Lists:
    """Ids of the sections, authors and tags whose lists are other ones now."""

    sections: list[int] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


def changed_lists(before: Places | None, after: Places) -> Lists:
    """Return whose lists changed: all of both where the story came, moved to another section or another date.

    Where only its authors or tags changed, those that were added or taken away.
    """
    if before is None:
        return Lists([after.section], sorted(after.authors), sorted(after.tags))
    if (before.section, before.published_at) != (after.section, after.published_at):
        return Lists(
            sorted({before.section, after.section}),
            sorted({*before.authors, *after.authors}),
            sorted({*before.tags, *after.tags}),
        )
    return Lists([], sorted({*before.authors} ^ {*after.authors}), sorted({*before.tags} ^ {*after.tags}))

"""The parts of the demo newsroom as they stand in its files: plain frozen values, no database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

BlockKind = Literal["text", "heading", "picture", "quote", "list", "table", "code", "embed"]
GiftMethod = Literal["bank_transfer", "cash"]

_LINK = re.compile(r"\b(story|page):([a-z0-9-]+)")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A drawing by name, with the words that go beside it."""

    name: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One part of a body. Which fields are filled depends on ``kind``; the others are empty.

    text: ``html`` (p, a, em, strong). heading: ``text``. picture: ``picture``. quote: ``text``, ``attribution``.
    list: ``items``, ``ordered``. table: ``header``, ``rows``, ``caption``. code: ``text``, ``language``.
    embed: ``url``, ``title``.
    """

    kind: BlockKind
    html: str = ""
    text: str = ""
    attribution: str = ""
    items: tuple[str, ...] = ()
    ordered: bool = False
    caption: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    language: str = ""
    url: str = ""
    title: str = ""
    picture: Picture | None = None

    def words(self) -> int:
        """Return how many words a reader reads here, captions and code left out."""
        cells = [cell for row in (self.header, *self.rows) for cell in row]
        prose = "" if self.kind == "code" else self.text
        return len(" ".join([_TAG.sub(" ", self.html), prose, *self.items, *cells]).split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section of the paper, in the order of its menu."""

    slug: str
    name: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with a byline. The portrait has the name of the slug. The publisher runs the site."""

    slug: str
    name: str
    role: str
    biography: str
    staff: bool
    publisher: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question an author asks about the words ``quote``, which stand in the story exactly so."""

    quote: str
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What was put right, ``before`` that long ago."""

    before: timedelta
    text: str
    credit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One story, published ``before`` that long ago."""

    slug: str
    section: str
    kind: str
    headline: str
    standfirst: str
    authors: tuple[str, ...]
    before: timedelta
    tags: tuple[str, ...]
    picture: Picture
    body: tuple[Block, ...]
    question: Question | None
    correction: Correction | None

    def words(self) -> int:
        """Return the number of words in the body."""
        return sum(block.words() for block in self.body)

    def pictures(self) -> Iterator[Picture]:
        """Yield the lead picture and those in the body."""
        yield self.picture
        yield from (block.picture for block in self.body if block.picture is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A plain page, such as the moderation rules."""

    slug: str
    title: str
    summary: str
    body: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """One comment under the story ``story``, posted ``before`` that long ago.

    ``author`` is the slug of a member of staff, or empty for a reader. A deleted comment has no text left.
    """

    id: str
    story: str
    parent: str
    name: str
    author: str
    before: timedelta
    text: str
    votes_up: int
    votes_down: int
    answers_question: bool
    is_deleted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """The fund behind the meter, named after the month. ``raised_minor`` is what the gifts must come to."""

    slug: str
    goal_minor: int
    raised_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gift:
    """One gift, ``day`` days after the first of the month. A reversed one gives the reason and counts nothing."""

    day: int
    method: GiftMethod
    amount_minor: int
    name: str
    reversed_reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoContent:
    """The whole invented newsroom. Stories are ordered newest first, comments oldest first.

    ``members`` are the names of readers with an account.
    """

    name: str
    tagline: str
    sections: tuple[Section, ...]
    people: tuple[Person, ...]
    stories: tuple[Story, ...]
    pages: tuple[Page, ...]
    members: tuple[str, ...]
    comments: tuple[Comment, ...]
    campaign: Campaign
    gifts: tuple[Gift, ...]

    def comments_on(self, story: str) -> tuple[Comment, ...]:
        """Return the comments under the story with this slug, parents before their replies."""
        return tuple(comment for comment in self.comments if comment.story == story)

    def pieces(self) -> tuple[Story | Page, ...]:
        """Return everything with a body: stories, then pages."""
        return (*self.stories, *self.pages)

    def lead(self) -> Story:
        """Return the newest story, which leads the front page and carries the long thread."""
        return self.stories[0]


def links(text: str) -> frozenset[tuple[str, str]]:
    """Return the (kind, slug) of every ``story:`` and ``page:`` link in ``text``."""
    return frozenset((kind, slug) for kind, slug in _LINK.findall(text))

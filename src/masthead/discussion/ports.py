"""What this app must ask of others; the project binds the answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from masthead.discussion.rules.anchors import Block
from masthead.discussion.rules.stars import OVERALL, Rated, RatedField

Kind = Literal["comments", "questions", "ratings"]
Openness = Literal["open", "closed", "off"]


@dataclass(frozen=True)
class Subject:
    """What a thread is about."""

    title: str
    path: str
    is_public: bool
    comments: Openness = "open"
    author_user_ids: frozenset[int] = field(default_factory=frozenset)
    kind: Kind = "comments"
    """What readers are asked for: ``questions`` are roots, and answered when the newsroom wrote below; ``ratings`` are
    roots with stars."""
    rated_fields: tuple[RatedField, ...] = ()
    """What is rated beside *Overall*, where readers rate."""
    rated: Rated | None = None
    """What the stars are about, where an editor said it."""
    closes_at: datetime | None = None
    """When it stops taking comments by itself; ``comments`` says ``closed`` from then on."""
    has_text: bool = True
    """Whether it is a text of ours, in which readers can mark words."""

    @property
    def asks_stars(self) -> tuple[RatedField, ...]:
        """What readers rate, in order; nothing where they do not."""
        return (RatedField(OVERALL), *self.rated_fields) if self.kind == "ratings" else ()


class SubjectDirectory(Protocol):
    """Knows what thread keys stand for."""

    def describe(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return what is known, in one query; unknown keys are left out."""
        ...


class AuthorBadges(Protocol):
    """Knows what to say beside a writer's name."""

    def badges(self, writers: Collection[int | str]) -> Mapping[int | str, str]:
        """Return a role in words (Editor, Supporter) for those writers who have one; few queries, whatever the count.

        An account is asked for by its id, a guest by the address that he has proven.
        """
        ...


class ReservedNames(Protocol):
    """Knows the names under which guests may not write."""

    def reserved(self) -> Collection[str]:
        """Return the shown names of staff and authors."""
        ...


@dataclass(frozen=True)
class Submission:
    """What a scorer may see of a text."""

    thread_key: str
    name: str
    html: str
    is_guest: bool


@dataclass(frozen=True)
class Verdict:
    """What a scorer thinks; ``reason`` is a short code that moderators see."""

    action: Literal["publish", "hold", "spam"]
    reason: str = ""


@dataclass(frozen=True)
class Manuscript:
    """One edition of the text that a thread is about: its number, its hash, its paragraphs in order."""

    edition: int
    digest: str
    blocks: tuple[Block, ...]


class Manuscripts(Protocol):
    """Knows the texts, in which readers mark words."""

    def current(self, key: str) -> Manuscript | None:
        """Return what is public now, or None."""
        ...

    def since(self, key: str, edition: int) -> Iterable[Manuscript]:
        """Return the editions after this one, oldest first, whether they are still public or not."""
        ...


class NoManuscripts:
    """The answer where nothing is bound: nobody can mark words."""

    def current(self, key: str) -> Manuscript | None:
        """Know nothing."""
        return None

    def since(self, key: str, edition: int) -> Iterable[Manuscript]:
        """Know nothing."""
        return ()


class ScorerUnavailable(Exception):
    """The scorer cannot say. The comment is held then: a broken scorer opens no door."""


class SpamScorer(Protocol):
    """Judges a text before it is stored, outside any transaction."""

    def score(self, submission: Submission) -> Verdict:
        """Judge, or raise :class:`ScorerUnavailable`."""
        ...


class NoScorer:
    """The answer where nothing is bound: it has no opinion; the site's ``hold`` setting decides alone."""

    def score(self, submission: Submission) -> Verdict:
        """Publish."""
        return Verdict("publish")


class KeptElsewhere(Protocol):
    """Knows what the rest of the site keeps of a person, and erases it at that person's wish."""

    def records(self, *, user_id: int | None, address: str) -> Mapping[str, list[dict[str, Any]]]:
        """Return rows for the person to take away, by the name of their kind. ``address`` is proven, or empty."""
        ...

    def erase(self, *, user_id: int | None, address: str) -> None:
        """Erase it; twice is once. What others depend on (an account of the newsroom, money received) stays."""
        ...


class NothingElsewhere:
    """The answer where nothing is bound."""

    def records(self, *, user_id: int | None, address: str) -> Mapping[str, list[dict[str, Any]]]:
        """Know of nothing."""
        return {}

    def erase(self, *, user_id: int | None, address: str) -> None:
        """Have nothing to erase."""

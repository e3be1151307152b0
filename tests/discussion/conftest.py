"""The discussion alone: its ports answered by fakes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.discussion.ports import AuthorBadges, ReservedNames, SpamScorer, SubjectDirectory
from masthead.discussion.testing import (
    FakeAuthorBadges,
    FakeReservedNames,
    FakeSpamScorer,
    FakeSubjectDirectory,
    bound,
)


@pytest.fixture
def subjects() -> Iterator[FakeSubjectDirectory]:
    """One open, public story under ``article:1``."""
    directory = FakeSubjectDirectory()
    directory.put("article:1")
    with bound(SubjectDirectory, directory):
        yield directory


@pytest.fixture
def badges() -> Iterator[FakeAuthorBadges]:
    """Nobody has a role."""
    with bound(AuthorBadges, FakeAuthorBadges()) as fake:
        yield fake


@pytest.fixture
def reserved() -> Iterator[FakeReservedNames]:
    """One name of the newsroom."""
    with bound(ReservedNames, FakeReservedNames(["Marit Oyelaran"])) as fake:
        yield fake


@pytest.fixture
def scorer() -> Iterator[FakeSpamScorer]:
    """A scorer that finds everything good."""
    with bound(SpamScorer, FakeSpamScorer()) as fake:
        yield fake

"""The discussion alone: its ports answered by fakes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.discussion.ports import AuthorBadges, Manuscripts, ReservedNames, SpamScorer, SubjectDirectory
from masthead.discussion.testing import (
    FakeAuthorBadges,
    FakeManuscripts,
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


@pytest.fixture
def manuscripts() -> Iterator[FakeManuscripts]:
    """Two paragraphs of one story."""
    with bound(Manuscripts, FakeManuscripts()) as fake:
        fake.publish("article:1", "The pumps were bought in March.", "Nobody has said who signed for them.")
        yield fake

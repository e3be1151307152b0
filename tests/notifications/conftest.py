"""One story with a few comments, and a real mail server."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from masthead.core import ports
from masthead.notifications.ports import (
    CommentNews,
    MemberDirectory,
    RecipientDirectory,
    Topic,
    TopicDirectory,
)
from masthead.notifications.testing import FakeDirectory
from tests.letters import smtp

__all__ = ["smtp"]

TOPIC = "thread:story"


@dataclass(frozen=True)
class Posted:
    """The fact that a comment became public, as these tests tell it."""

    comment_id: str


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> FakeDirectory:
    """One public story; ``c2`` of ben answers ``c1`` of ada."""
    fake = FakeDirectory(
        topics={TOPIC: Topic("The pumps", "/town-hall/the-pumps/"), "thread:other": Topic("The ferry", "/the-ferry/")},
        news={
            "c1": CommentNews(TOPIC, "Ada", "I worked there.", "/c/c1/", author_address="ada@example.org"),
            "c2": CommentNews(
                TOPIC,
                "Ben",
                "Then say so.",
                "/c/c2/",
                author_address="ben@example.org",
                ancestor_addresses=frozenset({"ada@example.org"}),
            ),
        },
    )
    for port in (TopicDirectory, RecipientDirectory, MemberDirectory):
        monkeypatch.setitem(ports._bound, port, fake)
    return fake

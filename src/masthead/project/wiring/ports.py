"""Ports: one line per pair."""

from __future__ import annotations

from masthead.core import ports
from masthead.discussion.ports import AuthorBadges, NoScorer, ReservedNames, SpamScorer
from masthead.project.answers.discussion import AccountBadges, AccountNames


def connect() -> None:
    """Bind all ports."""
    ports.bind(AuthorBadges, AccountBadges())
    ports.bind(ReservedNames, AccountNames())
    ports.bind(SpamScorer, NoScorer())

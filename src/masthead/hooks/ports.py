"""What this app needs to be given: a way out, the list of what can be told, and whom to write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from masthead.core.outgoing import Reply


class Carrier(Protocol):
    """Takes a message to a receiver."""

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Return what came back; raise ``core.outgoing.NoReply`` where nothing did or nobody may be spoken to."""
        ...


@dataclass(frozen=True)
class Kind:
    """A type of message, and in words when it is sent."""

    type: str
    label: str


class Catalogue(Protocol):
    """All that this site can tell."""

    def kinds(self) -> Sequence[Kind]:
        """Return the types of messages, in the order in which people read them."""
        ...


class Newsroom(Protocol):
    """Who looks after receivers."""

    def address_for(self, user_id: int | None) -> str:
        """Return where to write about a receiver that this account made; empty where nobody can be written to."""
        ...

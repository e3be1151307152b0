"""What this app must ask of others; the project binds the answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Topic:
    """What people are told about: a title and the page it stands on, as a path of this site."""

    title: str
    path: str


class TopicDirectory(Protocol):
    """Knows what topics stand for."""

    def describe(self, topics: Collection[str]) -> Mapping[str, Topic]:
        """Return the public topics among these, in a bounded number of queries; others are left out."""
        ...


@dataclass(frozen=True)
class CommentNews:
    """What a mail about a comment needs to know of it.

    ``text`` is plain. ``author_address`` and ``ancestor_addresses`` are in their normal form; empty where nobody
    gave one. The ancestors are the comments above it, up to the root.
    """

    topic: str
    author: str
    text: str
    path: str
    author_address: str = ""
    ancestor_addresses: frozenset[str] = field(default_factory=frozenset)


class RecipientDirectory(Protocol):
    """Knows who is concerned by a comment, and what it says."""

    def topics_of(self, comment_ids: Collection[str]) -> Mapping[str, str]:
        """Return the topic of each of these comments that is known, in one query."""
        ...

    def comments(self, comment_ids: Collection[str]) -> Mapping[str, CommentNews]:
        """Return the comments that are public now; others are left out."""
        ...


class MemberDirectory(Protocol):
    """Knows which address an account has proven to own."""

    def proven_addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the proven address of each account that has one, in its normal form."""
        ...


@dataclass(frozen=True)
class Message:
    """One message to one person.

    ``id`` is the same for every attempt. ``conversation`` groups messages in mail programs. ``stop_url``, where
    given, stops mails of this kind by a POST without a cookie (RFC 8058).
    """

    id: str
    kind: str
    address: str
    values: Mapping[str, Any]
    conversation: str = ""
    stop_url: str = ""


class Channel(Protocol):
    """A way to reach people."""

    def send(self, message: Message) -> None:
        """Hand the message over; returning means that it was accepted.

        Raises ``outbox.errors.Retry`` when it may work later, ``outbox.errors.Gone`` when this message never
        will, and ``AddressRefused`` when no message to this address will.
        """
        ...

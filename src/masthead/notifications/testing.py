"""For everybody's tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from masthead.core.clock import now
from masthead.notifications.models import Recipient, Subscription
from masthead.notifications.ports import CommentNews, Topic


def make_subscription(
    *, topic: str = "thread:story", address: str = "ada@example.org", kind: str = "all", is_confirmed: bool = True
) -> Subscription:
    """Make a subscription, confirmed unless told otherwise."""
    recipient, _ = Recipient.objects.get_or_create(address=address)
    return Subscription.objects.create(
        topic=topic, recipient=recipient, kind=kind, confirmed_at=now() if is_confirmed else None
    )


@dataclass
class FakeDirectory:
    """Answers all three ports of this app from dictionaries."""

    topics: dict[str, Topic] = field(default_factory=dict)
    news: dict[str, CommentNews] = field(default_factory=dict)
    proven: dict[int, str] = field(default_factory=dict)

    def describe(self, topics: Collection[str]) -> Mapping[str, Topic]:
        """Return the topics it was given."""
        return {key: self.topics[key] for key in topics if key in self.topics}

    def topics_of(self, comment_ids: Collection[str]) -> Mapping[str, str]:
        """Return the topics of the comments it was given."""
        return {key: self.news[key].topic for key in comment_ids if key in self.news}

    def comments(self, comment_ids: Collection[str]) -> Mapping[str, CommentNews]:
        """Return the comments it was given."""
        return {key: self.news[key] for key in comment_ids if key in self.news}

    def proven_addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the addresses it was given."""
        return {key: self.proven[key] for key in user_ids if key in self.proven}

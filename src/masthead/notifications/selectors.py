"""What is subscribed to, and who is concerned by what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from masthead.core import ports
from masthead.notifications import links
from masthead.notifications.errors import LinkNotValid
from masthead.notifications.models import Recipient, Subscription
from masthead.notifications.ports import CommentNews, MemberDirectory, Topic, TopicDirectory
from masthead.notifications.rules.kinds import concerns


@dataclass(frozen=True)
class Wanted:
    """One subscription as its owner sees it. ``path`` is empty when the story is not public any more."""

    subscription_id: str
    title: str
    path: str
    kind: str
    kind_label: str
    is_confirmed: bool


def topic_named(topic: str) -> Topic | None:
    """Return what a topic stands for, if it is public."""
    return ports.get(TopicDirectory).describe([topic]).get(topic)


def recipient_for(token: str) -> Recipient:
    """Return the recipient a manage link belongs to. Refuses with :class:`LinkNotValid`."""
    recipient = Recipient.objects.filter(public_id=links.read_manage(token)).first()
    if recipient is None:
        raise LinkNotValid
    return recipient


def subscription_for(token: str) -> tuple[Subscription, str]:
    """Return the subscription a confirm link belongs to, and the kind it would confirm.

    Refuses with :class:`LinkNotValid`, also when the subscription was given up meanwhile.
    """
    subscription_id, kind = links.read_confirm(token)
    row = Subscription.objects.select_related("recipient").filter(public_id=subscription_id).first()
    if row is None:
        raise LinkNotValid
    return row, kind


def subscriptions_of(recipient: Recipient) -> list[Wanted]:
    """Return all subscriptions of an address, newest first, in two queries and one question."""
    rows = list(recipient.subscriptions.order_by("-id"))
    topics = ports.get(TopicDirectory).describe({row.topic for row in rows})
    return [
        Wanted(
            subscription_id=row.public_id,
            title=topics[row.topic].title if row.topic in topics else "",
            path=topics[row.topic].path if row.topic in topics else "",
            kind=row.kind,
            kind_label=row.get_kind_display(),
            is_confirmed=row.confirmed_at is not None,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Subscriber:
    """One confirmed subscription of an address that takes mail."""

    recipient_id: int
    address: str
    kind: str


def subscribers_of(topics: Collection[str]) -> dict[str, list[Subscriber]]:
    """Return who wants to hear about each of these topics; topics about which nobody does are left out. One query."""
    rows = Subscription.objects.filter(
        topic__in=topics, confirmed_at__isnull=False, recipient__refused_at__isnull=True
    ).values_list("topic", "recipient_id", "recipient__address", "kind")
    found: dict[str, list[Subscriber]] = {}
    for topic, pk, address, kind in rows.iterator():
        found.setdefault(topic, []).append(Subscriber(pk, address, kind))
    return found


def recipients_concerned(news: CommentNews, subscribers: Iterable[Subscriber]) -> list[int]:
    """Return the ids of recipients among ``subscribers`` to whom a comment is news; never its writer."""
    return [
        item.recipient_id
        for item in subscribers
        if concerns(
            item.kind,
            address=item.address,
            author_address=news.author_address,
            ancestor_addresses=news.ancestor_addresses,
        )
    ]


def proven_address(user_id: int | None) -> str:
    """Return the address an account has proven, else an empty text."""
    if user_id is None:
        return ""
    return ports.get(MemberDirectory).proven_addresses([user_id]).get(user_id, "")


def manage_path_of(address: str) -> str | None:
    """Return the path of the manage page of an address, if anybody ever subscribed it."""
    recipient = Recipient.objects.filter(address=address).first() if address else None
    return links.manage_path(recipient.public_id) if recipient else None


def records_of(address: str) -> list[dict[str, Any]]:
    """Return the subscriptions of an address for its owner to take away."""
    rows = Subscription.objects.filter(recipient__address=address).order_by("id")
    return [
        {
            "topic": row.topic,
            "kind": row.kind,
            "asked_at": row.created_at.isoformat(),
            "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        }
        for row in rows
    ]


def wanted_by(address: str) -> list[Wanted]:
    """Return all subscriptions of an address; none for one that never subscribed."""
    recipient = Recipient.objects.filter(address=address).first() if address else None
    return subscriptions_of(recipient) if recipient else []

"""Write one message from what is true now, and hand it to its channel."""

from __future__ import annotations

from collections.abc import Callable

from masthead.core import ports
from masthead.core.clock import now
from masthead.core.http import absolute_url
from masthead.core.text import one_line
from masthead.notifications import channels, conf, links, selectors
from masthead.notifications.events import DeliveryQueued
from masthead.notifications.models import Delivery, Recipient, Subscription
from masthead.notifications.ports import Message, RecipientDirectory, Topic
from masthead.outbox.errors import AddressRefused, Gone


def deliver(event: DeliveryQueued, event_id: str) -> None:
    """Send one queued message, unless it was sent or has become pointless meanwhile.

    A channel's wish to try later passes through to the worker. A worker that dies after the mail server said yes and
    before the row says so will hand the same message over again, under the same ``Message-ID``.
    """
    row = (
        Delivery.objects.select_related("recipient")
        .filter(public_id=event.delivery_id, outcome=Delivery.Outcome.WAITING)
        .first()
    )
    if row is None:
        return
    try:
        channels.get(row.channel).send(_WRITERS[row.kind](row))
    except Gone as answer:
        _finish(row, Delivery.Outcome.DROPPED, str(answer))
        if isinstance(answer, AddressRefused):
            Recipient.objects.filter(pk=row.recipient_id).update(refused_at=now())
        raise
    _finish(row, Delivery.Outcome.SENT)


def _finish(row: Delivery, outcome: str, reason: str = "") -> None:
    Delivery.objects.filter(pk=row.pk).update(outcome=outcome, reason=reason[:200], finished_at=now())


def _confirmation(row: Delivery) -> Message:
    subscription = Subscription.objects.filter(public_id=row.subject_id).first()
    topic = selectors.topic_named(subscription.topic) if subscription else None
    if subscription is None or topic is None:
        raise Gone("what was to be confirmed is gone")
    values = {
        **_about(topic),
        "kind_label": Subscription.Kind(row.detail).label,
        "confirm_url": links.confirm_url(subscription.public_id, row.detail),
        "valid_days": conf.CONFIRMATION_VALID_DAYS,
    }
    return Message(id=row.public_id, kind=row.kind, address=row.recipient.address, values=values)


def _comment(row: Delivery) -> Message:
    news = ports.get(RecipientDirectory).comments([row.subject_id]).get(row.subject_id)
    topic = selectors.topic_named(news.topic) if news else None
    if news is None or topic is None:
        raise Gone("the comment is not public any more")
    subscription = Subscription.objects.filter(
        topic=news.topic, recipient=row.recipient_id, confirmed_at__isnull=False, recipient__refused_at__isnull=True
    ).first()
    if subscription is None:
        raise Gone("the subscription was given up")
    stop_url = links.stop_url(row.recipient.public_id, news.topic)
    text = news.text if len(news.text) <= conf.EXCERPT_LENGTH else news.text[: conf.EXCERPT_LENGTH].rstrip() + " …"
    values = {
        **_about(topic),
        "author": one_line(news.author, limit=80),
        "text": text,
        "quoted": "\n".join(f"> {line}".rstrip() for line in text.splitlines()),
        "is_reply": row.recipient.address in news.ancestor_addresses,
        "comment_url": absolute_url(news.path),
        "kind_label": subscription.get_kind_display(),
        "stop_url": stop_url,
        "manage_url": links.manage_url(row.recipient.public_id),
    }
    return Message(
        id=row.public_id,
        kind=row.kind,
        address=row.recipient.address,
        values=values,
        conversation=news.topic,
        stop_url=stop_url,
    )


def _about(topic: Topic) -> dict[str, str]:
    return {"title": one_line(topic.title), "story_url": absolute_url(topic.path)}


_WRITERS: dict[str, Callable[[Delivery], Message]] = {"confirmation": _confirmation, "comment": _comment}

"""Be told no more, or less."""

from __future__ import annotations

from masthead.notifications import links
from masthead.notifications.models import Recipient, Subscription


def stop_topic(*, token: str) -> None:
    """Stop mails about one topic, as the link in a mail asks; done twice it is done once.

    Refuses ``LinkNotValid`` only when the link itself is damaged.
    """
    recipient_id, topic = links.read_stop(token)
    Subscription.objects.filter(recipient__public_id=recipient_id, topic=topic).delete()


def unsubscribe(*, recipient: Recipient, subscription_id: str) -> None:
    """Delete one subscription of this address; another's is left alone."""
    recipient.subscriptions.filter(public_id=subscription_id).delete()


def unsubscribe_all(*, recipient: Recipient) -> None:
    """Delete all subscriptions of this address."""
    recipient.subscriptions.all().delete()


def change_kind(*, recipient: Recipient, subscription_id: str, kind: str) -> None:
    """Widen or narrow one subscription of this address."""
    recipient.subscriptions.filter(public_id=subscription_id).update(kind=Subscription.Kind(kind))

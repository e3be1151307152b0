"""The signed parts of links in mails: who holds one has read a mail to that address.

They hold ids and no address, so a log of visited paths tells nobody's. They are signed with the site's own key, under a
different salt for each use.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from masthead.core.http import absolute_url
from masthead.notifications.conf import CONFIRMATION_VALID_DAYS
from masthead.notifications.errors import LinkNotValid

_SEPARATOR = "."
_CONFIRM = signing.TimestampSigner(salt="notifications.confirm", sep=_SEPARATOR)
_MANAGE = signing.Signer(salt="notifications.manage", sep=_SEPARATOR)
_STOP = signing.Signer(salt="notifications.stop", sep=_SEPARATOR)


def confirm_url(subscription_id: str, kind: str) -> str:
    """Return the address of the page whose button confirms a subscription; valid for a week."""
    token = _CONFIRM.sign(f"{subscription_id}~{kind}")
    return absolute_url(reverse("notifications:subscription-confirm", args=[token]))


def read_confirm(token: str) -> tuple[str, str]:
    """Return subscription id and kind. Refuses with :class:`LinkNotValid`."""
    try:
        value = _CONFIRM.unsign(token, max_age=CONFIRMATION_VALID_DAYS * 86_400)
    except signing.BadSignature:
        raise LinkNotValid from None
    subscription_id, _, kind = value.partition("~")
    return subscription_id, kind


def manage_path(recipient_id: str) -> str:
    """Return the path of the page with all subscriptions of one address."""
    return reverse("notifications:subscription-list", args=[_MANAGE.sign(recipient_id)])


def manage_url(recipient_id: str) -> str:
    """Return the same with the site's address, for mails."""
    return absolute_url(manage_path(recipient_id))


def read_manage(token: str) -> str:
    """Return the recipient's id. Refuses with :class:`LinkNotValid`."""
    return _read(_MANAGE, token)


def stop_url(recipient_id: str, topic: str) -> str:
    """Return the address that stops mails about one topic, by a POST without a cookie."""
    value = signing.b64_encode(f"{recipient_id}~{topic}".encode()).decode()
    return absolute_url(reverse("notifications:subscription-stop", args=[_STOP.sign(value)]))


def read_stop(token: str) -> tuple[str, str]:
    """Return recipient id and topic. Refuses with :class:`LinkNotValid`."""
    recipient_id, _, topic = signing.b64_decode(_read(_STOP, token).encode()).decode().partition("~")
    return recipient_id, topic


def _read(signer: signing.Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except signing.BadSignature:
        raise LinkNotValid from None

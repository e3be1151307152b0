"""The signed part of links in mails: who holds one has read a mail to that address.

It holds an id and no address, so a log of visited paths tells nobody's. It is signed with the site's own key.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from masthead.core.http import absolute_url
from masthead.discussion.conf import PROOF_VALID
from masthead.discussion.errors import LinkNotValid


def _button() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="discussion.button", sep=".")


def button_url(loop_id: str) -> str:
    """Return the address of the page with the button, for a mail."""
    return absolute_url(reverse("discussion:button", args=[_button().sign(loop_id)]))


def read_button(token: str) -> str:
    """Return the id of the mail loop. Refuses :class:`LinkNotValid`."""
    try:
        return _button().unsign(token, max_age=PROOF_VALID)
    except signing.BadSignature:
        raise LinkNotValid from None

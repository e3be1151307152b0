"""What came of a delivery, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.outgoing import Why
from masthead.hooks.models import Delivery


def trouble_words(why: str) -> str:
    """Say why nothing came back."""
    words = {
        Why.NO_ADDRESS: _("no message is sent to such an address"),
        Why.UNKNOWN_HOST: _("its host is not known"),
        Why.INSIDE: _("its host is not on the public internet"),
        Why.NO_CONNECTION: _("it does not answer"),
        Why.NO_TRUST: _("its certificate is not valid for its name"),
        Why.TOO_SLOW: _("it took more than 10 seconds"),
        Why.UNREADABLE: _("it does not answer as a web server does"),
    }
    return words.get(Why(why), why) if why in set(Why) else why


def outcome(delivery: Delivery) -> str:
    """Say what the last try brought, empty where there was none."""
    if delivery.trouble:
        return trouble_words(delivery.trouble)
    return f"HTTP {delivery.status}" if delivery.status else ""

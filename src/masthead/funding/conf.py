"""What funding takes from the site's settings, typed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from masthead.funding.rules.reference import spaced


def zone() -> ZoneInfo:
    """The time zone in which months begin."""
    return ZoneInfo(settings.MASTHEAD.site.time_zone)


def currency() -> str:
    """The currency of new campaigns."""
    code: str = settings.MASTHEAD.funding.currency
    return code


def is_live() -> bool:
    """Tell whether money is real here; otherwise the site rehearses (rule L7)."""
    return bool(settings.MASTHEAD.funding.mode == "live")


def bank() -> dict[str, str]:
    """Where to send money by bank transfer; an empty ``iban`` means that no account is given."""
    funding = settings.MASTHEAD.funding
    return {"holder": funding.account_holder, "iban": spaced("".join(funding.iban.split())), "bic": funding.bic}

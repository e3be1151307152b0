"""What funding takes from the site's settings, typed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings


def zone() -> ZoneInfo:
    """The time zone in which months begin."""
    return ZoneInfo(settings.MASTHEAD.site.time_zone)


def currency() -> str:
    """The currency of new campaigns."""
    code: str = settings.MASTHEAD.funding.currency
    return code

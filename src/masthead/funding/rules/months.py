"""Months of a site, each named by its first day.

A month is half-open, ``[first 00:00, next first 00:00)`` by the calendar of the site's time zone: an instant belongs
to the month that a wall calendar there shows. So no clock change loses or doubles an hour.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_APART = {"month": 1, "year": 12}


def month_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the first day of the month that ``instant`` falls into.

    Refuses a naive instant with ``ValueError``.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone belongs to no month")
    return instant.astimezone(zone).date().replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_start(month: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a month begins."""
    return datetime.combine(month, time(), tzinfo=zone).astimezone(UTC)


def months_later(instant: datetime, months: int) -> datetime:
    """Return the same time of day so many months later, on the last day of a month that is too short."""
    year, index = divmod(instant.month - 1 + months, 12)
    first = instant.replace(year=instant.year + year, month=index + 1, day=1)
    last = (next_month(first.date()) - timedelta(days=1)).day
    return first.replace(day=min(instant.day, last))


def months_apart(every: str) -> int:
    """Return how many months lie between two payments of a repeated gift.

    One where its rhythm is not told yet: a payment may be heard before the subscription that it belongs to.
    """
    return _APART.get(every, 1)


def day_start(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return when the calendar day of ``instant`` began."""
    return datetime.combine(instant.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)


def next_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next calendar day of the site begins: until then, days left and month are the same."""
    tomorrow = instant.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)


def days_left(instant: datetime, zone: ZoneInfo) -> int:
    """Return how many days of the month are left, today included: 1 on the last day."""
    today = instant.astimezone(zone).date()
    return (next_month(today) - today).days


def received_instant(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the instant for money of which only the day is known: noon of that day, today at most ``now``."""
    noon = datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
    return min(noon, now) if day == now.astimezone(zone).date() else noon

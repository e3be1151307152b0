"""Dates of an export: the UTC column where it is filled, else the local one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")


def _stamp(value: str) -> datetime | None:
    match = _STAMP.match(value.strip())
    if match is None:
        return None
    try:
        return datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:  # 0000-00-00, the mark of a draft
        return None


def moment(utc: str, local: str, zone: tzinfo, published: str = "") -> datetime | None:
    """Return when something happened, or nothing if the export does not know.

    ``0000-00-00`` in the UTC column (drafts, and posts of old versions) means that only ``local`` counts, which is
    read in ``zone``. ``published`` is the feed's own date, the last resort.
    """
    at = _stamp(utc)
    if at is not None:
        return at.replace(tzinfo=UTC)
    at = _stamp(local)
    if at is not None:
        return at.replace(tzinfo=zone).astimezone(UTC)
    try:
        fed = parsedate_to_datetime(published.strip())
    except ValueError:
        return None
    fed = fed if fed.tzinfo else fed.replace(tzinfo=UTC)
    return fed.astimezone(UTC) if fed.year > 1970 else None

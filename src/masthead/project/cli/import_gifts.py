"""``masthead import givewp``, ``stripe`` and ``donations``: what other systems counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOURCES = ("givewp", "stripe", "donations")
DECIMAL = {"point": ".", "comma": ","}


def perform(
    source: str, file: Path, *, campaigns: Sequence[str], decimal: str | None, dates: str | None, dry_run: bool
) -> Any:
    """Import one file of gifts and return the report. Raises ``ImportRefused``."""
    from django.utils.timezone import get_default_timezone

    from masthead.porting.gifts.givewp import GiveWPSource
    from masthead.porting.gifts.plain import PlainSource
    from masthead.porting.gifts.rows import Choices
    from masthead.porting.gifts.run import GiftImport
    from masthead.porting.gifts.stripe import StripeSource

    kinds: dict[str, Any] = {"givewp": GiveWPSource, "stripe": StripeSource, "donations": PlainSource}
    choices = Choices(decimal=DECIMAL.get(decimal or "", ""), dates=dates or "")
    reader = kinds[source](file, zone=get_default_timezone(), choices=choices)
    return GiftImport(reader, campaigns, is_dry_run=dry_run).perform()

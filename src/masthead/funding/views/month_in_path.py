"""Months in addresses: ``2026-11``."""

from __future__ import annotations

from datetime import date
from functools import cache

from django.urls import register_converter


class MonthInPath:
    """A month, named by its first day; anything that is none leads nowhere."""

    regex = r"2\d{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        """Read it."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """Write it."""
        return value.isoformat()[:7]


@cache
def register() -> None:
    """Let addresses speak of ``<month:month>``; for whoever is asked first."""
    register_converter(MonthInPath, "month")

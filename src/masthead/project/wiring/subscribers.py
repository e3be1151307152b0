"""Subscribers: one line per pair."""

from __future__ import annotations


def connect() -> None:
    """Bind all subscribers."""

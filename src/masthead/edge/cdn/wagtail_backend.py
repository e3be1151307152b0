"""Caches that know addresses only (Varnish, Squid): purged through Wagtail's HTTP backend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wagtail.contrib.frontend_cache.backends.http import HTTPBackend


@dataclass(frozen=True)
class ByAddress:
    """A cache at ``location`` that takes ``PURGE`` requests. Wagtail logs what fails and does not raise."""

    location: str

    def purge(self, *, tags: Collection[str], addresses: Collection[str]) -> None:
        """Purge whole addresses."""
        HTTPBackend({"LOCATION": self.location}).purge_batch(sorted(addresses))

"""Fastly: purge by surrogate key (https://www.fastly.com/documentation/reference/api/purging/)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from masthead.edge.cdn.request import post

MOST_KEYS = 256


@dataclass(frozen=True)
class Fastly:
    """A service at Fastly."""

    service: str
    token: str
    address: str = "https://api.fastly.com"

    def purge(self, *, tags: Collection[str], addresses: Collection[str]) -> None:
        """Purge by keys, 256 in a request."""
        wanted = sorted(tags)
        for start in range(0, len(wanted), MOST_KEYS):
            keys = " ".join(wanted[start : start + MOST_KEYS])
            headers = {"Fastly-Key": self.token, "Surrogate-Key": keys, "Accept": "application/json"}
            post(f"{self.address}/service/{self.service}/purge", headers=headers)

"""Cloudflare: purge by cache tag (https://developers.cloudflare.com/api/resources/cache/methods/purge/)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from masthead.edge.cdn.request import post

MOST_TAGS = 30


@dataclass(frozen=True)
class Cloudflare:
    """A zone at Cloudflare."""

    zone: str
    token: str
    address: str = "https://api.cloudflare.com/client/v4"

    def purge(self, *, tags: Collection[str], addresses: Collection[str]) -> None:
        """Purge by tags, 30 in a request."""
        wanted = sorted(tags)
        for start in range(0, len(wanted), MOST_TAGS):
            post(
                f"{self.address}/zones/{self.zone}/purge_cache",
                headers={"Authorization": f"Bearer {self.token}"},
                body={"tags": wanted[start : start + MOST_TAGS]},
            )

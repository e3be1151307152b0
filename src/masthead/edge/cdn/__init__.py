"""CDNs that keep pages for us, told when those are stale: one module per kind, behind one protocol."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from masthead.edge.cdn.cloudflare import Cloudflare
from masthead.edge.cdn.fastly import Fastly
from masthead.edge.cdn.wagtail_backend import ByAddress


class Cdn(Protocol):
    """Forgets pages. Safe to call twice."""

    def purge(self, *, tags: Collection[str], addresses: Collection[str]) -> None:
        """Forget all pages with any of ``tags``, or, where it knows no tags, those at ``addresses``.

        Raises :class:`~masthead.edge.cdn.request.CdnFailed` when it could not be told.
        """
        ...


def chosen(kind: str, *, service: str, token: str) -> Cdn | None:
    """Return the CDN that the settings name, or None for none."""
    if kind == "fastly":
        return Fastly(service, token)
    if kind == "cloudflare":
        return Cloudflare(service, token)
    return ByAddress(service) if kind == "wagtail" else None

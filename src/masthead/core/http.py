"""Replies that every app gives in the same way."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from masthead.core.clock import now

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FRAGMENT_HEADER = "X-Masthead-Fragment"


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether the page's script asks for the changed piece instead of a whole page."""
    return FRAGMENT_HEADER in request.headers or "wants_fragment" in request.__dict__


def ask_for_fragment(request: HttpRequest) -> None:
    """Let a request be answered with a piece, whatever it says: at its address there is no whole page."""
    request.__dict__["wants_fragment"] = True


def fragment(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a piece of a page; pieces for one person are never stored."""
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def public(response: HttpResponse, tags: Iterable[str] = (), *, until: datetime | None = None) -> HttpResponse:
    """Mark a reply as the same for every visitor.

    Shared caches may keep it but must ask again before each use (``no-cache``), so nothing stale is shown.
    ``tags`` name what it was made of (``article:12``, ``thread:<key>``, ``front``). ``until`` is the moment at which
    it changes by itself, without anybody's doing: the edge keeps it no longer.
    """
    response["Cache-Control"] = "public, no-cache"
    joined = " ".join(dict.fromkeys(tags))
    if joined:
        response["Surrogate-Key"] = joined
    if until is not None:
        keep_until(response, until)
    return response


def keep_until(response: HttpResponse, moment: datetime) -> None:
    """Let the edge keep a reply until ``moment`` at most: whole seconds, rounded down; the earliest moment counts."""
    seconds = max(0, int((moment - now()).total_seconds()))
    given = response.get("Surrogate-Control", "").removeprefix("max-age=")
    response["Surrogate-Control"] = f"max-age={min(seconds, int(given)) if given else seconds}"


def made_of(request: HttpRequest, tags: Iterable[str], *, until: datetime | None = None) -> None:
    """Note what a page in the making shows; a public reply to ``request`` then carries these tags too.

    For pieces that are put into pages of others: the owner of the page need not know what they are made of, nor
    ``until`` when they stand as they are.
    """
    noted: list[str] = request.__dict__.setdefault("edge_tags", [])
    noted.extend(tags)
    if until is not None:
        request.__dict__["edge_until"] = min(until, request.__dict__.get("edge_until") or until)


def private(response: HttpResponse) -> HttpResponse:
    """Mark a reply as meant for one person only."""
    response["Cache-Control"] = "private, no-store"
    return response


# Parts of an address that let in whoever holds it, by the names that addresses give them.
_KEYS = frozenset({"token", "reference"})


def is_a_key(request: HttpRequest) -> bool:
    """Tell whether the address of this page is a key to what is one person's: no link on the page repeats it then."""
    match = request.resolver_match
    return match is not None and not _KEYS.isdisjoint(match.kwargs)


def absolute_url(path: str) -> str:
    """Return ``path`` on the site's configured address; never derived from the request's Host."""
    return f"{settings.MASTHEAD.site.url.rstrip('/')}{path}"


def local_path(candidate: str | None, fallback: str = "/") -> str:
    """Return ``candidate`` if it is a path of this site, else ``fallback`` (no open redirects)."""
    if candidate and candidate.startswith("/") and url_has_allowed_host_and_scheme(candidate, allowed_hosts=None):
        return candidate
    return fallback


def client_ip(request: HttpRequest) -> str:
    """Return the visitor's address; ``X-Forwarded-For`` counts only from configured proxies."""
    return original_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        [ipaddress.ip_network(item) for item in settings.MASTHEAD.server.trusted_proxies],
    )


def original_address(address: str, forwarded_for: str, trusted: Iterable[Network]) -> str:
    """Return who sent a request that arrived from ``address`` with this ``X-Forwarded-For``.

    Walks the header from the right and stops at the first address that is not a trusted proxy. By default
    no proxy is trusted.
    """
    networks = list(trusted)
    forwarded = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    while forwarded and _is_trusted(address, networks):
        address = forwarded.pop()
    return address


def _is_trusted(address: str, trusted: list[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def ip_prefix(address: str) -> str:
    """Return the /24 (IPv4) or /48 (IPv6) of an address: the unit in which limits are counted."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))

"""What ``[embed] origins`` must keep: each is one origin, exactly as browsers write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?|\[[0-9a-f:]+\]")
_PORTS = {"https": 443, "http": 80}
_NEAR = frozenset({"localhost", "127.0.0.1", "[::1]"})


def origin_misfits(origins: Sequence[str], *, own: str) -> Iterator[str]:
    """Say of each origin that could never match, or would let in more than one site, which line to write."""
    for origin in origins:
        why, better = _misfit(origin, own=_origin_of(own))
        if why:
            yield f"[embed] origins holds {origin!r}, {why}. Write: origins = [{_quoted(better)}]"


def _misfit(origin: str, *, own: str) -> tuple[str, str]:
    example = "https://club.example"
    if "*" in origin or origin == "null":
        return "but each site must be named", example
    better = _origin_of(origin)
    if not better:
        return "which is no address of a site", example
    scheme, _separator, host = better.partition("://")
    if scheme == "http" and host.partition(":")[0] not in _NEAR:
        return "which is not encrypted, so anybody on the way could speak for it", f"https://{host}"
    if better == own:
        return "which is this site itself and needs no entry", ""
    return ("but browsers write it otherwise", better) if better != origin else ("", "")


def _origin_of(address: str) -> str:
    """Return the origin of an address as browsers write it (RFC 6454, 6.2); an empty text for what has none."""
    try:
        parts = urlsplit(address.strip() if "://" in address else f"https://{address.strip()}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # UnicodeError is one
        return ""
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or parts.username is not None:
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORTS[parts.scheme] else "")


def _quoted(origin: str) -> str:
    return f'"{origin}"' if origin else ""

"""Fetch pictures from the old site, and nothing from anywhere else.

An export is a stranger's file: the addresses in it may point into the publisher's own network. So only public
addresses are spoken to, each name is looked up once and the connection goes to the address that was checked, and
every redirect is judged anew.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Sequence
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _

from masthead.core import outgoing

MOST_BYTES = 30 * 1024 * 1024
MOST_REDIRECTS = 4
MOST_SECONDS = 120
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class DownloadRefused(Exception):
    """The file was not fetched; the message says why."""


def public_addresses(host: str, port: int) -> list[str]:
    """Return the addresses of ``host``, which the whole internet may reach; refuse a host with any other address."""
    try:
        return outgoing.judged_addresses(host, port)
    except outgoing.NoReply as refusal:
        if refusal.why is outgoing.Why.INSIDE:
            raise DownloadRefused(_("its host is not on the public internet")) from refusal
        raise DownloadRefused(_("its host is not known")) from refusal


class Downloader:
    """Fetches pictures. ``find_addresses`` answers which addresses of a host may be spoken to."""

    def __init__(self, *, find_addresses: Callable[[str, int], Sequence[str]] = public_addresses) -> None:
        self._find_addresses = find_addresses

    def fetch(self, url: str) -> bytes:
        """Return the picture at ``url``; raise :class:`DownloadRefused` with the reason if it cannot be had."""
        for _hop in range(MOST_REDIRECTS + 1):
            try:
                found = self._one(url)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise DownloadRefused(_("the old site did not answer")) from error
            if isinstance(found, bytes):
                return found
            url = urljoin(url, found)
        raise DownloadRefused(_("it is redirected too often"))

    def _one(self, url: str) -> bytes | str:
        """Return the content of one address, or where it redirects to."""
        parts = urlsplit(url)
        if parts.scheme not in outgoing.PORTS or not parts.hostname or parts.username is not None:
            raise DownloadRefused(_("its address is not one of the web"))
        port = parts.port or outgoing.PORTS[parts.scheme]
        found = self._find_addresses(parts.hostname, port)
        connection = outgoing.JudgedConnection(
            parts.hostname, port, found, is_secure=parts.scheme == "https", seconds=MOST_SECONDS
        )
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers={"Accept": "image/*", "User-Agent": "Masthead import"})
            return self._read(connection.getresponse())
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse) -> bytes | str:
        if response.status in _REDIRECTS and response.headers.get("Location"):
            return response.headers["Location"]
        if response.status != http.client.OK:
            raise DownloadRefused(_("the old site answered %(status)s") % {"status": response.status})
        if not response.headers.get_content_type().startswith("image/"):
            raise DownloadRefused(_("the old site did not answer with a picture"))
        content = bytearray()
        while chunk := response.read(_CHUNK):
            content += chunk
            if len(content) > MOST_BYTES:
                raise DownloadRefused(_("it is larger than %(size)s MB") % {"size": MOST_BYTES // 1024 // 1024})
        return bytes(content)

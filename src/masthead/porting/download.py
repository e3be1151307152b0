"""Fetch pictures from the old site, and nothing from anywhere else.

An export is a stranger's file: the addresses in it may point into the publisher's own network. So only public
addresses are spoken to, each name is looked up once and the connection goes to the address that was checked, and
every redirect is judged anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _

MOST_BYTES = 30 * 1024 * 1024
MOST_REDIRECTS = 4
TIMEOUT_SECONDS = 15
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}


class DownloadRefused(Exception):
    """The file was not fetched; the message says why."""


def public_address(host: str, port: int) -> str:
    """Return an address of ``host`` that the whole internet may reach; refuse a host with any other address."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DownloadRefused(_("its host is not known")) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise DownloadRefused(_("its host is not on the public internet"))
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (mapped is None or mapped.is_global)


class _Connection(http.client.HTTPConnection):
    """Connects to an address that was checked, and speaks to the host by its name."""

    def __init__(self, host: str, port: int, address: str, *, is_secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address = address
        self._is_secure = is_secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


class Downloader:
    """Fetches pictures. ``find_address`` answers which address of a host may be spoken to."""

    def __init__(self, *, find_address: Callable[[str, int], str] = public_address) -> None:
        self._find_address = find_address

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
        if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
            raise DownloadRefused(_("its address is not one of the web"))
        port = parts.port or _PORTS[parts.scheme]
        address = self._find_address(parts.hostname, port)
        connection = _Connection(parts.hostname, port, address, is_secure=parts.scheme == "https")
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

"""One request to a CDN's interface."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 10


class CdnFailed(Exception):
    """The CDN could not be told, or refused; the message says what it answered."""


def post(address: str, *, headers: dict[str, str], body: dict[str, Any] | None = None) -> None:
    """Send a POST with an optional JSON body. Raises :class:`CdnFailed` unless the answer is a success."""
    data = json.dumps(body).encode() if body is not None else b""
    request = urllib.request.Request(  # noqa: S310 - https, or what a test names
        address, data=data, headers={**headers, "Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - see above
            answer.read()
    except urllib.error.HTTPError as error:
        said = error.read(300).decode("utf-8", "replace").strip()
        raise CdnFailed(f"{address} answered {error.code}: {said}") from error
    except OSError as error:
        raise CdnFailed(f"{address} could not be reached: {error}") from error

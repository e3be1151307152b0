"""Read a page as a person does."""

from __future__ import annotations

import re
from html import unescape
from typing import Protocol


class HasContent(Protocol):
    """Any reply with a body."""

    @property
    def content(self) -> bytes: ...


def shown(reply: HasContent) -> str:
    """Return a page's text, with ordinary spaces."""
    text = unescape(re.sub(r"<[^>]+>", " ", reply.content.decode()))
    return re.sub(r"\s+", " ", text)

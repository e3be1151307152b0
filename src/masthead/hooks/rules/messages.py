"""What a receiver reads. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

VERSION = 1
EVERYTHING = "*"
TEST = "hook.tested"


@dataclass(frozen=True)
class Message:
    """Something that happened, as it is told outside. ``key`` is the same however often it is told.

    ``is_live`` is false for what happened in a rehearsal: never told together with real money (rule L7).
    """

    type: str
    data: Mapping[str, Any]
    occurred_at: datetime
    key: str
    is_live: bool = True

    @property
    def id(self) -> str:
        """The ``webhook-id``: a receiver that knows it has done its work already."""
        return f"msg_{self.key}"


def body_of(message: Message) -> str:
    """Return the JSON that is signed and sent, byte for byte the same at each try."""
    written = {
        "id": message.id,
        "type": message.type,
        "version": VERSION,
        "timestamp": message.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "live": message.is_live,
        "data": dict(message.data),
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def hears(types: Collection[str], type_: str) -> bool:
    """Tell whether whoever asked for ``types`` is told this one."""
    return EVERYTHING in types or type_ in types

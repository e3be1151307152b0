"""What earlier imports brought in: asked before anything is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from masthead.core.clock import now

from .models import ImportRecord

_LONGEST_KEY = 200


def digest(*parts: str) -> str:
    """Return a digest of texts in which none can wander into the next."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _stored_key(key: str) -> str:
    return key if len(key) <= _LONGEST_KEY else f"sha256:{digest(key)}"


@dataclass(frozen=True, slots=True)
class Memory:
    """The records of one source."""

    source: str

    def find(self, kind: ImportRecord.Kind, key: str) -> ImportRecord | None:
        """Return what a thing of the old site became, or nothing if it is new."""
        return ImportRecord.objects.filter(source=self.source, kind=kind, source_key=_stored_key(key)).first()

    def target_id(self, kind: ImportRecord.Kind, key: str) -> int | None:
        """Return the primary key of what a thing became, or nothing if it is new."""
        record = self.find(kind, key)
        return int(record.target.rpartition(":")[2]) if record else None

    def keep(self, kind: ImportRecord.Kind, key: str, target: str, *, fingerprint: str = "", written: str = "") -> None:
        """Remember what a thing became. Call in the transaction that made it."""
        ImportRecord.objects.update_or_create(
            source=self.source,
            kind=kind,
            source_key=_stored_key(key),
            defaults={"target": target, "fingerprint": fingerprint, "written": written, "imported_at": now()},
        )

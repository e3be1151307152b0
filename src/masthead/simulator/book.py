"""One account's documents in one mode. Test and live are apart, and so are accounts: an id is known in one only."""

from __future__ import annotations

import copy
import secrets
import string
from typing import TYPE_CHECKING, Any

from masthead.simulator.store import Json

if TYPE_CHECKING:
    from masthead.simulator.world import World

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return an id that no simulator gave before."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def public(value: Any) -> Any:
    """Return a document as it is told: without the fields whose names begin with an underscore."""
    if isinstance(value, dict):
        return {name: public(item) for name, item in value.items() if not name.startswith("_")}
    if isinstance(value, list):
        return [public(item) for item in value]
    return value


class Book:
    """Documents of one provider, account and mode."""

    def __init__(self, world: World, provider: str, account: str, *, live: bool) -> None:
        """Name a book; nothing is kept of it until something is put in."""
        self.world = world
        self.provider = provider
        self.account = account
        self.live = live
        self.name = f"{provider}:{account}:{'live' if live else 'test'}"
        # Which API call is being answered: events name it.
        self.request: Json = {"id": None, "idempotency_key": None}

    @classmethod
    def named(cls, world: World, name: str) -> Book:
        """Return the book of a stored name."""
        provider, account, mode = name.split(":")
        return cls(world, provider, account, live=mode == "live")

    @property
    def now(self) -> int:
        """The simulated instant."""
        return self.world.clock.now()

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a setting of this account."""
        kept = self.world.store.setting(f"account:{self.provider}:{self.account}") or {}
        return kept.get(name, default)

    def put(self, doc: Json, kind: str | None = None) -> Json:
        """Keep a document under its kind, which is its ``object`` unless another is named."""
        self.world.store.put(self.name, kind or doc["object"], doc)
        return doc

    def find(self, kind: str, **equal: Any) -> list[Json]:
        """Return the documents with these values, oldest first."""
        return self.world.store.find(self.name, kind, **equal)

    def get(self, kind: str, id_: str | None) -> Json | None:
        """Return a document, or nothing."""
        return self.world.store.get(self.name, kind, id_) if id_ else None

    def the(self, kind: str, id_: str) -> Json:
        """Return a document that is known to be there. Raises ``LookupError`` else."""
        found = self.get(kind, id_)
        if found is None:
            raise LookupError(f"{kind} {id_}")
        return found

    def later(self, due: int, name: str, **payload: Any) -> None:
        """Let something happen at an instant; at once, when the clock is next moved, if that is past."""
        self.world.store.add_timer(due, name, self.name, payload)

    def told(self, doc: Json) -> Json:
        """Return a copy of a document as it is told."""
        return public(copy.deepcopy(doc))  # type: ignore[no-any-return]

"""Who does something, as far as the discussion needs to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """An account, or a browser that proved itself by a signed random id, or nobody yet.

    ``guest`` is the hash of that id. ``network`` is the prefix of the address the request came from: limits are
    counted by it and it is stored nowhere.
    """

    user_id: int | None = None
    name: str = ""
    email: str = ""
    guest: str = ""
    is_staff: bool = False
    may_moderate: bool = False
    network: str = ""

    @property
    def is_member(self) -> bool:
        """Whether an account stands behind the person."""
        return self.user_id is not None

    @property
    def voter_key(self) -> str:
        """The name under which votes are unique; empty for nobody."""
        if self.user_id is not None:
            return f"u:{self.user_id}"
        return f"g:{self.guest}" if self.guest else ""

    def wrote(self, *, user_id: int | None, guest: str) -> bool:
        """Tell whether a row with these marks is this person's own. An address proves nothing, so it is not asked."""
        if self.user_id is not None and user_id == self.user_id:
            return True
        return bool(self.guest) and guest == self.guest


NOBODY = Person()

"""Who does something, as far as the discussion needs to know."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

# What the mark of a guest who proved an address begins with.
PROVEN = "v:"
# Roles in words of who wrote: of accounts by their ids, of guests by the marks beside their comments.
Roles = Mapping[int | str, str]


@dataclass(frozen=True)
class Person:
    """An account, or a guest whose address was proven, or a browser known by a signed random id, or nobody yet.

    ``browser`` is the hash of the browser's id. ``guest`` is the mark under which a guest writes and votes: the
    same in all browsers of one who proved an address (``email`` then), else the browser's. ``network`` is the prefix
    of the address the request came from: limits are counted by it and it is stored nowhere. ``origin`` is the other
    site on whose page the person writes; what is sent there never holds the address.
    """

    user_id: int | None = None
    name: str = ""
    email: str = ""
    guest: str = ""
    browser: str = ""
    is_staff: bool = False
    may_moderate: bool = False
    network: str = ""
    origin: str = ""

    @property
    def is_member(self) -> bool:
        """Whether an account stands behind the person."""
        return self.user_id is not None

    @property
    def is_verified_guest(self) -> bool:
        """Whether a guest who proved an address writes in this browser."""
        return not self.is_member and is_proven(self.guest)

    @property
    def voter_key(self) -> str:
        """The name under which votes are unique; empty for nobody."""
        if self.user_id is not None:
            return f"u:{self.user_id}"
        return f"g:{self.guest}" if self.guest else ""

    @property
    def proven_address(self) -> str:
        """The address by which the person is known beyond this browser; empty for who has shown none."""
        return self.email if self.is_member or self.is_verified_guest else ""

    @property
    def shown_address(self) -> str:
        """The address as the person's own form may hold it: not on the page of another site, whose scripts read it."""
        return "" if self.origin else self.email

    @property
    def marks(self) -> frozenset[str]:
        """What stands beside the comments that are this browser's or this guest's own."""
        return frozenset({self.guest, self.browser} - {""})

    def wrote(self, *, user_id: int | None, guest: str) -> bool:
        """Tell whether a row with these marks is this person's own. An address proves nothing, so it is not asked."""
        if self.user_id is not None and user_id == self.user_id:
            return True
        return guest in self.marks


NOBODY = Person()


def new_identity() -> str:
    """Return a mark for a guest who proves an address: random, so that nothing can be read from it."""
    return PROVEN + secrets.token_hex(16)


def is_proven(mark: str) -> bool:
    """Tell whether this mark beside a comment is that of a guest who proved an address."""
    return mark.startswith(PROVEN)

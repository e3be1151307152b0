"""Facts of accounts: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.events import event


@event("accounts.person-changed")
@dataclass(frozen=True)
class PersonChanged:
    """An account joined or left the newsroom or has another desk there, was closed or reopened, or is gone.

    A new name is no such change: what was written keeps the name it was written under.
    """

    user_id: int

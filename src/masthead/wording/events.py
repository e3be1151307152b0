"""Facts of the wording."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.events import event


@event("wording.phrase-reworded")
@dataclass(frozen=True)
class PhraseReworded:
    """A site says a phrase otherwise than before, or as we do again. ``name`` is the phrase's."""

    language: str
    name: str

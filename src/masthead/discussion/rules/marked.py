"""Words that a reader marked, as they are handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from masthead.discussion.rules.anchors import Anchor

# What a reader can do with marked words: the first two are comments, the others go to the newsroom alone.
PublicKind = Literal["comment", "ask"]
HintKind = Literal["correction", "confidence"]
PUBLIC_KINDS: tuple[PublicKind, ...] = ("comment", "ask")
HINT_KINDS: tuple[HintKind, ...] = ("correction", "confidence")

WORDS_MAX = 1_000


@dataclass(frozen=True)
class Chosen:
    """What a reader's page says of the words: they, their paragraph if known, and what stands around them."""

    words: str
    block: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Marked:
    """Words found in an edition, and what the reader does with them."""

    kind: PublicKind
    anchor: Anchor
    edition: int
    digest: str

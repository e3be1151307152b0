"""Words of others beside our own."""

from __future__ import annotations

import unicodedata

# Controls, line separators, and marks that turn the direction of the text around them (Unicode TR36, 3.1).
_UNWANTED = {"Cc", "Cs", "Zl", "Zp"}
_BIDI = {chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def direction_of(text: str) -> str:
    """Return ``rtl`` or ``ltr`` as browsers take ``dir="auto"``: by the first letter that has a direction."""
    for mark in text:
        kind = unicodedata.bidirectional(mark)
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def one_line(text: str, limit: int = 180) -> str:
    """Return ``text`` as one line of at most ``limit`` characters, without control or direction marks.

    What comes out can stand in a header or beside our own words and change neither.
    """
    kept = "".join(" " if unicodedata.category(mark) in _UNWANTED else mark for mark in text if mark not in _BIDI)
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"

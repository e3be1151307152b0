"""QR codes as one path of an inline SVG: no request, no script, no style."""

from __future__ import annotations

from dataclasses import dataclass

import segno

# White around the code, in modules: readers need it (ISO 18004).
QUIET = 4


@dataclass(frozen=True)
class QRCode:
    """A square of ``size`` modules with its quiet zone, and the path of its dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QRCode:
    """Return the code of a text in UTF-8, with error correction M as EPC069-12 asks for."""
    code = segno.make(text, error="m", encoding="utf-8", micro=False, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    runs = [
        f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    ]
    return QRCode(size=len(rows) + 2 * QUIET, path="".join(runs))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Return start and length of each run of dark modules."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((x, 1))
    return found

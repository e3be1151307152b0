"""Faces for readers who have none: a small drawing that depends on a text alone. No service, no request, no tracker."""

from __future__ import annotations

import hashlib
from functools import lru_cache

TONES = 5
_SIDE = 5
_HALF = 3
_CELL = 1.4  # five cells and a margin of 1 make the field; at 26 px a cell is 4.04 px: sharp edges


def avatar_tone(seed: str) -> int:
    """Return which of the palette's tones (0 to 4) belongs to ``seed``."""
    return _digest(seed)[0] % TONES


@lru_cache(maxsize=4096)
def avatar_path(seed: str) -> str:
    """Return the drawing of ``seed`` as SVG path data on a field of 9 by 9: symmetric, the same for ever.

    Between 6 and 9 of the 15 cells of the left half are filled, so that no face is empty or full.
    """
    digest = _digest(seed)
    cells = [(row, column) for row in range(_SIDE) for column in range(_HALF)]
    order = sorted(range(len(cells)), key=lambda index: (digest[index + 2], index))
    chosen = {cells[index] for index in order[: 6 + digest[1] % 4]}
    return "".join(_row_path(row, chosen) for row in range(_SIDE))


def _row_path(row: int, chosen: set[tuple[int, int]]) -> str:
    """Join neighbouring cells of one row into bars: fewer bytes on a page with sixty faces."""
    filled = [(row, min(column, _SIDE - 1 - column)) in chosen for column in range(_SIDE)]
    path, column = "", 0
    while column < _SIDE:
        length = 0
        while column + length < _SIDE and filled[column + length]:
            length += 1
        if length:
            width = f"{length * _CELL:.3g}"
            path += f"M{1 + column * _CELL:.3g} {1 + row * _CELL:.3g}h{width}v{_CELL}h-{width}z"
        column += length or 1
    return path


def _digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode()).digest()

"""The demo's printing inks: few, muted and shared, so that every picture looks like the same hand."""

from __future__ import annotations

Ink = tuple[int, int, int]


def ink(code: str) -> Ink:
    """Return the red, green and blue of a six-digit hexadecimal code such as ``8a2b1d``."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def mix(first: Ink, second: Ink, share: float) -> Ink:
    """Return the ink that lies ``share`` (0 to 1) of the way from ``first`` to ``second``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


PAPER = ink("f6f1e4")
CREAM = ink("ece3cd")
SAND = ink("d8c9a8")
STRAW = ink("c7ad78")
OCHRE = ink("c08b3c")
LAMP = ink("f3d28a")
BRICK = ink("b4674a")
RED = ink("8a2b1d")
WINE = ink("612018")
HAZE = ink("d3dad8")
SKY = ink("b9c6c9")
MIST = ink("9fb2b6")
SHALLOW = ink("7c9aa1")
SEA = ink("5f7f8a")
DEEP = ink("47646f")
ABYSS = ink("31474f")
NIGHT = ink("202c33")
LEAF = ink("7d8a5c")
MOSS = ink("5d6946")
OLIVE = ink("59564d")
STONE = ink("a39c8c")
SLATE = ink("727878")
IRON = ink("3b3a36")
COAL = ink("262522")

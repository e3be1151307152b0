"""Colours that can be read: contrast by WCAG 2.2, and a publisher's accent accepted or answered with the nearest.

Pure arithmetic. Lightness is changed in OKLab, where equal steps look equal and the hue stays (CSS Color 4, section 9).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

MINIMUM = 4.5
"""Contrast of text by WCAG 2.2, success criterion 1.4.3 (AA)."""

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_STEPS = 500


class NotAColour(ValueError):
    """The text is no colour of the form ``#rgb`` or ``#rrggbb``."""


class AccentTooFaint(ValueError):
    """Text in this accent could not be read; ``nearest`` is the closest accent that can."""

    def __init__(self, accent: Colour, nearest: Colour, ratio: float) -> None:
        super().__init__(
            f"{accent} has a contrast of {ratio:.2f}, less than {MINIMUM}; the nearest that passes is {nearest}."
        )
        self.accent = accent
        self.nearest = nearest
        self.ratio = ratio


@dataclass(frozen=True)
class Colour:
    """An sRGB colour, each channel 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Colour:
        """Read ``#rgb`` or ``#rrggbb`` in any case. Raises :class:`NotAColour`."""
        plain = text.strip().lower()
        if not _HEX.fullmatch(plain):
            raise NotAColour(f"{text!r} is not a colour: write it as #rrggbb.")
        digits = plain[1:] if len(plain) == 7 else "".join(digit * 2 for digit in plain[1:])
        return cls(*(int(digits[start : start + 2], 16) for start in (0, 2, 4)))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


LIGHT_GROUNDS = (Colour.parse("#fdfcf9"), Colour.parse("#f4f1e8"))
"""What text in the accent stands on by day: ``--paper`` and ``--wash``."""
DARK_GROUNDS = (Colour.parse("#161512"), Colour.parse("#1f1d19"))
"""The same by night."""
_INKS = (LIGHT_GROUNDS[0], DARK_GROUNDS[0])


@dataclass(frozen=True)
class Accent:
    """The publisher's colour for both schemes, with the ink that can be read on it."""

    light: Colour
    light_ink: Colour
    dark: Colour
    dark_ink: Colour


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (_linear(channel) for channel in (colour.red, colour.green, colour.blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def worst_contrast(colour: Colour, grounds: tuple[Colour, ...]) -> float:
    """Return the lowest contrast of ``colour`` with any of ``grounds``."""
    return min(contrast(colour, ground) for ground in grounds)


def nearest_passing(colour: Colour, grounds: tuple[Colour, ...], minimum: float = MINIMUM) -> Colour:
    """Return the colour of the same hue whose lightness differs least and whose contrast with all ``grounds`` passes.

    Returns ``colour`` itself when it passes.
    """
    if worst_contrast(colour, grounds) >= minimum:
        return colour
    lightness, first, second = _oklab(colour)
    for step in range(1, _STEPS + 1):
        for other in (lightness - step / _STEPS, lightness + step / _STEPS):
            candidate = _from_oklab(min(max(other, 0.0), 1.0), first, second)
            if worst_contrast(candidate, grounds) >= minimum:
                return candidate
    return max(_INKS, key=lambda ink: worst_contrast(ink, grounds))


def accent(text: str) -> Accent:
    """Return the accent for both schemes.

    The light one is taken as the publisher wrote it, or refused: raises :class:`NotAColour`, or
    :class:`AccentTooFaint` with the nearest that passes. The dark one is the same hue made light enough.
    """
    light = Colour.parse(text)
    ratio = worst_contrast(light, LIGHT_GROUNDS)
    if ratio < MINIMUM:
        raise AccentTooFaint(light, nearest_passing(light, LIGHT_GROUNDS), ratio)
    # 6.5 rather than 4.5: thin type on a dark ground looks fainter than its ratio says. A little less
    # colourful: the same chroma glows by night.
    lightness, first, second = _oklab(light)
    dark = nearest_passing(_from_oklab(lightness, first * 0.85, second * 0.85), DARK_GROUNDS, 6.5)
    return Accent(light, _ink_on(light), dark, _ink_on(dark))


def accent_css(text: str) -> str:
    """Return the custom properties of an accent as one CSS rule. Raises like :func:`accent`."""
    found = accent(text)
    return (
        f":root {{ --accent-light: {found.light}; --accent-dark: {found.dark}; "
        f"--accent-ink-light: {found.light_ink}; --accent-ink-dark: {found.dark_ink}; }}"
    )


def _ink_on(ground: Colour) -> Colour:
    return max(_INKS, key=lambda ink: contrast(ink, ground))


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else math.pow((share + 0.055) / 1.055, 2.4)


def _channel(linear: float) -> int:
    share = min(max(linear, 0.0), 1.0)
    encoded = share * 12.92 if share <= 0.0031308 else 1.055 * math.pow(share, 1 / 2.4) - 0.055
    return round(encoded * 255)


def _oklab(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (_linear(channel) for channel in (colour.red, colour.green, colour.blue))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, first: float, second: float) -> Colour:
    long = (lightness + 0.3963377774 * first + 0.2158037573 * second) ** 3
    medium = (lightness - 0.1055613458 * first - 0.0638541728 * second) ** 3
    short = (lightness - 0.0894841775 * first - 1.2914855480 * second) ** 3
    return Colour(
        _channel(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _channel(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _channel(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )

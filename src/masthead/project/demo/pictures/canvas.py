"""A sheet to draw on: flat shapes, soft light, hatching and paper grain, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from masthead.project.demo.pictures.palette import Ink

OVERSAMPLE = 2
GRAIN_TILE = 512
GRAIN_DEPTH = 5  # how far paper grain moves a tone, of 255
Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Dice:
    """A row of numbers that looks random and never changes: no two runs may draw different pictures."""

    def __init__(self, seed: str) -> None:
        self._bytes = hashlib.shake_256(seed.encode()).digest(8192)
        self._at = 0

    def between(self, low: float, high: float) -> float:
        """Return the next number from ``low`` up to ``high``."""
        at = self._at = (self._at + 2) % (len(self._bytes) - 1)
        return low + (high - low) * int.from_bytes(self._bytes[at : at + 2], "big") / 65535


class Canvas:
    """One sheet. Coordinates are those of the finished picture; drawing happens at twice the size."""

    def __init__(self, seed: str, ground: Ink, *, width: int = 1600, height: int = 900) -> None:
        self.width = width
        self.height = height
        self.dice = Dice(seed)
        self._seed = seed
        self._image = Image.new("RGB", (width * OVERSAMPLE, height * OVERSAMPLE), ground)
        self._draw = ImageDraw.Draw(self._image)

    def poly(self, points: Sequence[Point], fill: Ink, *, alpha: float = 1.0) -> None:
        """Fill the polygon through ``points``."""
        big = _scaled(points)
        if alpha >= 1:
            self._draw.polygon(big, fill=fill)
            return
        origin, mask, pen = self._mask(points)
        pen.polygon([(x - origin[0], y - origin[1]) for x, y in big], fill=round(255 * alpha))
        self._image.paste(fill, origin, mask)

    def rect(self, box: Box, fill: Ink, *, alpha: float = 1.0, radius: float = 0) -> None:
        """Fill the rectangle left, top, right, bottom; ``radius`` rounds its corners."""
        left, top, right, bottom = box
        if alpha >= 1 and radius:
            self._draw.rounded_rectangle(_box(box), radius * OVERSAMPLE, fill=fill)
            return
        self.poly([(left, top), (right, top), (right, bottom), (left, bottom)], fill, alpha=alpha)

    def ellipse(self, centre: Point, across: float, down: float, fill: Ink, *, alpha: float = 1.0) -> None:
        """Fill the ellipse whose half axes are ``across`` and ``down``."""
        x, y = centre
        turns = [2 * math.pi * step / 72 for step in range(72)]
        self.poly([(x + across * math.cos(t), y + down * math.sin(t)) for t in turns], fill, alpha=alpha)

    def line(self, points: Sequence[Point], fill: Ink, width: float = 2) -> None:
        """Draw a line through ``points``, ``width`` pixels thick."""
        self._draw.line(_scaled(points), fill=fill, width=max(1, round(width * OVERSAMPLE)), joint="curve")

    def gradient(self, box: Box, top: Ink, bottom: Ink) -> None:
        """Fill ``box`` with an even passage from the ink ``top`` to the ink ``bottom``."""
        left, upper, right, lower = _box(box)
        size = (round(right - left), round(lower - upper))
        mask = Image.linear_gradient("L").resize(size)
        self._image.paste(top, (round(left), round(upper), round(left) + size[0], round(upper) + size[1]))
        self._image.paste(bottom, (round(left), round(upper)), mask)

    def glow(self, centre: Point, radius: float, fill: Ink, alpha: float = 0.5) -> None:
        """Lay a soft round light of ``radius`` over what is drawn already."""
        side = round(radius * 2 * OVERSAMPLE)
        strength = Image.radial_gradient("L").point([_falloff(level, alpha) for level in range(256)])
        at = (round((centre[0] - radius) * OVERSAMPLE), round((centre[1] - radius) * OVERSAMPLE))
        self._image.paste(fill, at, strength.resize((side, side), Image.Resampling.BILINEAR))

    def wave(self, level: float, fill: Ink, *, height: float = 10, length: float = 420, shift: float = 0) -> None:
        """Fill everything under a swell at ``level``: the sea, a hill or a bank of cloud."""
        points: list[Point] = [(0, self.height)]
        for x in range(0, self.width + 10, 10):
            turn = 2 * math.pi * x / length + shift
            points.append((x, level + height * (math.sin(turn) + 0.4 * math.sin(2.3 * turn + 1))))
        self.poly([*points, (self.width, self.height)], fill)

    def ripples(self, box: Box, fill: Ink, count: int, *, longest: float = 120) -> None:
        """Scatter short level strokes over ``box``, longer and thicker towards the viewer."""
        left, top, right, bottom = box
        for _ in range(count):
            near = self.dice.between(0, 1)
            y = top + (bottom - top) * near
            x = self.dice.between(left, right)
            half = longest * (0.2 + 0.8 * near) * self.dice.between(0.2, 0.5)
            thick = 0.8 + 2.2 * near
            self.poly([(x - half, y), (x, y - thick), (x + half, y), (x, y + thick)], fill)

    def hatch(self, points: Sequence[Point], fill: Ink, *, gap: float = 9, alpha: float = 0.5) -> None:
        """Shade the polygon through ``points`` with slanting strokes, as a cut block would."""
        origin, mask, pen = self._mask(points)
        strokes = Image.new("L", mask.size)
        lines = ImageDraw.Draw(strokes)
        step = round(gap * OVERSAMPLE)
        first = -mask.height - (origin[0] + origin[1]) % step
        for x in range(first, mask.width + mask.height, step):
            lines.line([(x, mask.height), (x + mask.height, 0)], fill=round(255 * alpha), width=max(2, step // 3))
        pen.polygon([(x - origin[0], y - origin[1]) for x, y in _scaled(points)], fill=255)
        self._image.paste(fill, origin, ImageChops.multiply(mask, strokes))

    def speckle(self, box: Box, fill: Ink, count: int, *, largest: float = 5) -> None:
        """Scatter small dots over ``box``."""
        left, top, right, bottom = box
        for _ in range(count):
            size = self.dice.between(largest / 3, largest)
            x, y = self.dice.between(left, right), self.dice.between(top, bottom)
            self._draw.ellipse(_box((x - size, y - size, x + size, y + size)), fill=fill)

    def finish(self) -> bytes:
        """Return the sheet as a JPEG at its finished size, with the grain of the paper on it."""
        small = self._image.reduce(OVERSAMPLE)
        noise = hashlib.shake_256(f"grain {self._seed}".encode()).digest(GRAIN_TILE * GRAIN_TILE)
        tile = Image.frombytes("L", (GRAIN_TILE, GRAIN_TILE), noise).filter(ImageFilter.GaussianBlur(0.7))
        tile = tile.point([round(128 + (level - 128) * GRAIN_DEPTH / 48) for level in range(256)])
        grain = Image.new("L", small.size, 128)
        for x in range(0, self.width, GRAIN_TILE):
            for y in range(0, self.height, GRAIN_TILE):
                grain.paste(tile, (x, y))
        printed = ImageChops.add(small, Image.merge("RGB", (grain, grain, grain)), scale=1, offset=-128)
        target = io.BytesIO()
        printed.save(target, "JPEG", quality=86, subsampling=0, optimize=True)
        return target.getvalue()

    def _mask(self, points: Sequence[Point]) -> tuple[tuple[int, int], Image.Image, ImageDraw.ImageDraw]:
        """Return the corner, an empty mask and its pen for the part of the sheet that ``points`` cover."""
        big = _scaled(points)
        left = max(0, math.floor(min(x for x, _ in big)))
        top = max(0, math.floor(min(y for _, y in big)))
        right = min(self._image.width, math.ceil(max(x for x, _ in big)) + 1)
        bottom = min(self._image.height, math.ceil(max(y for _, y in big)) + 1)
        mask = Image.new("L", (max(1, right - left), max(1, bottom - top)))
        return (left, top), mask, ImageDraw.Draw(mask)


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * OVERSAMPLE, y * OVERSAMPLE) for x, y in points]


def _box(box: Box) -> Box:
    left, top, right, bottom = (edge * OVERSAMPLE for edge in box)
    return left, top, right, bottom


def _falloff(level: int, alpha: float) -> int:
    """Turn the distance ``level`` (0 at the centre) into the strength of a light that fades smoothly."""
    reach = max(0.0, 1 - level / 181)  # 181: Pillow's square gradient at the rim of its largest circle
    return round(255 * alpha * reach * reach)

"""Portraits of the newsroom: head and shoulders, drawn from a short description of each person."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.project.demo.pictures import palette as ink
from masthead.project.demo.pictures.canvas import Canvas, Point

SIDE = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What a portrait shows. ``style`` names the hair: bun, crop, curls, long, bob or scarf."""

    ground: ink.Ink
    skin: ink.Ink
    hair: ink.Ink
    coat: ink.Ink
    style: str
    glasses: bool = False
    beard: bool = False


FAIR = ink.ink("e2b995")
TAN = ink.ink("c58f68")
BROWN = ink.ink("8f5d3f")
DARK = ink.ink("5f3d2b")
GREY = ink.ink("b9b3a6")
AUBURN = ink.ink("7c3a22")

LOOKS = {
    "marit-oyelaran": Look(ground=ink.SKY, skin=BROWN, hair=ink.COAL, coat=ink.RED, style="bun"),
    "jonas-pell": Look(ground=ink.SAND, skin=FAIR, hair=AUBURN, coat=ink.DEEP, style="crop", glasses=True, beard=True),
    "ilse-brandvold": Look(ground=ink.SHALLOW, skin=FAIR, hair=ink.STRAW, coat=ink.OCHRE, style="scarf"),
    "rafe-lunt": Look(ground=ink.LEAF, skin=DARK, hair=ink.COAL, coat=ink.CREAM, style="curls"),
    "ada-venn": Look(ground=ink.CREAM, skin=TAN, hair=ink.IRON, coat=ink.MOSS, style="bob"),
    "teodora-quist": Look(ground=ink.MIST, skin=FAIR, hair=GREY, coat=ink.WINE, style="long", glasses=True),
    "bridie-sandham": Look(ground=ink.STRAW, skin=TAN, hair=AUBURN, coat=ink.SEA, style="bun"),
}


def draw(sheet: Canvas, look: Look) -> None:
    """Draw the portrait that ``look`` describes on a square sheet of 400."""
    sheet.gradient((0, 0, SIDE, SIDE), ink.mix(look.ground, ink.PAPER, 0.3), look.ground)
    sheet.glow((110, 90), 220, ink.PAPER, 0.6)
    _hair_behind(sheet, look)
    shade = ink.mix(look.skin, ink.COAL, 0.22)
    sheet.poly([(30, 400), (52, 326), (140, 290), (260, 290), (348, 326), (370, 400)], look.coat)
    dark = ink.mix(look.coat, ink.COAL, 0.4)
    sheet.hatch([(250, 292), (348, 326), (370, 400), (240, 400)], dark, gap=7, alpha=0.7)
    sheet.poly([(164, 250), (236, 250), (242, 300), (200, 332), (158, 300)], shade)
    sheet.poly([(140, 292), (160, 284), (200, 334), (184, 362)], dark)
    sheet.poly([(260, 292), (240, 284), (200, 334), (216, 362)], ink.mix(dark, ink.COAL, 0.2))
    sheet.ellipse((122, 190), 14, 22, shade)
    sheet.ellipse((278, 190), 14, 22, shade)
    sheet.ellipse((200, 184), 76, 96, look.skin)
    half: list[Point] = [(222, 92), (252, 114), (272, 150), (276, 190), (266, 234), (240, 266), (212, 279), (226, 230)]
    sheet.poly(half, shade, alpha=0.35)
    sheet.ellipse((158, 222), 17, 10, ink.BRICK, alpha=0.22)
    sheet.ellipse((240, 222), 17, 10, ink.BRICK, alpha=0.22)
    if look.beard:
        _beard(sheet, look)
    _features(sheet, look, shade)
    _hair_front(sheet, look)


def _features(sheet: Canvas, look: Look, shade: ink.Ink) -> None:
    brow = ink.mix(look.hair, ink.COAL, 0.35)
    for x in (168, 232):
        sheet.ellipse((x, 186), 11, 6.5, ink.PAPER)
        sheet.ellipse((x, 186), 5.5, 6, ink.COAL)
        sheet.line([(x - 15, 166), (x, 161), (x + 15, 165)], brow, 5)
    sheet.line([(202, 188), (210, 216), (196, 221)], shade, 4)
    sheet.line([(176, 243), (190, 249), (210, 249), (224, 243)], ink.mix(ink.WINE, look.skin, 0.25), 5)
    if look.glasses:
        for x in (168, 232):
            rim: list[Point] = [(x - 25, 172), (x + 25, 172), (x + 22, 202), (x - 22, 202), (x - 25, 172), (x, 172)]
            sheet.poly(rim[:4], ink.PAPER, alpha=0.22)
            sheet.line(rim, ink.COAL, 4)
        sheet.line([(193, 180), (207, 180)], ink.COAL, 4)
        sheet.line([(143, 176), (124, 180)], ink.COAL, 4)
        sheet.line([(257, 176), (276, 180)], ink.COAL, 4)


def _beard(sheet: Canvas, look: Look) -> None:
    left: list[Point] = [(124, 186), (134, 220), (164, 228), (200, 226), (236, 228), (266, 220), (276, 186)]
    sheet.poly([*left, (270, 240), (242, 278), (200, 292), (158, 278), (130, 240)], look.hair)
    sheet.poly([(170, 238), (200, 232), (230, 238), (222, 258), (178, 258)], look.skin)


def _hair_behind(sheet: Canvas, look: Look) -> None:
    if look.style == "bun":
        sheet.ellipse((200, 62), 42, 38, look.hair)
    elif look.style == "curls":
        for x, y, size in ((110, 150, 44), (290, 150, 44), (126, 100, 50), (274, 100, 50), (200, 78, 62)):
            sheet.ellipse((x, y), size, size, look.hair)
    elif look.style == "long":
        sheet.poly([(106, 140), (140, 86), (260, 86), (294, 140), (312, 330), (88, 330)], look.hair)
        sheet.hatch([(240, 100), (294, 140), (312, 330), (240, 330)], ink.SLATE, gap=8, alpha=0.5)
    elif look.style == "bob":
        sheet.poly([(108, 140), (140, 82), (260, 82), (292, 140), (300, 256), (100, 256)], look.hair)
    elif look.style == "scarf":
        sheet.poly([(112, 140), (144, 88), (256, 88), (288, 140), (296, 280), (104, 280)], look.hair)


def _hair_front(sheet: Canvas, look: Look) -> None:
    crown: list[Point] = [(120, 178), (118, 140), (138, 100), (170, 80), (230, 80), (262, 100), (282, 140), (280, 178)]
    edges: dict[str, list[Point]] = {
        "bun": [(268, 142), (236, 118), (200, 110), (164, 118), (132, 142)],
        "crop": [(272, 150), (262, 128), (220, 122), (170, 134), (138, 128), (130, 152)],
        "curls": [(272, 150), (246, 128), (214, 132), (190, 120), (160, 134), (128, 150)],
        "long": [(272, 160), (250, 124), (206, 108), (160, 134), (128, 166)],
        "bob": [(274, 164), (266, 142), (200, 146), (134, 142), (126, 164)],
        "scarf": [(270, 140), (230, 116), (170, 116), (130, 140)],
    }
    sheet.poly([*crown, *edges[look.style]], look.hair)
    light = ink.mix(look.hair, ink.PAPER, 0.18)
    sheet.poly([(138, 100), (170, 80), (206, 79), (160, 106), (134, 138), (126, 136)], light, alpha=0.7)
    if look.style == "scarf":
        _cap(sheet)


def _cap(sheet: Canvas) -> None:
    """A knitted cap, as worn on the quay."""
    sheet.poly([(114, 140), (124, 92), (158, 54), (200, 44), (242, 54), (276, 92), (286, 140)], ink.DEEP)
    sheet.hatch([(230, 50), (276, 92), (286, 140), (226, 140)], ink.ABYSS, gap=7, alpha=0.8)
    sheet.rect((108, 118, 292, 150), ink.ABYSS, radius=10)
    for x in range(122, 290, 14):
        sheet.line([(x, 122), (x, 146)], ink.DEEP, 3)

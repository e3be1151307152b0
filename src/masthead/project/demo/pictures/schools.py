"""Scenes from the schools and the gardens behind them."""

from __future__ import annotations

from masthead.project.demo.pictures import palette as ink
from masthead.project.demo.pictures.canvas import Canvas
from masthead.project.demo.pictures.town import figure


def classroom(sheet: Canvas) -> None:
    """A classroom at Netherby Road: a tide curve on the board, small desks, the sea in the window."""
    sheet.gradient((0, 0, 1600, 640), ink.CREAM, ink.SAND)
    sheet.rect((90, 90, 470, 460), ink.PAPER)
    sheet.gradient((108, 108, 452, 442), ink.SKY, ink.HAZE)
    sheet.rect((108, 330, 452, 442), ink.SEA)
    sheet.ripples((130, 340, 430, 436), ink.HAZE, 26, longest=40)
    sheet.poly([(300, 336), (390, 336), (376, 356), (314, 356)], ink.RED)
    sheet.line([(344, 336), (344, 270)], ink.COAL, 3)
    sheet.poly([(348, 274), (382, 328), (348, 328)], ink.PAPER)
    sheet.line([(280, 108), (280, 442)], ink.PAPER, 10)
    sheet.line([(108, 270), (452, 270)], ink.PAPER, 10)
    sheet.poly([(108, 470), (452, 470), (820, 900), (300, 900)], ink.LAMP, alpha=0.25)
    sheet.rect((560, 80, 1500, 470), ink.STRAW)
    sheet.rect((578, 98, 1482, 452), ink.mix(ink.MOSS, ink.COAL, 0.45))
    sheet.hatch([(1200, 98), (1482, 98), (1482, 452), (1000, 452)], ink.COAL, gap=14, alpha=0.3)
    _tide_curve(sheet)
    sheet.rect((540, 470, 1520, 486), ink.BRICK)
    for x, chalk in ((700, ink.PAPER), (740, ink.LAMP), (1280, ink.BRICK)):
        sheet.rect((x, 462, x + 30, 470), chalk)
    sheet.rect((0, 640, 1600, 900), ink.mix(ink.STRAW, ink.BRICK, 0.45))
    for x in range(-600, 2200, 120):
        sheet.line([(800 + (x - 800) * 0.7, 640), (x, 900)], ink.BRICK, 2)
    figure(sheet, 1390, 690, ink.DEEP, tall=330)
    for x, coat, hair in ((330, ink.RED, ink.COAL), (660, ink.OCHRE, ink.BRICK), (990, ink.SHALLOW, ink.OLIVE)):
        _pupil(sheet, x, coat, hair)


def _tide_curve(sheet: Canvas) -> None:
    sheet.line([(640, 130), (640, 412), (1440, 412)], ink.PAPER, 4)
    heights = [(x, 280 - 92 * _swing((x - 640) / 800)) for x in range(640, 1441, 16)]
    sheet.line(heights, ink.LAMP, 6)
    for step in range(13):
        sheet.line([(640 + step * 64, 404), (640 + step * 64, 420)], ink.PAPER, 3)
    for step in range(6):
        sheet.line([(632, 170 + step * 44), (648, 170 + step * 44)], ink.PAPER, 3)
    for x, y in ((740, 188), (1140, 188)):
        sheet.ellipse((x, y), 10, 10, ink.BRICK)
    sheet.line([(940, 372), (940, 412)], ink.HAZE, 2)


def _swing(share: float) -> float:
    """Return a wave with two crests as ``share`` goes from 0 to 1, close enough to a cosine for chalk."""
    turn = (share * 2 - 0.25) % 1
    ramp = abs(turn * 2 - 1) * 2 - 1
    return ramp * (1.5 - 0.5 * ramp * ramp)


def _pupil(sheet: Canvas, x: float, coat: ink.Ink, hair: ink.Ink) -> None:
    skin = ink.mix(ink.STRAW, ink.BRICK, 0.4)
    sheet.ellipse((x, 880), 170, 16, ink.COAL, alpha=0.3)
    sheet.poly([(x - 70, 800), (x - 54, 690), (x - 24, 668), (x + 24, 668), (x + 54, 690), (x + 70, 800)], coat)
    sheet.hatch(
        [(x + 16, 668), (x + 54, 690), (x + 70, 800), (x + 20, 800)], ink.mix(coat, ink.COAL, 0.5), gap=8, alpha=0.8
    )
    sheet.rect((x - 11, 650, x + 11, 680), skin)
    sheet.ellipse((x, 620), 44, 48, hair)
    sheet.ellipse((x - 42, 628), 8, 11, skin)
    sheet.ellipse((x + 42, 628), 8, 11, skin)
    sheet.rect((x - 140, 778, x + 140, 800), ink.STRAW)
    sheet.rect((x - 140, 796, x + 140, 806), ink.BRICK)
    for leg in (-128, 118):
        sheet.rect((x + leg, 806, x + leg + 10, 884), ink.IRON)
    sheet.poly([(x + 40, 778), (x + 52, 760), (x + 120, 760), (x + 126, 778)], ink.PAPER)
    sheet.rect((x - 120, 752, x - 92, 778), ink.SKY, radius=4)


def school_kitchen(sheet: Canvas) -> None:
    """The kitchen that cooks for three schools: two great pots, steam, trays in a row."""
    sheet.gradient((0, 0, 1600, 620), ink.HAZE, ink.SKY)
    for y in range(0, 460, 46):
        sheet.line([(0, y), (1600, y)], ink.PAPER, 2)
    for x in range(0, 1600, 46):
        sheet.line([(x, 0), (x, 460)], ink.PAPER, 2)
    sheet.rect((0, 60, 1600, 78), ink.IRON)
    for step, (tall, wide) in enumerate(((120, 44), (90, 60), (150, 34), (104, 52), (130, 40), (96, 58))):
        x = 980 + step * 100
        sheet.line([(x, 78), (x, 78 + tall - 40)], ink.COAL, 5)
        sheet.ellipse((x, 78 + tall), wide * 0.7, wide * 0.7, ink.IRON if step % 2 else ink.BRICK)
        sheet.ellipse((x - 5, 73 + tall), wide * 0.5, wide * 0.5, ink.SLATE if step % 2 else ink.OCHRE)
    sheet.poly([(250, 0), (750, 0), (830, 150), (170, 150)], ink.SLATE)
    sheet.hatch([(560, 0), (750, 0), (830, 150), (560, 150)], ink.IRON, gap=10, alpha=0.6)
    sheet.rect((160, 150, 840, 172), ink.STONE)
    for x, y, size in ((330, 330, 90), (370, 250, 70), (310, 210, 56), (650, 320, 86), (690, 244, 66), (640, 200, 50)):
        sheet.glow((x, y), size * 1.7, ink.PAPER, 0.9)
    for x in (340, 660):
        sheet.rect((x - 130, 380, x + 130, 580), ink.STONE, radius=16)
        sheet.rect((x - 130, 384, x - 70, 580), ink.HAZE)
        sheet.hatch([(x + 40, 384), (x + 130, 384), (x + 130, 580), (x + 40, 580)], ink.IRON, gap=9, alpha=0.7)
        sheet.ellipse((x, 384), 138, 22, ink.SLATE)
        sheet.ellipse((x, 384), 122, 16, ink.OCHRE)
        sheet.speckle((x - 80, 376, x + 80, 392), ink.RED, 9, largest=8)
        sheet.speckle((x - 80, 376, x + 80, 392), ink.LEAF, 9, largest=7)
        for handle in (-150, 130):
            sheet.rect((x + handle, 440, x + handle + 20, 490), ink.IRON, radius=8)
    _cook(sheet, 1010)
    sheet.rect((0, 580, 1600, 640), ink.STONE)
    sheet.rect((0, 580, 1600, 592), ink.PAPER)
    sheet.rect((0, 640, 1600, 900), ink.DEEP)
    sheet.hatch([(0, 640), (1600, 640), (1600, 900), (0, 900)], ink.ABYSS, gap=14, alpha=0.5)
    for step in range(5):
        _tray(sheet, 150 + step * 330, 762)


def _cook(sheet: Canvas, x: float) -> None:
    skin = ink.mix(ink.BRICK, ink.COAL, 0.25)
    sheet.poly([(x - 110, 600), (x - 92, 420), (x - 36, 384), (x + 36, 384), (x + 92, 420), (x + 110, 600)], ink.PAPER)
    sheet.hatch([(x + 30, 384), (x + 92, 420), (x + 110, 600), (x + 40, 600)], ink.STONE, gap=9, alpha=0.7)
    sheet.poly([(x - 52, 600), (x - 44, 450), (x + 44, 450), (x + 52, 600)], ink.RED)
    sheet.poly([(x - 104, 480), (x - 92, 420), (x - 200, 360), (x - 216, 386)], ink.CREAM)
    sheet.line([(x - 210, 400), (x - 290, 330)], ink.STRAW, 9)
    sheet.ellipse((x - 208, 374), 18, 18, skin)
    sheet.rect((x - 16, 356, x + 16, 396), skin)
    sheet.ellipse((x, 326), 40, 46, skin)
    sheet.rect((x - 42, 280, x + 42, 312), ink.PAPER)
    sheet.ellipse((x - 20, 270), 30, 26, ink.PAPER)
    sheet.ellipse((x + 20, 268), 32, 28, ink.PAPER)
    for side in (-14, 14):
        sheet.ellipse((x + side, 330), 3.5, 4.5, ink.COAL)
    sheet.line([(x - 12, 350), (x, 354), (x + 12, 350)], ink.COAL, 3)


def _tray(sheet: Canvas, x: float, y: float) -> None:
    sheet.rect((x - 128, y - 62, x + 140, y + 84), ink.COAL, alpha=0.35, radius=14)
    sheet.rect((x - 138, y - 74, x + 132, y + 72), ink.BRICK, radius=16)
    sheet.rect((x - 128, y - 64, x + 122, y + 62), ink.mix(ink.BRICK, ink.SAND, 0.25), radius=12)
    sheet.ellipse((x - 48, y), 66, 50, ink.PAPER)
    sheet.ellipse((x - 48, y), 50, 37, ink.OCHRE)
    sheet.speckle((x - 80, y - 20, x - 16, y + 20), ink.RED, 7, largest=7)
    sheet.speckle((x - 80, y - 20, x - 16, y + 20), ink.LEAF, 6, largest=6)
    sheet.ellipse((x + 66, y - 26), 28, 22, ink.RED)
    sheet.ellipse((x + 60, y - 32), 10, 7, ink.BRICK)
    sheet.rect((x + 40, y + 14, x + 100, y + 48), ink.STRAW, radius=12)
    sheet.rect((x + 46, y + 18, x + 94, y + 30), ink.LAMP, radius=6)


def rain_barrels(sheet: Canvas) -> None:
    """A school yard in a shower: the gutter, four barrels with gauges, two pupils with a dipstick."""
    sheet.gradient((0, 0, 1600, 700), ink.SLATE, ink.HAZE)
    sheet.rect((120, 250, 1320, 720), ink.BRICK)
    for row in range(18):
        y = 256 + row * 26
        sheet.line([(120, y), (1320, y)], ink.mix(ink.BRICK, ink.SAND, 0.3), 2)
        for x in range(120 + 30 * (row % 2), 1320, 60):
            sheet.line([(x, y), (x, y + 26)], ink.mix(ink.BRICK, ink.SAND, 0.3), 2)
    sheet.hatch([(900, 250), (1320, 250), (1320, 720), (900, 720)], ink.WINE, gap=12, alpha=0.3)
    sheet.poly([(70, 256), (250, 90), (1200, 90), (1370, 256)], ink.ABYSS)
    for row in range(5):
        y = 110 + row * 32
        sheet.line([(228 - row * 34, y), (1222 + row * 32, y)], ink.DEEP, 4)
    sheet.rect((60, 250, 1380, 274), ink.IRON)
    sheet.rect((60, 250, 1380, 258), ink.STONE)
    for x in (470, 800):
        sheet.rect((x, 330, x + 150, 520), ink.PAPER)
        sheet.gradient((x + 12, 342, x + 138, 508), ink.SHALLOW, ink.SKY)
        sheet.line([(x + 75, 342), (x + 75, 508)], ink.PAPER, 7)
    sheet.rect((0, 710, 1600, 900), ink.STONE)
    sheet.hatch([(0, 710), (1600, 710), (1600, 900), (0, 900)], ink.SLATE, gap=18, alpha=0.4)
    sheet.rect((208, 274, 230, 500), ink.IRON)
    for step in range(4):
        _barrel(sheet, 220 + step * 210, 0.92 - step * 0.2)
    figure(sheet, 1120, 800, ink.OCHRE, tall=250)
    figure(sheet, 1300, 816, ink.RED, tall=232)
    sheet.line([(1150, 690), (1226, 520)], ink.STRAW, 8)
    for _ in range(170):
        left, top = sheet.dice.between(-20, 1600), sheet.dice.between(-40, 840)
        sheet.line([(left, top), (left - 9, top + 34)], ink.PAPER, 1.2)
    sheet.ellipse((1150, 860), 210, 18, ink.SKY, alpha=0.7)
    sheet.ripples((960, 850, 1340, 872), ink.PAPER, 10, longest=60)


def _barrel(sheet: Canvas, x: float, level: float) -> None:
    sheet.ellipse((x + 8, 806), 106, 16, ink.COAL, alpha=0.4)
    sheet.poly([(x - 82, 520), (x + 82, 520), (x + 96, 660), (x + 80, 800), (x - 80, 800), (x - 96, 660)], ink.MOSS)
    sheet.poly([(x - 82, 520), (x - 40, 520), (x - 50, 660), (x - 42, 800), (x - 80, 800), (x - 96, 660)], ink.LEAF)
    sheet.hatch(
        [(x + 30, 520), (x + 82, 520), (x + 96, 660), (x + 80, 800), (x + 30, 800)], ink.OLIVE, gap=8, alpha=0.9
    )
    for y in (560, 660, 756):
        sheet.rect((x - 95, y, x + 95, y + 12), ink.IRON)
    sheet.ellipse((x, 520), 82, 18, ink.IRON)
    sheet.ellipse((x, 522), 70, 12, ink.SEA)
    sheet.rect((x - 12, 576, x + 12, 780), ink.PAPER)
    sheet.rect((x - 7, 780 - 200 * level, x + 7, 776), ink.SEA)
    for mark in range(6):
        sheet.line([(x + 4, 590 + mark * 34), (x + 12, 590 + mark * 34)], ink.RED, 3)


def island_school(sheet: Canvas) -> None:
    """The school on Outer Skerry: a white house with a bell, a flag, the sea on three sides."""
    sheet.gradient((0, 0, 1600, 520), ink.SKY, ink.CREAM)
    sheet.glow((1280, 170), 420, ink.PAPER, 0.9)
    for x, y, size in ((260, 150, 60), (330, 170, 46), (190, 176, 40), (1080, 240, 44), (1150, 256, 34)):
        sheet.ellipse((x, y), size * 1.9, size * 0.5, ink.PAPER, alpha=0.7)
    sheet.wave(470, ink.mix(ink.MIST, ink.SLATE, 0.3), height=12, length=1500, shift=1.4)
    sheet.gradient((0, 500, 1600, 900), ink.SHALLOW, ink.DEEP)
    sheet.ripples((0, 506, 1600, 760), ink.HAZE, 100, longest=100)
    island = [(230, 760), (330, 660), (520, 600), (800, 574), (1080, 590), (1260, 640), (1400, 740), (1460, 790)]
    sheet.poly([*island, (1330, 860), (360, 860)], ink.OLIVE)
    sheet.poly([*island, (1300, 806), (860, 780), (420, 800)], ink.LEAF)
    sheet.hatch(
        [(1000, 586), (1080, 590), (1260, 640), (1400, 740), (1300, 806), (1000, 786)], ink.MOSS, gap=11, alpha=0.8
    )
    sheet.rect((620, 430, 960, 640), ink.PAPER)
    sheet.hatch([(860, 430), (960, 430), (960, 640), (860, 640)], ink.STONE, gap=9, alpha=0.7)
    sheet.poly([(590, 436), (660, 330), (920, 330), (990, 436)], ink.RED)
    sheet.poly([(590, 436), (660, 330), (700, 330), (640, 436)], ink.BRICK)
    sheet.rect((760, 262, 820, 332), ink.PAPER)
    sheet.poly([(748, 266), (790, 216), (832, 266)], ink.WINE)
    sheet.rect((774, 280, 806, 320), ink.DEEP)
    sheet.ellipse((790, 302), 10, 13, ink.OCHRE)
    for x in (648, 714, 852, 910):
        sheet.rect((x, 490, x + 38, 556), ink.DEEP)
        sheet.poly([(x, 556), (x, 516), (x + 24, 490), (x + 38, 490)], ink.SHALLOW)
    sheet.rect((770, 520, 826, 640), ink.MOSS)
    sheet.poly([(770, 640), (826, 640), (900, 806), (780, 808)], ink.SAND)
    sheet.line([(1080, 600), (1080, 330)], ink.COAL, 6)
    sheet.poly([(1084, 336), (1190, 350), (1186, 402), (1084, 396)], ink.DEEP)
    sheet.poly([(1084, 358), (1188, 370), (1187, 384), (1084, 376)], ink.PAPER)
    for x, foot, coat in (
        (560, 690, ink.RED),
        (610, 712, ink.OCHRE),
        (694, 744, ink.DEEP),
        (1000, 700, ink.BRICK),
        (1046, 722, ink.SEA),
    ):
        figure(sheet, x, foot, coat, tall=78)
    figure(sheet, 930, 706, ink.WINE, tall=112)
    sheet.ripples((300, 836, 1420, 880), ink.PAPER, 40, longest=90)


def allotment(sheet: Canvas) -> None:
    """An allotment: rows of beds, bean canes, a shed with a mended door, a heron on the fence."""
    sheet.gradient((0, 0, 1600, 480), ink.SKY, ink.CREAM)
    sheet.glow((1180, 300), 480, ink.LAMP, 0.5)
    sheet.wave(420, ink.mix(ink.LEAF, ink.MIST, 0.55), height=30, length=1200, shift=1)
    sheet.wave(474, ink.LEAF, height=8, length=900, shift=3)
    for x in range(0, 1600, 46):
        sheet.rect((x, 404, x + 12, 490), ink.STRAW)
    for y in (424, 458):
        sheet.rect((0, y, 1600, y + 9), ink.mix(ink.STRAW, ink.OLIVE, 0.3))
    sheet.gradient((0, 486, 1600, 900), ink.mix(ink.MOSS, ink.STRAW, 0.2), ink.mix(ink.OLIVE, ink.COAL, 0.35))
    for row in range(5):
        _bed(sheet, row)
    for step in range(7):
        x = 930 + step * 90
        sheet.line([(x, 600), (x + 40, 300)], ink.STRAW, 5)
        sheet.line([(x + 80, 600), (x + 40, 300)], ink.STRAW, 5)
        sheet.speckle((x + 8, 350, x + 74, 590), ink.MOSS, 30, largest=12)
        sheet.speckle((x + 8, 350, x + 74, 590), ink.LEAF, 22, largest=9)
        sheet.speckle((x + 14, 360, x + 70, 580), ink.RED, 7, largest=6)
    sheet.line([(950, 306), (1530, 306)], ink.STRAW, 5)
    _shed(sheet)
    _heron(sheet, 720, 404)


def _bed(sheet: Canvas, row: int) -> None:
    near = row / 4
    top, deep = 520 + 70 * row + 14 * row * near, 26 + 34 * near
    back = 440 - 190 * near
    soil = ink.mix(ink.WINE, ink.COAL, 0.55)
    sheet.poly([(back, top), (1600, top), (1600, top + deep), (back - 20 * (1 + near), top + deep)], soil)
    leaf = (ink.LEAF, ink.MOSS, ink.mix(ink.LEAF, ink.OCHRE, 0.3), ink.LEAF, ink.mix(ink.MOSS, ink.RED, 0.4))[row]
    for step in range(26 - row * 3):
        x = 470 - 180 * near + step * (44 + 12 * row)
        size = (9 + 11 * near) * sheet.dice.between(0.8, 1.2)
        sheet.ellipse((x - size * 0.6, top), size, size * 0.6, leaf)
        sheet.ellipse((x + size * 0.6, top - 2), size, size * 0.6, ink.mix(leaf, ink.PAPER, 0.18))
        sheet.ellipse((x, top - size * 0.7), size * 0.7, size * 0.8, ink.mix(leaf, ink.COAL, 0.12))


def _shed(sheet: Canvas) -> None:
    sheet.poly([(60, 700), (380, 700), (440, 736), (100, 740)], ink.COAL, alpha=0.3)
    sheet.rect((80, 330, 370, 700), ink.SHALLOW)
    for x in range(80, 370, 36):
        sheet.line([(x, 330), (x, 700)], ink.SEA, 3)
    sheet.hatch([(280, 330), (370, 330), (370, 700), (280, 700)], ink.DEEP, gap=9, alpha=0.6)
    sheet.poly([(40, 346), (90, 246), (350, 226), (412, 340)], ink.IRON)
    sheet.poly([(40, 346), (90, 246), (150, 241), (110, 344)], ink.SLATE)
    sheet.rect((120, 440, 226, 700), ink.BRICK)
    sheet.poly([(120, 600), (226, 560), (226, 588), (120, 628)], ink.STRAW)
    sheet.ellipse((212, 570), 6, 6, ink.COAL)
    sheet.rect((262, 430, 340, 510), ink.PAPER)
    sheet.rect((270, 438, 332, 502), ink.ABYSS)
    sheet.line([(301, 438), (301, 502)], ink.PAPER, 4)
    sheet.line([(420, 720), (396, 470)], ink.STRAW, 8)
    sheet.poly([(404, 720), (440, 716), (436, 770), (416, 776)], ink.SLATE)


def _heron(sheet: Canvas, x: float, foot: float) -> None:
    for leg in (-5, 7):
        sheet.line([(x + leg, foot - 56), (x + leg + 2, foot)], ink.IRON, 3)
    sheet.poly(
        [(x - 52, foot - 44), (x - 20, foot - 96), (x + 22, foot - 104), (x + 26, foot - 72), (x - 4, foot - 52)],
        ink.SLATE,
    )
    sheet.poly(
        [
            (x + 12, foot - 84),
            (x + 6, foot - 130),
            (x + 22, foot - 160),
            (x + 30, foot - 152),
            (x + 20, foot - 128),
            (x + 27, foot - 88),
        ],
        ink.mix(ink.SLATE, ink.HAZE, 0.4),
    )
    sheet.ellipse((x + 28, foot - 160), 12, 8, ink.mix(ink.SLATE, ink.HAZE, 0.4))
    sheet.poly([(x + 34, foot - 164), (x + 80, foot - 156), (x + 34, foot - 153)], ink.OCHRE)
    sheet.line([(x + 30, foot - 165), (x - 2, foot - 172)], ink.COAL, 3)
    sheet.ellipse((x + 31, foot - 162), 2, 2, ink.COAL)

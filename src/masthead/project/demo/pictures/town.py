"""Scenes in the town: the hall, the chamber, the library, the bus stop, the market."""

from __future__ import annotations

from masthead.project.demo.pictures import palette as ink
from masthead.project.demo.pictures.canvas import Canvas


def town_hall(sheet: Canvas) -> None:
    """The town hall across its square: columns, clock tower, a few people on the steps."""
    sheet.gradient((0, 0, 1600, 640), ink.SKY, ink.CREAM)
    sheet.glow((260, 240), 460, ink.PAPER, 0.8)
    _houses_behind(sheet)
    sheet.rect((0, 636, 1600, 760), ink.mix(ink.LEAF, ink.STONE, 0.45))
    sheet.hatch([(0, 636), (1600, 636), (1600, 760), (0, 760)], ink.MOSS, gap=10, alpha=0.5)
    _hall_tower(sheet)
    sheet.rect((420, 380, 1180, 690), ink.CREAM)
    sheet.hatch([(1040, 380), (1180, 380), (1180, 690), (1040, 690)], ink.STONE, gap=9, alpha=0.6)
    sheet.poly([(396, 384), (800, 268), (1204, 384)], ink.SAND)
    sheet.poly([(460, 376), (800, 284), (1140, 376)], ink.CREAM)
    sheet.ellipse((800, 340), 26, 26, ink.DEEP)
    sheet.rect((396, 380, 1204, 400), ink.STRAW)
    for step in range(7):
        x = 452 + step * 102
        if step != 3:
            sheet.rect((x + 30, 440, x + 62, 520), ink.DEEP)
            sheet.poly([(x + 30, 520), (x + 30, 470), (x + 56, 440), (x + 62, 440), (x + 62, 452)], ink.SHALLOW)
            sheet.rect((x + 30, 570, x + 62, 650), ink.DEEP)
        sheet.rect((x - 14, 400, x + 14, 690), ink.PAPER)
        sheet.rect((x + 2, 400, x + 14, 690), ink.SAND)
        sheet.rect((x - 20, 400, x + 20, 414), ink.SAND)
    sheet.rect((760, 520, 852, 690), ink.WINE)
    sheet.line([(806, 520), (806, 690)], ink.COAL, 3)
    for step in range(4):
        sheet.rect(
            (400 - step * 26, 690 + step * 16, 1200 + step * 26, 708 + step * 16), (ink.STONE, ink.SAND)[step % 2]
        )
    sheet.rect((0, 752, 1600, 900), ink.STONE)
    sheet.hatch([(0, 752), (1600, 752), (1600, 900), (0, 900)], ink.OLIVE, gap=22, alpha=0.25)
    sheet.poly([(900, 752), (1300, 752), (1600, 860), (1600, 900), (1040, 900)], ink.OLIVE, alpha=0.25)
    for x, foot, coat in ((520, 790, ink.RED), (580, 796, ink.DEEP), (1010, 740, ink.MOSS), (1240, 840, ink.OCHRE)):
        figure(sheet, x, foot, coat)


def _houses_behind(sheet: Canvas) -> None:
    for x, tall in ((0, 250), (150, 310), (300, 270), (1180, 300), (1330, 250), (1470, 330)):
        back = ink.mix(ink.MIST, ink.SAND, 0.35)
        sheet.rect((x - 5, 640 - tall, x + 150, 660), back)
        sheet.poly([(x - 6, 640 - tall), (x + 70, 580 - tall), (x + 146, 640 - tall)], ink.mix(back, ink.SLATE, 0.3))
        for step in range(6):
            wx, wy = x + 24 + 40 * (step % 3), 670 - tall + 70 * (step // 3)
            sheet.rect((wx, wy, wx + 16, wy + 30), ink.mix(back, ink.SLATE, 0.45))


def _hall_tower(sheet: Canvas) -> None:
    sheet.rect((728, 120, 872, 340), ink.SAND)
    sheet.hatch([(820, 120), (872, 120), (872, 340), (820, 340)], ink.OLIVE, gap=9, alpha=0.5)
    sheet.rect((716, 108, 884, 126), ink.STRAW)
    sheet.poly([(728, 110), (800, 20), (872, 110)], ink.RED)
    sheet.poly([(728, 110), (800, 20), (782, 110)], ink.BRICK)
    sheet.line([(800, 24), (800, 0)], ink.COAL, 4)
    sheet.ellipse((800, 190), 50, 50, ink.IRON)
    sheet.ellipse((800, 190), 43, 43, ink.PAPER)
    sheet.line([(800, 190), (800, 158)], ink.COAL, 5)
    sheet.line([(800, 190), (824, 202)], ink.COAL, 5)


def figure(sheet: Canvas, x: float, foot: float, coat: ink.Ink, *, tall: float = 92) -> None:
    """Draw a passer-by in a ``coat``, standing at ``x`` with the feet at ``foot``."""
    unit = tall / 92
    shade = ink.mix(coat, ink.COAL, 0.35)
    sheet.poly(
        [(x - 6, foot), (x + 64 * unit, foot - 4), (x + 64 * unit, foot + 5), (x, foot + 5)], ink.COAL, alpha=0.22
    )
    sheet.rect((x - 9 * unit, foot - 36 * unit, x - 1 * unit, foot), ink.COAL)
    sheet.rect((x + 1 * unit, foot - 36 * unit, x + 9 * unit, foot), ink.IRON)
    body = [(x - 14, foot - 28), (x - 10, foot - 72), (x + 10, foot - 72), (x + 14, foot - 28)]
    sheet.poly([(x + (px - x) * unit, foot + (py - foot) * unit) for px, py in body], coat)
    side = [(x + 3, foot - 28), (x + 3, foot - 72), (x + 10, foot - 72), (x + 14, foot - 28)]
    sheet.poly([(x + (px - x) * unit, foot + (py - foot) * unit) for px, py in side], shade)
    sheet.ellipse((x, foot - 82 * unit), 9 * unit, 11 * unit, ink.mix(ink.STRAW, ink.BRICK, 0.4))
    hair = [(x - 10, foot - 82), (x - 8, foot - 94), (x + 8, foot - 95), (x + 10, foot - 84)]
    sheet.poly([(x + (px - x) * unit, foot + (py - foot) * unit) for px, py in hair], ink.COAL)


def council_chamber(sheet: Canvas) -> None:
    """The council chamber before a meeting: a curved table, nine red chairs, light from tall windows."""
    sheet.gradient((0, 0, 1600, 620), ink.mix(ink.OLIVE, ink.SAND, 0.35), ink.mix(ink.OLIVE, ink.SAND, 0.6))
    _chamber_wall(sheet)
    sheet.rect((0, 500, 1600, 520), ink.OLIVE)
    sheet.gradient((0, 520, 1600, 900), ink.mix(ink.WINE, ink.OLIVE, 0.45), ink.mix(ink.WINE, ink.COAL, 0.5))
    for x in range(-1200, 2900, 130):
        sheet.line([(800 + (x - 800) * 0.5, 520), (x, 900)], ink.mix(ink.WINE, ink.COAL, 0.55), 2)
    for x in (150, 470, 1010, 1330):
        sheet.poly([(x + 20, 530), (x + 170, 530), (x + 360, 900), (x + 110, 900)], ink.LAMP, alpha=0.14)
    for step in range(9):
        lean = (step - 4) / 4
        _chair(sheet, 800 + lean * 560, 500 + 80 * lean * lean)
    back = [(120, 640), (420, 590), (800, 574), (1180, 590), (1480, 640)]
    front = [(1330, 700), (1100, 662), (800, 650), (500, 662), (270, 700)]
    sheet.poly([(x, y + 46) for x, y in (*back, *front)], ink.COAL, alpha=0.5)
    sheet.poly([*front, *((x, y + 71) for x, y in reversed(front))], ink.BRICK)
    sheet.hatch([*front[:3], *((x, y + 71) for x, y in reversed(front[:3]))], ink.WINE, gap=10, alpha=0.8)
    sheet.poly([*back, *front], ink.STRAW)
    for step in range(9):
        lean = (step - 4) / 4
        across, down = 800 + lean * 500, 598 + 44 * lean * lean
        sheet.poly(
            [(across - 30, down + 22), (across - 22, down), (across + 24, down), (across + 30, down + 22)], ink.PAPER
        )
        sheet.line([(across - 16, down + 8), (across + 18, down + 8)], ink.STONE, 2)
        sheet.line([(across - 18, down + 14), (across + 8, down + 14)], ink.STONE, 2)
        sheet.rect((across + 38, down - 8, across + 50, down + 16), ink.SKY, radius=3)
    sheet.line([(800, 600), (800, 560)], ink.COAL, 4)
    sheet.ellipse((800, 556), 8, 12, ink.COAL)


def _chamber_wall(sheet: Canvas) -> None:
    for x in (150, 470, 1010, 1330):
        sheet.rect((x - 12, 70, x + 152, 470), ink.OLIVE)
        sheet.gradient((x, 82, x + 140, 462), ink.PAPER, ink.SKY)
        sheet.line([(x + 70, 82), (x + 70, 462)], ink.OLIVE, 6)
        for y in (180, 280, 370):
            sheet.line([(x, y), (x + 140, y)], ink.OLIVE, 5)
    sheet.rect((700, 90, 900, 330), ink.OCHRE)
    sheet.gradient((716, 106, 884, 314), ink.SKY, ink.SHALLOW)
    sheet.poly([(716, 314), (716, 270), (780, 236), (830, 262), (884, 240), (884, 314)], ink.DEEP)
    sheet.poly([(770, 270), (840, 270), (826, 290), (784, 290)], ink.RED)
    sheet.line([(806, 270), (806, 206)], ink.COAL, 4)
    sheet.poly([(810, 210), (842, 262), (810, 262)], ink.PAPER)


def _chair(sheet: Canvas, x: float, top: float) -> None:
    sheet.rect((x - 46, top, x + 46, top + 150), ink.COAL, radius=12)
    sheet.rect((x - 38, top + 8, x + 38, top + 140), ink.RED, radius=8)
    sheet.hatch(
        [(x + 6, top + 8), (x + 38, top + 8), (x + 38, top + 140), (x + 6, top + 140)], ink.WINE, gap=8, alpha=0.8
    )
    for button in (-16, 16):
        sheet.ellipse((x + button, top + 36), 3, 3, ink.WINE)


def library(sheet: Canvas) -> None:
    """The reading room in the evening: shelves to the ceiling, green lamps, two readers."""
    sheet.gradient((0, 0, 1600, 900), ink.mix(ink.COAL, ink.OLIVE, 0.6), ink.mix(ink.OLIVE, ink.STRAW, 0.25))
    _shelves(sheet)
    for x in (440, 1160):
        sheet.glow((x, 560), 420, ink.LAMP, 0.55)
    _reader(sheet, 640, ink.DEEP, ink.IRON)
    _reader(sheet, 1010, ink.BRICK, ink.STONE)
    sheet.poly([(60, 690), (1540, 690), (1600, 800), (0, 800)], ink.STRAW)
    sheet.poly([(0, 800), (1600, 800), (1600, 850), (0, 850)], ink.BRICK)
    sheet.hatch([(0, 800), (1600, 800), (1600, 850), (0, 850)], ink.WINE, gap=12, alpha=0.7)
    sheet.rect((0, 850, 1600, 900), ink.COAL)
    for x in (440, 1160):
        _desk_lamp(sheet, x)
    for x in (640, 1010):
        _open_book(sheet, x)


def _shelves(sheet: Canvas) -> None:
    spines = (ink.RED, ink.DEEP, ink.OCHRE, ink.MOSS, ink.CREAM, ink.WINE, ink.SHALLOW, ink.STRAW, ink.OLIVE)
    for row in range(5):
        floor = 150 + row * 116
        sheet.rect((0, floor - 116, 1600, floor), ink.mix(ink.COAL, ink.WINE, 0.2))
        x = 8.0
        while x < 1590:
            wide, tall = sheet.dice.between(12, 30), sheet.dice.between(62, 96)
            if sheet.dice.between(0, 1) > 0.08:
                spine = ink.mix(spines[int(sheet.dice.between(0, 8.99))], ink.COAL, 0.22)
                sheet.rect((x, floor - tall - 8, x + wide, floor - 8), spine)
                sheet.rect((x, floor - tall + 10, x + wide, floor - tall + 15), ink.mix(spine, ink.LAMP, 0.45))
                sheet.rect((x + wide - 4, floor - tall - 8, x + wide, floor - 8), ink.mix(spine, ink.COAL, 0.4))
            x += wide + 1
        sheet.rect((0, floor - 10, 1600, floor + 4), ink.OLIVE)
    for x in (0, 392, 792, 1192, 1582):
        sheet.rect((x, 0, x + 18, 634), ink.OLIVE)
        sheet.rect((x + 12, 0, x + 18, 634), ink.COAL)


def _desk_lamp(sheet: Canvas, x: float) -> None:
    sheet.ellipse((x, 736), 200, 34, ink.LAMP, alpha=0.5)
    sheet.ellipse((x, 732), 44, 12, ink.OCHRE)
    sheet.rect((x - 6, 560, x + 6, 732), ink.OCHRE)
    sheet.poly([(x - 92, 570), (x - 60, 512), (x + 60, 512), (x + 92, 570)], ink.MOSS)
    sheet.poly([(x - 92, 570), (x - 60, 512), (x - 20, 512), (x - 36, 570)], ink.LEAF)
    sheet.ellipse((x, 570), 84, 9, ink.PAPER)


def _open_book(sheet: Canvas, x: float) -> None:
    sheet.poly([(x - 84, 762), (x - 66, 726), (x, 736), (x, 772)], ink.PAPER)
    sheet.poly([(x + 84, 762), (x + 66, 726), (x, 736), (x, 772)], ink.CREAM)
    for line in range(4):
        sheet.line([(x - 66 + line * 2, 738 + line * 7), (x - 10, 746 + line * 7)], ink.STONE, 1.5)
        sheet.line([(x + 66 - line * 2, 738 + line * 7), (x + 10, 746 + line * 7)], ink.STONE, 1.5)


def _reader(sheet: Canvas, x: float, coat: ink.Ink, hair: ink.Ink) -> None:
    skin = ink.mix(ink.STRAW, ink.BRICK, 0.35)
    sheet.poly([(x - 110, 720), (x - 86, 600), (x - 30, 566), (x + 30, 566), (x + 86, 600), (x + 110, 720)], coat)
    sheet.hatch([(x + 30, 566), (x + 86, 600), (x + 110, 720), (x + 20, 720)], ink.COAL, gap=10, alpha=0.6)
    sheet.rect((x - 16, 540, x + 16, 580), skin)
    sheet.ellipse((x, 506), 42, 50, skin)
    sheet.poly(
        [
            (x - 46, 512),
            (x - 48, 470),
            (x - 20, 440),
            (x + 24, 440),
            (x + 48, 472),
            (x + 46, 512),
            (x + 30, 482),
            (x - 28, 480),
        ],
        hair,
    )
    for side in (-16, 16):
        sheet.line([(x + side - 9, 518), (x + side + 9, 518)], ink.COAL, 3)
    for hand in (-70, 70):
        sheet.ellipse((x + hand, 716), 24, 15, skin)


def bus_stop(sheet: Canvas) -> None:
    """A bus shelter on the edge of town in the rain, the bus lights coming up the hill."""
    sheet.gradient((0, 0, 1600, 600), ink.SLATE, ink.mix(ink.SKY, ink.SAND, 0.3))
    sheet.wave(470, ink.mix(ink.SLATE, ink.MOSS, 0.35), height=44, length=1300, shift=2.4)
    sheet.wave(540, ink.MOSS, height=26, length=900, shift=4.2)
    sheet.hatch([(0, 560), (1600, 560), (1600, 640), (0, 640)], ink.OLIVE, gap=12, alpha=0.4)
    sheet.poly([(0, 690), (1600, 640), (1600, 900), (0, 900)], ink.IRON)
    sheet.poly([(0, 690), (1600, 640), (1600, 654), (0, 708)], ink.STONE)
    for x in range(-40, 1600, 190):
        sheet.poly([(x, 812), (x + 96, 809), (x + 92, 820), (x - 4, 823)], ink.CREAM, alpha=0.8)
    _bus(sheet, 1010, 450)
    sheet.rect((180, 330, 640, 690), ink.SKY, alpha=0.55)
    sheet.poly([(210, 690), (330, 330), (420, 330), (300, 690)], ink.PAPER, alpha=0.35)
    for x in (180, 410, 632):
        sheet.rect((x, 320, x + 12, 712), ink.COAL)
    sheet.poly([(140, 330), (160, 290), (690, 290), (700, 330)], ink.RED)
    sheet.hatch([(440, 330), (440, 290), (690, 290), (700, 330)], ink.WINE, gap=9, alpha=0.8)
    sheet.rect((220, 600, 600, 618), ink.BRICK)
    for x in (240, 570):
        sheet.rect((x, 618, x + 10, 700), ink.COAL)
    figure(sheet, 520, 716, ink.OCHRE, tall=250)
    figure(sheet, 330, 712, ink.DEEP, tall=220)
    sheet.rect((760, 300, 772, 706), ink.COAL)
    sheet.ellipse((766, 292), 46, 46, ink.PAPER)
    sheet.ellipse((766, 292), 38, 38, ink.DEEP)
    sheet.rect((742, 280, 790, 306), ink.PAPER, radius=4)
    sheet.rect((738, 420, 794, 510), ink.CREAM)
    for y in range(432, 500, 12):
        sheet.line([(746, y), (786, y)], ink.SLATE, 3)
    for _ in range(150):
        left, top = sheet.dice.between(-40, 1600), sheet.dice.between(-20, 860)
        sheet.line([(left, top), (left - 12, top + 40)], ink.HAZE, 1.2)
    sheet.ripples((0, 740, 1600, 880), ink.SLATE, 40, longest=130)


def _bus(sheet: Canvas, x: float, top: float) -> None:
    sheet.ellipse((x + 180, top + 262), 230, 18, ink.COAL, alpha=0.6)
    sheet.rect((x, top, x + 360, top + 250), ink.SHALLOW, radius=18)
    sheet.rect((x, top + 150, x + 360, top + 176), ink.PAPER)
    sheet.hatch(
        [(x + 220, top), (x + 360, top), (x + 360, top + 250), (x + 220, top + 250)], ink.DEEP, gap=10, alpha=0.45
    )
    for step in range(4):
        left = x + 96 + step * 66
        sheet.rect((left, top + 44, left + 54, top + 132), ink.LAMP)
        sheet.rect((left, top + 44, left + 54, top + 56), ink.OCHRE)
    sheet.poly([(x, top + 40), (x + 80, top + 40), (x + 80, top + 150), (x, top + 150)], ink.ABYSS)
    sheet.poly([(x, top + 150), (x, top + 80), (x + 40, top + 40), (x + 80, top + 40)], ink.MIST)
    sheet.rect((x + 6, top + 10, x + 84, top + 32), ink.COAL)
    sheet.rect((x + 14, top + 14, x + 76, top + 28), ink.LAMP)
    for wheel in (x + 78, x + 284):
        sheet.ellipse((wheel, top + 250), 36, 36, ink.COAL)
        sheet.ellipse((wheel, top + 250), 15, 15, ink.STONE)
    sheet.glow((x + 4, top + 200), 160, ink.LAMP, 0.8)
    sheet.ellipse((x + 8, top + 200), 12, 16, ink.PAPER)


def market(sheet: Canvas) -> None:
    """The fish stall on the quay: striped awning, crates of ice, a scale, the seller."""
    sheet.gradient((0, 0, 1600, 600), ink.SKY, ink.CREAM)
    for x, tall, wall in (
        (0, 330, ink.BRICK),
        (220, 400, ink.SAND),
        (430, 350, ink.SHALLOW),
        (1090, 380, ink.STRAW),
        (1330, 330, ink.BRICK),
    ):
        pale = ink.mix(wall, ink.HAZE, 0.5)
        sheet.rect((x, 560 - tall, x + 250, 600), pale)
        sheet.poly([(x - 8, 560 - tall), (x + 125, 490 - tall), (x + 258, 560 - tall)], ink.mix(ink.SLATE, pale, 0.4))
        for step in range(6):
            wx, wy = x + 40 + 70 * (step % 3), 600 - tall + 110 * (step // 3)
            sheet.rect((wx, wy, wx + 34, wy + 56), ink.mix(ink.DEEP, pale, 0.45))
    sheet.rect((0, 580, 1600, 900), ink.STONE)
    sheet.hatch([(0, 580), (1600, 580), (1600, 900), (0, 900)], ink.OLIVE, gap=20, alpha=0.3)
    for x in (300, 1286):
        sheet.rect((x, 240, x + 14, 800), ink.IRON)
    _seller(sheet, 800)
    for step in range(12):
        left = 250 + step * 92
        fill = ink.RED if step % 2 == 0 else ink.PAPER
        sheet.poly([(left + 30 - step * 5, 170), (left + 117 - step * 5, 170), (left + 92, 300), (left, 300)], fill)
        sheet.ellipse((left + 46, 300), 46, 22, fill)
    sheet.hatch([(1000, 170), (1330, 170), (1354, 316), (1000, 316)], ink.IRON, gap=12, alpha=0.25)
    sheet.rect((250, 160, 1354, 174), ink.IRON)
    sheet.poly([(240, 600), (1360, 600), (1420, 700), (180, 700)], ink.HAZE)
    sheet.rect((180, 700, 1420, 860), ink.DEEP)
    sheet.hatch([(900, 700), (1420, 700), (1420, 860), (900, 860)], ink.ABYSS, gap=12, alpha=0.8)
    for step in range(6):
        _crate(sheet, 230 + step * 196, step)
    sheet.line([(1180, 300), (1180, 400)], ink.COAL, 4)
    sheet.ellipse((1180, 430), 44, 44, ink.IRON)
    sheet.ellipse((1180, 430), 36, 36, ink.PAPER)
    sheet.line([(1180, 430), (1200, 410)], ink.RED, 4)
    sheet.poly([(1120, 510), (1240, 510), (1216, 540), (1144, 540)], ink.STONE)
    sheet.line([(1180, 474), (1124, 510)], ink.COAL, 2)
    sheet.line([(1180, 474), (1236, 510)], ink.COAL, 2)


def _seller(sheet: Canvas, x: float) -> None:
    skin = ink.mix(ink.BRICK, ink.STRAW, 0.45)
    sheet.poly([(x - 104, 640), (x - 88, 452), (x - 34, 420), (x + 34, 420), (x + 88, 452), (x + 104, 640)], ink.OCHRE)
    sheet.poly([(x - 56, 640), (x - 46, 470), (x + 46, 470), (x + 56, 640)], ink.PAPER)
    sheet.hatch([(x + 40, 420), (x + 88, 452), (x + 104, 640), (x + 50, 640)], ink.BRICK, gap=9, alpha=0.8)
    sheet.rect((x - 16, 396, x + 16, 436), skin)
    sheet.ellipse((x, 362), 38, 46, skin)
    sheet.poly([(x - 44, 352), (x - 38, 312), (x + 38, 312), (x + 44, 352)], ink.DEEP)
    sheet.rect((x - 46, 344, x + 46, 356), ink.ABYSS)
    for side in (-14, 14):
        sheet.ellipse((x + side, 370), 3.5, 4.5, ink.COAL)
    sheet.line([(x - 12, 390), (x, 394), (x + 12, 390)], ink.WINE, 3)


def _crate(sheet: Canvas, left: float, kind: int) -> None:
    sheet.poly([(left, 616), (left + 172, 616), (left + 184, 690), (left - 12, 690)], ink.STRAW)
    sheet.poly([(left + 8, 622), (left + 164, 622), (left + 174, 682), (left - 2, 682)], ink.PAPER)
    sheet.speckle((left + 4, 626, left + 166, 680), ink.SKY, 26, largest=6)
    for step in range(6):
        x, y = left + 34 + 50 * (step % 3), 640 + 24 * (step // 3)
        if kind % 3 == 0:
            sheet.ellipse((x, y), 20, 12, ink.BRICK)
            sheet.line([(x - 26, y - 10), (x - 14, y), (x + 14, y), (x + 26, y - 10)], ink.RED, 4)
        else:
            body = ink.SLATE if kind % 3 == 1 else ink.SHALLOW
            sheet.ellipse((x, y), 24, 8, body)
            sheet.poly([(x + 18, y), (x + 34, y - 9), (x + 34, y + 9)], body)
            sheet.ellipse((x - 15, y - 2), 2, 2, ink.COAL)

"""Scenes of works and papers: the pump hall, the records room, the desk, the ledger, the tide board."""

from __future__ import annotations

from masthead.project.demo.pictures import palette as ink
from masthead.project.demo.pictures.canvas import Canvas


def pump_hall(sheet: Canvas) -> None:
    """The pump hall under the north gate: three old pumps in a row, pipes, gauges, a wet floor."""
    sheet.gradient((0, 0, 1600, 640), ink.mix(ink.SLATE, ink.SAND, 0.25), ink.mix(ink.SLATE, ink.SAND, 0.5))
    for row in range(8):
        y = row * 80
        sheet.line([(0, y), (1600, y)], ink.SLATE, 2)
        for x in range(-80 + 80 * (row % 2), 1600, 160):
            sheet.line([(x, y), (x, y + 80)], ink.SLATE, 2)
    for x in (260, 800, 1340):
        sheet.poly([(x - 120, 60), (x + 120, 60), (x + 330, 640), (x - 330, 640)], ink.LAMP, alpha=0.13)
        sheet.line([(x, 0), (x, 40)], ink.COAL, 5)
        sheet.poly([(x - 90, 66), (x - 40, 34), (x + 40, 34), (x + 90, 66)], ink.MOSS)
        sheet.ellipse((x, 66), 80, 9, ink.PAPER)
    sheet.rect((0, 190, 1600, 236), ink.DEEP)
    sheet.rect((0, 190, 1600, 202), ink.SHALLOW)
    for x in (90, 540, 1070, 1530):
        sheet.rect((x - 16, 180, x + 16, 246), ink.ABYSS)
    sheet.rect((0, 640, 1600, 900), ink.OLIVE)
    sheet.poly([(0, 640), (1600, 640), (1600, 660), (0, 660)], ink.STONE)
    for x in (270, 800, 1330):
        sheet.poly([(x - 190, 780), (x + 190, 780), (x + 150, 880), (x - 230, 880)], ink.COAL, alpha=0.3)
        _pump(sheet, x)
    sheet.hatch([(0, 800), (1600, 800), (1600, 900), (0, 900)], ink.IRON, gap=16, alpha=0.4)
    sheet.ellipse((560, 846), 170, 20, ink.SHALLOW, alpha=0.6)
    sheet.ellipse((1120, 864), 130, 15, ink.SHALLOW, alpha=0.5)
    sheet.ripples((430, 838, 690, 856), ink.HAZE, 9, longest=70)


def _pump(sheet: Canvas, x: float) -> None:
    sheet.rect((x - 26, 236, x + 26, 420), ink.DEEP)
    sheet.rect((x - 26, 236, x - 12, 420), ink.SHALLOW)
    sheet.rect((x - 38, 400, x + 38, 424), ink.ABYSS)
    sheet.rect((x - 190, 740, x + 190, 784), ink.IRON)
    sheet.rect((x - 190, 740, x + 190, 750), ink.SLATE)
    sheet.rect((x - 150, 690, x - 100, 742), ink.COAL)
    sheet.rect((x + 100, 690, x + 150, 742), ink.COAL)
    sheet.ellipse((x - 50, 570), 150, 150, ink.MOSS)
    sheet.ellipse((x - 56, 564), 132, 132, ink.LEAF)
    sheet.ellipse((x - 50, 570), 92, 92, ink.MOSS)
    sheet.ellipse((x - 50, 570), 40, 40, ink.IRON)
    sheet.ellipse((x - 56, 564), 16, 16, ink.STONE)
    for dx, dy in ((0, -122), (86, -86), (122, 0), (86, 86), (0, 122), (-86, 86), (-122, 0), (-86, -86)):
        sheet.ellipse((x - 50 + dx, 570 + dy), 9, 9, ink.IRON)
    sheet.rect((x - 26, 420, x + 26, 470), ink.MOSS)
    sheet.rect((x + 80, 500, x + 220, 640), ink.RED, radius=18)
    sheet.rect((x + 80, 512, x + 220, 530), ink.BRICK)
    for step in range(5):
        sheet.rect((x + 108 + step * 22, 540, x + 116 + step * 22, 628), ink.WINE)
    sheet.rect((x + 90, 640, x + 210, 742), ink.COAL)
    sheet.ellipse((x + 60, 400), 34, 34, ink.COAL)
    sheet.ellipse((x + 60, 400), 27, 27, ink.PAPER)
    sheet.line([(x + 60, 400), (x + 46, 384)], ink.RED, 4)
    sheet.line([(x + 60, 432), (x + 60, 470)], ink.COAL, 6)
    rust = ink.mix(ink.BRICK, ink.OCHRE, 0.4)
    sheet.poly([(x - 120, 690), (x - 96, 666), (x - 70, 700), (x - 84, 716)], rust, alpha=0.8)
    sheet.poly([(x + 6, 660), (x + 30, 640), (x + 26, 696)], rust, alpha=0.7)


def records_room(sheet: Canvas) -> None:
    """A wall of card drawers in the records room, one pulled out and full, a stool before it."""
    sheet.gradient((0, 0, 1600, 900), ink.mix(ink.OLIVE, ink.SAND, 0.5), ink.mix(ink.OLIVE, ink.SAND, 0.3))
    for row in range(6):
        for column in range(10):
            left, top = 60 + column * 148, 50 + row * 112
            wood = ink.mix(ink.STRAW, ink.BRICK, 0.18 + 0.12 * ((row * 7 + column * 3) % 4))
            sheet.rect((left, top, left + 142, top + 106), ink.mix(wood, ink.COAL, 0.5))
            sheet.rect((left + 5, top + 5, left + 137, top + 101), wood)
            sheet.rect((left + 5, top + 5, left + 137, top + 11), ink.mix(wood, ink.PAPER, 0.4))
            sheet.rect((left + 40, top + 24, left + 102, top + 50), ink.OCHRE)
            sheet.rect((left + 45, top + 29, left + 97, top + 45), ink.PAPER)
            sheet.line([(left + 54, top + 37), (left + 54 + 12 + 7 * ((row + column) % 4), top + 37)], ink.OLIVE, 2)
            sheet.ellipse((left + 71, top + 74), 12, 9, ink.IRON)
            sheet.ellipse((left + 68, top + 71), 5, 4, ink.STONE)
    sheet.hatch([(1100, 50), (1546, 50), (1546, 722), (900, 722)], ink.COAL, gap=14, alpha=0.3)
    _open_drawer(sheet)
    sheet.rect((0, 728, 1600, 748), ink.OLIVE)
    sheet.rect((0, 748, 1600, 900), ink.mix(ink.IRON, ink.BRICK, 0.25))
    sheet.hatch([(0, 748), (1600, 748), (1600, 900), (0, 900)], ink.COAL, gap=18, alpha=0.4)
    sheet.ellipse((1130, 872), 150, 14, ink.COAL, alpha=0.6)
    for x, foot in ((1060, 868), (1200, 868), (1110, 840), (1152, 840)):
        sheet.line([(x, foot), (1130 + (x - 1130) * 0.5, 650)], ink.COAL, 10)
    sheet.ellipse((1130, 650), 92, 24, ink.WINE)
    sheet.ellipse((1130, 642), 92, 22, ink.RED)


def _open_drawer(sheet: Canvas) -> None:
    sheet.poly([(500, 388), (660, 388), (720, 470), (440, 470)], ink.COAL)
    for step in range(9):
        share = step / 8
        y, half = 384 + share * 66, 72 + share * 48
        fill = ink.RED if step == 5 else (ink.PAPER if step % 2 else ink.CREAM)
        rise = 62 if step == 5 else 44
        sheet.rect((580 - half, y - rise, 580 + half, y + 20), fill)
        tab = 580 - half + 20 + (step * 47) % 140
        sheet.rect((tab, y - rise - 12, tab + 40, y - rise), fill)
        sheet.line([(580 - half, y - rise), (580 + half, y - rise)], ink.STONE, 2)
    sheet.rect((430, 462, 730, 620), ink.mix(ink.STRAW, ink.BRICK, 0.25))
    sheet.rect((430, 462, 730, 474), ink.mix(ink.STRAW, ink.PAPER, 0.5))
    sheet.hatch([(620, 474), (730, 474), (730, 620), (620, 620)], ink.BRICK, gap=9, alpha=0.6)
    sheet.rect((510, 496, 650, 550), ink.OCHRE)
    sheet.rect((520, 506, 640, 540), ink.PAPER)
    sheet.line([(536, 518), (620, 518)], ink.OLIVE, 3)
    sheet.line([(536, 529), (590, 529)], ink.OLIVE, 3)
    sheet.ellipse((580, 584), 24, 17, ink.IRON)
    sheet.ellipse((574, 578), 10, 7, ink.STONE)
    sheet.poly([(430, 620), (730, 620), (760, 690), (460, 690)], ink.COAL, alpha=0.35)


def eleven_pages(sheet: Canvas) -> None:
    """A desk under a lamp: ten pages in a row and the place where the eleventh should be."""
    sheet.gradient((0, 0, 1600, 900), ink.mix(ink.WINE, ink.COAL, 0.45), ink.mix(ink.WINE, ink.COAL, 0.7))
    for y in range(-60, 960, 120):
        sheet.line([(0, y), (1600, y + 60)], ink.mix(ink.WINE, ink.COAL, 0.75), 3)
    sheet.glow((820, 420), 900, ink.LAMP, 0.6)
    for step in range(11):
        column, row = step % 6, step // 6
        left, top = 150 + column * 220 + row * 110, 130 + row * 350
        if step == 7:
            sheet.rect((left, top, left + 190, top + 264), ink.COAL, alpha=0.3)
            for edge in range(14):
                sheet.rect((left + edge * 14, top, left + edge * 14 + 7, top + 3), ink.STRAW)
                sheet.rect((left + edge * 14, top + 261, left + edge * 14 + 7, top + 264), ink.STRAW)
            for edge in range(19):
                sheet.rect((left, top + edge * 14, left + 3, top + edge * 14 + 7), ink.STRAW)
                sheet.rect((left + 187, top + edge * 14, left + 190, top + edge * 14 + 7), ink.STRAW)
            continue
        _page(sheet, left, top, step)
    sheet.poly([(1420, 640), (1450, 618), (1580, 800), (1546, 826)], ink.RED)
    sheet.poly([(1420, 640), (1450, 618), (1412, 600)], ink.STRAW)
    sheet.poly([(1420, 640), (1450, 618), (1464, 636), (1434, 660)], ink.OCHRE)
    sheet.poly([(1436, 652), (1456, 638), (1580, 800), (1566, 812)], ink.BRICK)
    sheet.ellipse((120, 760), 96, 96, ink.COAL, alpha=0.4)
    sheet.ellipse((110, 744), 92, 92, ink.PAPER)
    sheet.ellipse((110, 744), 74, 74, ink.mix(ink.COAL, ink.WINE, 0.5))
    sheet.glow((96, 726), 60, ink.BRICK, 0.7)


def _page(sheet: Canvas, left: float, top: float, step: int) -> None:
    lean = (-8, 5, -3, 9, -6, 4, 7, 0, -7, 6, -4)[step]
    paper = [
        (left + lean, top),
        (left + 190 + lean, top + lean),
        (left + 190 - lean, top + 264),
        (left - lean, top + 264 - lean),
    ]
    sheet.poly([(x + 10, y + 12) for x, y in paper], ink.COAL, alpha=0.4)
    sheet.poly(paper, ink.PAPER if step % 2 else ink.CREAM)
    if step == 0:
        sheet.rect((left + 30, top + 40, left + 150, top + 56), ink.IRON)
        sheet.rect((left + 30, top + 68, left + 110, top + 76), ink.RED)
    lines = 7 if step in {0, 3, 9} else 14
    for line in range(lines):
        y = top + 240 - line * 15
        tilt = lean * 0.15
        sheet.line([(left + 26, y - tilt), (left + 160 - (line * 37 + step * 13) % 50, y + tilt)], ink.SLATE, 3)
    if step in {3, 9}:
        sheet.rect((left + 30, top + 36, left + 156, top + 116), ink.SKY)
        sheet.line(
            [(left + 36, top + 104), (left + 70, top + 80), (left + 108, top + 88), (left + 150, top + 48)], ink.RED, 4
        )


def open_ledger(sheet: Canvas) -> None:
    """An open account book with ruled columns, coins in small piles, a glass jar with notes in it."""
    sheet.gradient((0, 0, 1600, 900), ink.mix(ink.MOSS, ink.SAND, 0.25), ink.mix(ink.MOSS, ink.COAL, 0.35))
    sheet.glow((500, 120), 800, ink.LAMP, 0.5)
    sheet.poly([(250, 790), (1190, 800), (1150, 300), (320, 290)], ink.COAL, alpha=0.35)
    sheet.poly([(220, 760), (700, 780), (1180, 760), (1120, 250), (700, 272), (290, 250)], ink.WINE)
    for step in range(4):
        lift = step * 5
        sheet.poly(
            [(240 + lift, 742 - lift), (700, 764 - lift), (700, 262 - lift), (304 + lift, 240 - lift)],
            (ink.SAND, ink.PAPER)[step % 2],
        )
        sheet.poly(
            [(1160 - lift, 742 - lift), (700, 764 - lift), (700, 262 - lift), (1106 - lift, 240 - lift)],
            (ink.SAND, ink.CREAM)[step % 2],
        )
    sheet.poly([(660, 748), (700, 749), (700, 247), (672, 246)], ink.STONE, alpha=0.45)
    for row in range(15):
        y = 296 + row * 28
        spread = row * 3.6
        sheet.line([(322 - spread, y - 12), (676, y + 4)], ink.SKY, 2)
        sheet.line([(724, y + 4), (1076 + spread, y - 12)], ink.SKY, 2)
        if row < 12:
            long = 60 + (row * 53) % 90
            sheet.line([(340 - spread, y - 20), (340 - spread + long, y - 18)], ink.DEEP, 3)
            sheet.line([(600, y - 9), (640, y - 7)], ink.RED if row == 7 else ink.IRON, 3)
        if row < 7:
            sheet.line([(744, y - 6), (744 + 50 + (row * 41) % 100, y - 9)], ink.DEEP, 3)
            sheet.line([(1000 + spread * 0.6, y - 19), (1044 + spread * 0.8, y - 21)], ink.IRON, 3)
    sheet.line([(584, 262), (560, 744)], ink.BRICK, 2)
    sheet.line([(976, 264), (1012, 744)], ink.BRICK, 2)
    _jar(sheet)
    for x, y, tall in ((1290, 800, 6), (1370, 826, 3), (150, 820, 4)):
        for coin in range(tall):
            sheet.ellipse((x, y - coin * 13), 40, 15, ink.mix(ink.OCHRE, ink.COAL, 0.35))
            sheet.ellipse((x, y - 5 - coin * 13), 40, 15, ink.OCHRE)
        sheet.ellipse((x, y - 5 - (tall - 1) * 13), 28, 10, ink.LAMP)


def _jar(sheet: Canvas) -> None:
    sheet.ellipse((1400, 650), 150, 26, ink.COAL, alpha=0.4)
    sheet.poly([(1306, 470), (1350, 380), (1460, 400), (1420, 500)], ink.LEAF)
    sheet.poly([(1400, 500), (1420, 350), (1500, 360), (1490, 500)], ink.SAND)
    sheet.poly([(1300, 520), (1500, 520), (1490, 640), (1310, 640)], ink.OCHRE)
    sheet.speckle((1316, 510, 1484, 634), ink.LAMP, 40, largest=12)
    sheet.rect((1284, 400, 1516, 660), ink.HAZE, alpha=0.35, radius=30)
    sheet.poly([(1304, 420), (1326, 420), (1326, 640), (1304, 640)], ink.PAPER, alpha=0.6)
    sheet.rect((1292, 376, 1508, 404), ink.HAZE, alpha=0.75)


def tide_board(sheet: Canvas) -> None:
    """The tide gauge on the quay wall: a striped staff in the water, the wet mark above it."""
    sheet.gradient((0, 0, 1600, 900), ink.STONE, ink.OLIVE)
    for row in range(9):
        y = row * 84
        for x in range(-120 + 120 * (row % 2), 1600, 240):
            tone = ink.mix(ink.STONE, ink.SAND, sheet.dice.between(0, 0.55))
            sheet.rect((x + 4, y + 4, x + 236, y + 80), tone)
    sheet.poly([(0, 430), (1600, 416), (1600, 900), (0, 900)], ink.MOSS, alpha=0.45)
    sheet.hatch([(0, 430), (1600, 416), (1600, 900), (0, 900)], ink.OLIVE, gap=12, alpha=0.5)
    sheet.rect((704, 40, 880, 900), ink.COAL, alpha=0.35)
    sheet.rect((690, 40, 860, 900), ink.PAPER)
    for step in range(20):
        y = 60 + step * 42
        wide = 110 if step % 5 == 0 else 64
        sheet.rect((690, y, 690 + wide, y + 20), ink.RED if step < 6 else ink.IRON)
    sheet.hatch([(826, 40), (860, 40), (860, 900), (826, 900)], ink.STONE, gap=8, alpha=0.7)
    for y in (120, 480):
        sheet.rect((676, y, 874, y + 14), ink.IRON)
    sheet.rect((1160, 0, 1180, 760), ink.IRON)
    sheet.rect((1290, 0, 1310, 760), ink.IRON)
    for y in range(40, 760, 62):
        sheet.rect((1160, y, 1310, y + 14), ink.COAL)
    sheet.ellipse((360, 210), 64, 64, ink.COAL)
    sheet.ellipse((360, 210), 44, 44, ink.STONE)
    sheet.line([(360, 270), (340, 420), (390, 600), (360, 760)], ink.STRAW, 9)
    sheet.wave(660, ink.SEA, height=10, length=420, shift=0.5)
    sheet.ripples((0, 664, 1600, 760), ink.HAZE, 70, longest=90)
    sheet.wave(770, ink.DEEP, height=12, length=540, shift=2.2)
    sheet.ripples((0, 790, 1600, 890), ink.SHALLOW, 40, longest=150)

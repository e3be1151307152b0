"""Scenes by the water: the gates, the boats, the light."""

from __future__ import annotations

from masthead.project.demo.pictures import palette as ink
from masthead.project.demo.pictures.canvas import Canvas, Point


def north_gate(sheet: Canvas) -> None:
    """The north gate at high water: two towers, the walkway and its bars, the sea against them."""
    _sky(sheet, ink.MIST, ink.HAZE, 560)
    sheet.glow((800, 176), 460, ink.PAPER, 0.8)
    sheet.ellipse((800, 176), 46, 46, ink.PAPER, alpha=0.9)
    _gulls(sheet, [(150, 190), (236, 150), (290, 214), (1010, 120), (1420, 170)])
    sheet.wave(505, ink.MIST, height=16, length=900, shift=0.6)
    _far_town(sheet, 516, ink.mix(ink.SLATE, ink.MIST, 0.55))
    sheet.wave(520, ink.SHALLOW, height=5, length=520)
    sheet.ripples((0, 526, 1600, 600), ink.HAZE, 60, longest=80)
    sheet.rect((470, 300, 1130, 334), ink.OLIVE)
    sheet.rect((470, 300, 1130, 309), ink.mix(ink.OLIVE, ink.CREAM, 0.35))
    for step in range(12):
        x = 484 + step * 54
        sheet.line([(x, 300), (x, 252)], ink.IRON, 4)
    sheet.line([(470, 252), (1130, 252)], ink.IRON, 5)
    sheet.line([(470, 276), (1130, 276)], ink.IRON, 3)
    for step in range(10):
        x = 502 + step * 63
        sheet.rect((x, 334, x + 22, 720), ink.COAL)
        sheet.rect((x, 334, x + 6, 720), ink.SLATE)
    sheet.rect((470, 452, 1130, 470), ink.IRON)
    for left in (330, 1130):
        _gate_tower(sheet, left)
    sheet.wave(640, ink.SEA, height=11, length=460, shift=1.1)
    sheet.ripples((0, 652, 1600, 760), ink.SHALLOW, 70)
    for x in (330, 1130):
        sheet.poly([(x - 6, 650), (x + 146, 650), (x + 120, 790), (x + 20, 790)], ink.ABYSS, alpha=0.35)
        sheet.ripples((x - 24, 642, x + 164, 660), ink.PAPER, 14, longest=46)
    sheet.wave(742, ink.DEEP, height=14, length=640, shift=2.6)
    sheet.wave(836, ink.ABYSS, height=16, length=520, shift=0.4)
    sheet.ripples((0, 770, 1600, 890), ink.SEA, 46, longest=170)


def _gate_tower(sheet: Canvas, left: float) -> None:
    right = left + 140
    sheet.rect((left, 250, right, 760), ink.IRON)
    sheet.rect((left, 250, left + 46, 760), ink.mix(ink.IRON, ink.STONE, 0.4))
    sheet.hatch([(left + 84, 250), (right, 250), (right, 760), (left + 84, 760)], ink.COAL, gap=10, alpha=0.9)
    for course in range(6):
        y = 310 + course * 66
        sheet.line([(left, y), (right, y)], ink.COAL, 2)
    sheet.rect((left + 50, 350, left + 90, 430), ink.COAL)
    sheet.rect((left + 56, 356, left + 84, 424), ink.LAMP)
    sheet.line([(left + 70, 356), (left + 70, 424)], ink.COAL, 3)
    sheet.rect((left - 14, 240, right + 14, 258), ink.OLIVE)
    sheet.poly([(left - 42, 242), (left + 70, 132), (right + 42, 242)], ink.RED)
    sheet.poly([(left - 42, 242), (left + 70, 132), (left + 26, 242)], ink.BRICK)
    sheet.hatch([(left + 110, 242), (left + 70, 132), (right + 42, 242)], ink.WINE, gap=9, alpha=0.9)
    sheet.line([(left + 70, 132), (left + 70, 96)], ink.COAL, 4)
    mark = ink.mix(ink.IRON, ink.LEAF, 0.45)
    sheet.poly([(left, 610), (right, 604), (right, 760), (left, 760)], mark, alpha=0.7)


def trawler(sheet: Canvas) -> None:
    """A small trawler with a red hull heading home in a swell, gulls behind it."""
    _sky(sheet, ink.SKY, ink.CREAM, 600)
    sheet.glow((330, 300), 520, ink.LAMP, 0.55)
    sheet.wave(470, ink.mix(ink.SKY, ink.SLATE, 0.25), height=26, length=1100, shift=2)
    sheet.wave(540, ink.SHALLOW, height=8, length=700)
    sheet.ripples((0, 548, 1600, 640), ink.CREAM, 60, longest=70)
    _gulls(sheet, [(300, 330), (380, 270), (455, 350), (250, 400), (520, 240), (600, 300)])
    sheet.wave(620, ink.SEA, height=18, length=600, shift=0.4)
    _trawler_hull(sheet)
    _trawler_house(sheet)
    sheet.wave(706, ink.DEEP, height=20, length=560, shift=3.4)
    sheet.ripples((420, 690, 1250, 730), ink.PAPER, 46, longest=70)
    sheet.ripples((0, 730, 1600, 850), ink.SEA, 54, longest=150)
    sheet.wave(828, ink.ABYSS, height=18, length=480, shift=1.2)


def _trawler_hull(sheet: Canvas) -> None:
    hull = [(520, 560), (1060, 576), (1226, 500), (1180, 640), (1120, 740), (580, 740), (534, 660)]
    sheet.poly(hull, ink.RED)
    sheet.poly([(520, 560), (1060, 576), (1226, 500), (1216, 530), (1062, 604), (522, 588)], ink.PAPER)
    sheet.poly([(524, 596), (560, 740), (640, 740), (600, 598)], ink.BRICK)
    sheet.hatch([(880, 610), (1062, 610), (1200, 560), (1150, 740), (900, 740)], ink.WINE, gap=11, alpha=0.8)
    sheet.line([(1060, 560), (1222, 484)], ink.IRON, 4)
    for x, y in ((1090, 545), (1130, 527), (1170, 508)):
        sheet.line([(x, y), (x, y + 28)], ink.IRON, 3)
    for x in (600, 700, 800, 900, 1000):
        sheet.ellipse((x, 660), 17, 17, ink.COAL)
        sheet.ellipse((x, 660), 8, 8, ink.BRICK)


def _trawler_house(sheet: Canvas) -> None:
    sheet.rect((860, 404, 1010, 576), ink.CREAM)
    sheet.hatch([(950, 404), (1010, 404), (1010, 576), (950, 576)], ink.STONE, gap=9, alpha=0.7)
    sheet.rect((846, 388, 1026, 408), ink.DEEP)
    for x in (876, 924, 970):
        sheet.rect((x, 426, x + 32, 470), ink.ABYSS)
        sheet.poly([(x, 470), (x, 440), (x + 22, 426), (x + 32, 426)], ink.SHALLOW)
    sheet.rect((884, 500, 922, 576), ink.STONE)
    sheet.rect((800, 470, 862, 574), ink.OCHRE)
    sheet.line([(935, 388), (935, 214)], ink.IRON, 8)
    sheet.line([(560, 560), (610, 300), (660, 562)], ink.IRON, 9)
    sheet.line([(610, 300), (935, 226)], ink.IRON, 3)
    sheet.line([(935, 226), (1210, 492)], ink.IRON, 3)
    sheet.line([(610, 300), (500, 500), (470, 700)], ink.COAL, 4)
    sheet.poly([(620, 330), (700, 470), (690, 562), (640, 562)], ink.LEAF, alpha=0.75)
    sheet.hatch([(620, 330), (700, 470), (690, 562), (640, 562)], ink.MOSS, gap=8, alpha=0.9)
    sheet.poly([(935, 222), (1000, 240), (935, 262)], ink.OCHRE)
    for x in (704, 736, 768):
        sheet.rect((x - 14, 530, x + 14, 574), ink.SHALLOW)
        sheet.line([(x - 14, 545), (x + 14, 545)], ink.DEEP, 3)


def ferry(sheet: Canvas) -> None:
    """The evening ferry at its ramp, cars waiting, the far shore in the last light."""
    sheet.gradient((0, 0, 1600, 520), ink.mix(ink.DEEP, ink.MIST, 0.45), ink.mix(ink.LAMP, ink.CREAM, 0.4))
    sheet.glow((1300, 500), 520, ink.OCHRE, 0.55)
    sheet.wave(470, ink.mix(ink.SLATE, ink.SKY, 0.3), height=30, length=1300, shift=4)
    sheet.wave(520, ink.SEA, height=3, length=400)
    sheet.gradient((0, 522, 1600, 700), ink.SHALLOW, ink.DEEP)
    sheet.ripples((700, 526, 1600, 690), ink.LAMP, 70, longest=80)
    sheet.ripples((0, 526, 900, 690), ink.SEA, 60, longest=110)
    sheet.poly([(300, 540), (1290, 540), (1240, 650), (380, 650)], ink.ABYSS)
    sheet.poly([(300, 520), (1300, 520), (1284, 570), (318, 570)], ink.PAPER)
    sheet.rect((318, 566, 1284, 576), ink.RED)
    sheet.rect((420, 430, 1180, 520), ink.CREAM)
    sheet.rect((420, 430, 1180, 442), ink.PAPER)
    sheet.hatch([(900, 442), (1180, 442), (1180, 520), (900, 520)], ink.STONE, gap=9, alpha=0.5)
    for step in range(14):
        x = 446 + step * 52
        sheet.rect((x, 458, x + 32, 492), ink.LAMP if step % 3 else ink.OCHRE)
    sheet.rect((640, 340, 900, 430), ink.PAPER)
    sheet.rect((624, 326, 916, 344), ink.DEEP)
    for step in range(5):
        sheet.rect((658 + step * 48, 360, 692 + step * 48, 398), ink.ABYSS)
    sheet.poly([(960, 430), (980, 318), (1060, 318), (1060, 430)], ink.RED)
    sheet.poly([(976, 342), (980, 318), (1060, 318), (1060, 342)], ink.COAL)
    sheet.line([(770, 326), (770, 230)], ink.IRON, 5)
    sheet.line([(730, 262), (810, 262)], ink.IRON, 4)
    _quay_and_cars(sheet)


def _quay_and_cars(sheet: Canvas) -> None:
    sheet.poly([(0, 690), (620, 660), (1600, 740), (1600, 900), (0, 900)], ink.OLIVE)
    sheet.poly([(0, 690), (620, 660), (1600, 740), (1600, 760), (620, 680), (0, 712)], ink.STONE)
    sheet.hatch([(0, 800), (1600, 800), (1600, 900), (0, 900)], ink.IRON, gap=14, alpha=0.5)
    sheet.poly([(430, 668), (560, 600), (680, 604), (640, 672)], ink.IRON)
    for x, y, body in ((150, 760, ink.RED), (430, 752, ink.SHALLOW), (720, 764, ink.OCHRE), (1020, 786, ink.MOSS)):
        sheet.ellipse((x + 100, y + 62), 130, 14, ink.COAL, alpha=0.5)
        sheet.poly([(x + 46, y + 4), (x + 76, y - 36), (x + 150, y - 36), (x + 182, y + 4)], ink.ABYSS)
        sheet.poly([(x + 56, y + 4), (x + 80, y - 28), (x + 108, y - 28), (x + 108, y + 4)], ink.SKY)
        sheet.poly([(x + 116, y + 4), (x + 116, y - 28), (x + 146, y - 28), (x + 170, y + 4)], ink.MIST)
        sheet.rect((x, y, x + 210, y + 46), body, radius=14)
        sheet.rect((x + 194, y + 12, x + 210, y + 26), ink.LAMP)
        sheet.rect((x, y + 12, x + 10, y + 24), ink.WINE)
        for wheel in (x + 46, x + 162):
            sheet.ellipse((wheel, y + 48), 22, 22, ink.COAL)
            sheet.ellipse((wheel, y + 48), 9, 9, ink.STONE)
    sheet.line([(1380, 850), (1380, 470)], ink.COAL, 10)
    sheet.line([(1380, 474), (1310, 474)], ink.COAL, 8)
    sheet.glow((1310, 490), 150, ink.LAMP, 0.8)
    sheet.ellipse((1310, 488), 20, 11, ink.PAPER)


def lighthouse(sheet: Canvas) -> None:
    """The light on its rock at dusk, the keeper's house with one window lit."""
    sheet.gradient((0, 0, 1600, 640), ink.NIGHT, ink.SHALLOW)
    sheet.glow((200, 640), 620, ink.BRICK, 0.4)
    sheet.speckle((0, 20, 1600, 300), ink.MIST, 50, largest=2.4)
    sheet.poly([(1040, 214), (0, 40), (0, 330)], ink.LAMP, alpha=0.20)
    sheet.poly([(1040, 214), (0, 110), (0, 260)], ink.LAMP, alpha=0.22)
    sheet.poly([(1040, 214), (1600, 150), (1600, 300)], ink.LAMP, alpha=0.20)
    sheet.wave(632, ink.DEEP, height=4, length=500)
    sheet.ripples((0, 636, 1000, 760), ink.SHALLOW, 80, longest=110)
    rock: list[Point] = [
        (620, 760),
        (700, 690),
        (800, 668),
        (900, 622),
        (1180, 610),
        (1300, 650),
        (1420, 664),
        (1600, 740),
    ]
    sheet.poly([*rock, (1600, 900), (560, 900)], ink.IRON)
    sheet.poly([(700, 690), (800, 668), (900, 622), (960, 622), (880, 700), (760, 780), (640, 800)], ink.OLIVE)
    sheet.hatch([(1060, 640), (1600, 740), (1600, 900), (960, 900)], ink.COAL, gap=13, alpha=0.9)
    sheet.rect((1180, 520, 1370, 640), ink.STONE)
    sheet.hatch([(1280, 520), (1370, 520), (1370, 640), (1280, 640)], ink.OLIVE, gap=9, alpha=0.8)
    sheet.poly([(1160, 524), (1200, 460), (1350, 460), (1390, 524)], ink.WINE)
    sheet.rect((1320, 430, 1344, 480), ink.IRON)
    sheet.glow((1230, 580), 90, ink.LAMP, 0.6)
    sheet.rect((1212, 562, 1248, 602), ink.LAMP)
    sheet.line([(1230, 562), (1230, 602)], ink.IRON, 3)
    sheet.rect((1290, 566, 1320, 640), ink.DEEP)
    _light_tower(sheet)
    sheet.wave(812, ink.ABYSS, height=16, length=430, shift=0.9)
    sheet.ripples((520, 786, 1250, 820), ink.HAZE, 36, longest=80)
    sheet.ripples((0, 830, 1600, 890), ink.DEEP, 30, longest=150)


def _light_tower(sheet: Canvas) -> None:
    sheet.poly([(984, 640), (1004, 268), (1076, 268), (1096, 640)], ink.PAPER)
    for top, left, right in ((330, 1001, 1079), (470, 993, 1087)):
        drop = 70 * 20 / 372
        sheet.poly([(left, top), (right, top), (right + drop, top + 70), (left - drop, top + 70)], ink.RED)
    sheet.hatch([(1052, 268), (1076, 268), (1096, 640), (1056, 640)], ink.ABYSS, gap=8, alpha=0.75)
    sheet.rect((984, 256, 1096, 272), ink.IRON)
    for x in range(988, 1097, 12):
        sheet.line([(x, 256), (x, 234)], ink.IRON, 2)
    sheet.line([(984, 234), (1096, 234)], ink.IRON, 3)
    sheet.rect((1010, 186, 1070, 256), ink.COAL)
    sheet.rect((1016, 190, 1064, 244), ink.LAMP)
    sheet.line([(1040, 190), (1040, 244)], ink.COAL, 3)
    sheet.poly([(1002, 190), (1040, 142), (1078, 190)], ink.RED)
    sheet.glow((1040, 214), 210, ink.LAMP, 0.85)
    sheet.rect((1026, 596, 1054, 640), ink.COAL)
    sheet.rect((1032, 430, 1046, 456), ink.COAL)


def night_quay(sheet: Canvas) -> None:
    """The empty ferry quay at ten past one, one lamp, the boat's lights already far out."""
    sheet.gradient((0, 0, 1600, 520), ink.mix(ink.NIGHT, ink.COAL, 0.4), ink.ABYSS)
    sheet.speckle((0, 20, 1600, 360), ink.SHALLOW, 70, largest=2.2)
    sheet.ellipse((1260, 150), 44, 44, ink.CREAM)
    sheet.ellipse((1280, 140), 40, 40, ink.mix(ink.NIGHT, ink.COAL, 0.25))
    sheet.wave(500, ink.NIGHT, height=18, length=1000, shift=5)
    sheet.gradient((0, 514, 1600, 780), ink.ABYSS, ink.NIGHT)
    for x in (930, 962, 994, 1026, 1058):
        sheet.glow((x, 500), 40, ink.LAMP, 0.8)
        sheet.rect((x - 4, 496, x + 4, 503), ink.PAPER)
        sheet.ripples((x - 14, 520, x + 14, 600), ink.OCHRE, 7, longest=30)
    sheet.poly([(900, 508), (1090, 508), (1076, 520), (912, 520)], ink.COAL)
    sheet.ripples((0, 530, 1600, 700), ink.DEEP, 80, longest=120)
    sheet.poly([(0, 690), (760, 660), (1010, 720), (1010, 900), (0, 900)], ink.IRON)
    sheet.poly([(0, 690), (760, 660), (1010, 720), (1010, 738), (760, 676), (0, 706)], ink.OLIVE)
    sheet.hatch([(0, 720), (720, 690), (960, 740), (960, 900), (0, 900)], ink.COAL, gap=13, alpha=0.7)
    sheet.poly([(250, 900), (330, 690), (560, 690), (700, 900)], ink.LAMP, alpha=0.20)
    sheet.line([(430, 860), (430, 250)], ink.COAL, 12)
    sheet.line([(430, 256), (500, 256)], ink.COAL, 8)
    sheet.glow((500, 280), 320, ink.LAMP, 0.75)
    sheet.poly([(470, 256), (530, 256), (544, 280), (456, 280)], ink.COAL)
    sheet.ellipse((500, 282), 34, 8, ink.PAPER)
    _waiting_figure(sheet, 600, 812)
    for x in (780, 900):
        sheet.rect((x, 690, x + 34, 752), ink.COAL, radius=8)
        sheet.ellipse((x + 17, 692), 24, 9, ink.OLIVE)


def _waiting_figure(sheet: Canvas, x: float, foot: float) -> None:
    sheet.ellipse((x + 24, foot + 2), 70, 10, ink.COAL, alpha=0.7)
    sheet.poly([(x - 16, foot), (x - 12, foot - 90), (x + 14, foot - 90), (x + 18, foot)], ink.NIGHT)
    sheet.poly([(x - 28, foot - 60), (x - 22, foot - 176), (x + 22, foot - 176), (x + 30, foot - 60)], ink.WINE)
    sheet.poly([(x - 28, foot - 60), (x - 22, foot - 176), (x - 8, foot - 176), (x - 10, foot - 60)], ink.BRICK)
    sheet.ellipse((x, foot - 198), 19, 22, ink.STRAW)
    sheet.poly([(x - 20, foot - 200), (x - 16, foot - 222), (x + 16, foot - 224), (x + 21, foot - 196)], ink.COAL)
    sheet.rect((x + 28, foot - 96, x + 66, foot - 50), ink.OLIVE, radius=6)
    sheet.line([(x + 22, foot - 150), (x + 44, foot - 96)], ink.WINE, 10)


def _sky(sheet: Canvas, top: ink.Ink, bottom: ink.Ink, horizon: float) -> None:
    sheet.gradient((0, 0, sheet.width, horizon), top, bottom)


def _gulls(sheet: Canvas, places: list[Point]) -> None:
    for x, y in places:
        sheet.line([(x - 22, y - 4), (x - 9, y - 11), (x, y), (x + 10, y - 12), (x + 23, y - 6)], ink.IRON, 3)


def _far_town(sheet: Canvas, foot: float, fill: ink.Ink) -> None:
    x = 0.0
    while x < sheet.width:
        wide, tall = sheet.dice.between(26, 70), sheet.dice.between(14, 44)
        sheet.rect((x, foot - tall, x + wide, foot + 20), fill)
        sheet.poly([(x - 3, foot - tall), (x + wide / 2, foot - tall - 16), (x + wide + 3, foot - tall)], fill)
        x += wide + sheet.dice.between(0, 60)

"""Draws the demo newsroom's pictures: scenes of 1600 by 900 and portraits of 400 by 400, always the same bytes."""

from __future__ import annotations

from collections.abc import Callable

from masthead.project.demo.pictures import faces, palette, schools, town, water, works
from masthead.project.demo.pictures.canvas import Canvas

_SCENES: dict[str, Callable[[Canvas], None]] = {
    "north-gate": water.north_gate,
    "trawler": water.trawler,
    "ferry": water.ferry,
    "lighthouse": water.lighthouse,
    "night-quay": water.night_quay,
    "town-hall": town.town_hall,
    "council-chamber": town.council_chamber,
    "library": town.library,
    "bus-stop": town.bus_stop,
    "market": town.market,
    "pump-hall": works.pump_hall,
    "records-room": works.records_room,
    "eleven-pages": works.eleven_pages,
    "open-ledger": works.open_ledger,
    "tide-board": works.tide_board,
    "classroom": schools.classroom,
    "school-kitchen": schools.school_kitchen,
    "rain-barrels": schools.rain_barrels,
    "island-school": schools.island_school,
    "allotment": schools.allotment,
}


def names() -> frozenset[str]:
    """Return every name that ``render`` can draw, scenes and portraits."""
    return frozenset(_SCENES) | frozenset(faces.LOOKS)


def render(name: str) -> bytes:
    """Draw the picture called ``name`` and return it as JPEG bytes; refuse an unknown name with KeyError."""
    if name in faces.LOOKS:
        portrait = Canvas(name, palette.SKY, width=faces.SIDE, height=faces.SIDE)
        faces.draw(portrait, faces.LOOKS[name])
        return portrait.finish()
    scene = _SCENES[name]
    sheet = Canvas(name, palette.SKY)
    scene(sheet)
    return sheet.finish()

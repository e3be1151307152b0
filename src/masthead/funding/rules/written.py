"""Dates and amounts as tables of other systems write them: what each column can mean, and whether it means one thing.

Nothing here prefers one reading over another. A column that can be read in two ways with different results is given
back as two ways, and a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import TypeVar

from masthead.core.money import AmountTooLarge, InexactAmount, Money, minor_digits

DECIMAL_SIGNS = (".", ",")
DATE_ORDERS = ("ymd", "dmy", "mdy")

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]m)?", re.I)
_OFFSET = re.compile(r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$", re.I)
_FIGURES = re.compile(r"(\d{1,4})([-/.])\s?(\d{1,2})\2\s?(\d{1,4})\.?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[.\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")
_AROUND = re.compile(r"^[^\d+\-−.,(]*|[^\d+\-−)]*$")
_GROUPS = "'’ \u00a0\u202f"

Way = TypeVar("Way")
Value = TypeVar("Value")


class Unreadable(ValueError):
    """The text is not what its column should hold."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day, and where it was written the time of day and its distance from UTC."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None

    def instant(self, zone: tzinfo) -> datetime:
        """Return the instant; noon where only the day is known, in ``zone`` where none was written."""
        return datetime.combine(self.day, self.clock or time(12), tzinfo=self.zone or zone)


def ways(texts: Iterable[str], candidates: Iterable[Way], read: Callable[[str, Way], object]) -> list[Way]:
    """Return the ways in which every text can be read; those that read all of them alike count as one."""
    kept = list(texts)
    found: dict[tuple[object, ...], Way] = {}
    for way in candidates:
        try:
            found.setdefault(tuple(read(text, way) for text in kept), way)
        except Unreadable:
            continue
    return list(found.values())


def read_written(text: str, order: str) -> Written:
    """Return the date that was written; ``order`` says which figure of ``01/02/2026`` is the day.

    Names of months are English. Raises :class:`Unreadable`.
    """
    rest = " ".join(text.replace("T", " ", 1).split()) if re.match(r"\d{4}-\d\d-\d\dT", text.strip()) else text.strip()
    offset = _OFFSET.search(rest)
    zone = _zone(offset[1]) if offset and ":" in rest[: offset.start()] else None
    rest = rest[: offset.start()] if offset and zone else rest
    clock = _CLOCK.search(rest)
    moment = _clock(clock) if clock else None
    day = _day((rest[: clock.start()] + rest[clock.end() :] if clock else rest).strip(" ,\t"), order)
    return Written(day, moment, zone)


def read_figure(text: str, currency: str, sign: str) -> Money:
    """Return the amount that was written, with ``sign`` as its decimal sign; a minus may stand on either side.

    Raises :class:`Unreadable` for what is no figure under this sign, or finer than the currency.
    """
    figure = _AROUND.sub("", text.strip()) or text
    is_negative = figure[:1] in "-−(" or figure[-1:] in "-−"
    figure = _AROUND.sub("", figure.strip("+-−() \u00a0"))  # the currency's sign may stand inside: -$25.00
    groups = re.escape(_GROUPS + ("," if sign == "." else "."))
    match = re.fullmatch(
        rf"(\d+|\d{{1,3}}([{groups}])\d{{3}}(?:\2\d{{3}})*)(?:{re.escape(sign)}(\d+))?", figure, re.ASCII
    )
    if match is None:
        raise Unreadable(text)
    whole = re.sub(r"\D", "", match[1])
    fraction = match[3] or ""
    digits = minor_digits(currency)
    if len(fraction) > digits and fraction[digits:].strip("0"):
        raise Unreadable(text)
    if len(fraction) == 3 and digits < 3 and whole.strip("0") and len(whole) <= 3:
        raise Unreadable(text)  # 1.000: three digits after the only sign are thousands, not a decimal part
    try:
        money = Money.from_major(f"{whole}.{fraction[:digits] or '0'}", currency)
    except (InexactAmount, AmountTooLarge):
        raise Unreadable(text) from None
    return -money if is_negative else money


def _day(text: str, order: str) -> date:
    try:
        if match := _COMPACT.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _MONTH_FIRST.fullmatch(text):
            return date(int(match[3]), _month(match[1]), int(match[2]))
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[3]), _month(match[2]), int(match[1]))
        if match := _FIGURES.fullmatch(text):
            return _in_order((match[1], match[3], match[4]), order)
    except ValueError:
        raise Unreadable(text) from None
    raise Unreadable(text)


def _in_order(figures: tuple[str, str, str], order: str) -> date:
    year, month, day = (figures[order.index(part)] for part in "ymd")
    if len(year) not in ({4} if order == "ymd" else {2, 4}) or len(month) > 2 or len(day) > 2:
        raise Unreadable(" ".join(figures))
    return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))


def _month(name: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise Unreadable(name)
    return number


def _clock(match: re.Match[str]) -> time:
    hour, half = int(match[1]), (match[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Unreadable(match[0])
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        raise Unreadable(match[0]) from None


def _zone(text: str) -> tzinfo:
    if text.upper() in {"Z", "UTC", "GMT"}:
        return timezone.utc  # noqa: UP017 - the same object as the one below
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))

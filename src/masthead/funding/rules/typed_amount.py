"""Amounts as people type them: ``25``, ``25.50``, ``25,50``, ``1,639.00``, ``1 639,00 $``."""

from __future__ import annotations

import re

from masthead.core.money import AmountTooLarge, InexactAmount, Money, minor_digits

_FIGURE = re.compile(r"\d+(?:[.,' \u00a0\u202f]\d+)*")
# A currency's sign or name may stand around the figure; a sign of its own, a leading point or a percent sign may not.
_AROUND = re.compile(r"^[^\d+\-−.,]*|[^\d+\-−%]*$")


class NotAnAmount(ValueError):
    """No amount can be read, or more than one."""


def read_amount(typed: str, currency: str) -> Money:
    """Return the amount that was typed.

    The last full stop or comma is the decimal sign unless exactly three digits follow it, which then are
    thousands. Raises :class:`NotAnAmount` for anything that could mean two things (``1,639`` in a currency of three
    decimals), that is negative, too large, or too fine for the currency.
    """
    text = _AROUND.sub("", typed.strip())
    if not _FIGURE.fullmatch(text):
        raise NotAnAmount(typed)
    whole, fraction = _parts(text, minor_digits(currency))
    if len(whole) > 1 and not _are_thousands(whole):
        raise NotAnAmount(typed)
    try:
        return Money.from_major(f"{''.join(whole)}.{fraction or '0'}", currency)
    except (InexactAmount, AmountTooLarge):
        raise NotAnAmount(typed) from None


def _parts(text: str, digits: int) -> tuple[list[str], str]:
    groups = re.split(r"[^\d]", text)
    signs = re.findall(r"[^\d]", text)
    if not signs or signs[-1] not in ".,":
        return groups, ""
    is_only_kind = len(set(signs)) == 1
    if len(groups[-1]) == 3 and is_only_kind:
        if digits == 3 and len(signs) == 1:
            raise NotAnAmount(text)
        return groups, ""
    if signs[-1] in signs[:-1]:
        raise NotAnAmount(text)
    return groups[:-1], groups[-1]


def _are_thousands(groups: list[str]) -> bool:
    leads = len(groups[0]) <= 3 and groups[0][0] != "0"
    return leads and all(len(group) == 3 for group in groups[1:])

"""Matching gifts in words and for machines: what is promised apart from what is here."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.funding.selectors.matches import MatchStanding


def sentences(found: MatchStanding) -> list[str]:
    """Say what a sponsor adds, what is left of it, and what of it has arrived and counts."""
    figures = found.figures
    facts = {
        "sponsor": found.sponsor,
        "cap": amount(figures.cap),
        "left": amount(figures.left),
        "matched": amount(figures.matched),
        "first": date_format(found.first),
        "last": date_format(found.last),
    }
    return [_promise(found) % facts, *_money(found)]


def as_json(found: MatchStanding) -> dict[str, Any]:
    """Return the same for machines, in minor units."""
    figures = found.figures
    return {
        "sponsor": found.sponsor,
        "first_day": found.first.isoformat(),
        "last_day": found.last.isoformat(),
        "cap_minor": figures.cap.amount_minor,
        "matched_minor": figures.matched.amount_minor,
        "left_minor": figures.left.amount_minor,
        "arrived_minor": figures.arrived.amount_minor,
        "outstanding_minor": figures.outstanding.amount_minor,
        "text": " ".join(sentences(found)),
    }


def _promise(found: MatchStanding) -> str:
    if found.is_over:
        return _("Each gift was doubled by %(sponsor)s from %(first)s to %(last)s: by %(matched)s of at most %(cap)s.")
    if not found.has_begun:
        return _("From %(first)s to %(last)s each gift is doubled by %(sponsor)s, up to %(cap)s.")
    if not found.figures.left.amount_minor:
        return _("Gifts were doubled by %(sponsor)s up to %(cap)s; nothing of it is left.")
    return _("Each gift is doubled by %(sponsor)s up to %(cap)s, until %(last)s; %(left)s is left.")


def _money(found: MatchStanding) -> list[str]:
    figures = found.figures
    if not figures.matched.amount_minor:
        return []
    if not figures.outstanding.amount_minor:
        return [_("The sponsor’s money has arrived and is part of what was raised.")]
    facts = {"arrived": amount(figures.arrived), "outstanding": amount(figures.outstanding)}
    return [
        _(
            "Of the sponsor’s money %(arrived)s has arrived and counts; %(outstanding)s is still to come and counts"
            " nothing until it is here."
        )
        % facts
    ]

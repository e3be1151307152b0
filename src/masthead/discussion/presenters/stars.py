"""Stars in words and pictures: beside comments, above the thread, and in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.discussion.models import Comment
from masthead.discussion.ports import Subject
from masthead.discussion.rules.stars import LEAST, MOST, OVERALL, Average, RatedField

_INPUT = "stars-"


def label_of(field: RatedField) -> str:
    """Return what readers are told that they rate."""
    return field.label or _("Overall")


def text_html(comment: Comment, subject: Subject, stars: Mapping[str, int]) -> SafeString:
    """Return the text of a comment with the stars above it, each in words."""
    rows = [
        {"label": label_of(field), "said": _said(stars[field.key]), "picture": _picture(stars[field.key])}
        for field in subject.asks_stars
        if field.key in stars
    ]
    if not rows:
        return comment.shown
    return SafeString(render_to_string("discussion/_stars.html", {"rows": rows}).strip() + comment.shown)


def averages_html(
    subject: Subject, averages: Mapping[str, Average], *, machines: str = "", replaces: bool = False
) -> SafeString:
    """Return what readers gave on the whole; empty where they do not rate. ``machines`` is structured data."""
    if not subject.asks_stars:
        return SafeString("")
    rows = [_average_row(field, averages.get(field.key, Average(field.key))) for field in subject.asks_stars]
    context = {
        "rows": rows,
        "replaces": replaces,
        "structured": machines,
        "nobody": not any(row["count"] for row in rows),
    }
    return SafeString(render_to_string("discussion/_averages.html", context))


def _average_row(field: RatedField, average: Average) -> dict[str, Any]:
    counted = ngettext("%(count)s rating", "%(count)s ratings", average.count) % {"count": average.count}
    shown = number_format(average.tenths / 10, decimal_pos=1)
    said = _("%(stars)s of 5 stars") % {"stars": shown}
    return {
        "label": label_of(field),
        "count": average.count,
        "counted": counted,
        "said": said,
        "picture": _picture(average.whole),
    }


def star_rows(subject: Subject | None, values: Mapping[str, Any], chosen: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the fields of the form: ``values`` are what was typed, ``chosen`` what stands without that."""
    fields = subject.asks_stars if subject else ()
    rows = []
    for field in fields:
        name = f"{_INPUT}{field.key}"
        value = str(values.get(name, chosen.get(field.key, "")))
        steps = [{"number": step, "said": _said(step), "is_chosen": value == str(step)} for step in _STEPS]
        row = {"name": name, "label": label_of(field), "steps": steps, "is_overall": field.key == OVERALL}
        rows.append({**row, "has_choice": any(step["is_chosen"] for step in steps)})
    return rows


_STEPS = range(LEAST, MOST + 1)


def _said(stars: int) -> str:
    return ngettext("%(stars)s star of 5", "%(stars)s stars of 5", stars) % {"stars": stars}


def _picture(stars: int) -> str:
    return "★" * stars + "☆" * (MOST - stars)

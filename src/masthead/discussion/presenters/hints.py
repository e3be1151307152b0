"""What readers told the newsroom, as its screens show it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from masthead.discussion.models import Hint
from masthead.discussion.rules.marked import HintKind
from masthead.discussion.selectors import HintRow


def hint_tabs(kinds: list[HintKind], current: HintKind, status: str) -> list[dict[str, Any]]:
    """Return the links to the lists that somebody may read, each kind in each state."""
    names = {"correction": _("Corrections"), "confidence": _("In confidence")}
    return [
        {
            "label": f"{names[kind]}: {label}",
            "href": f"{reverse('discussion_staff:hints')}?kind={kind}&status={value}",
            "is_current": (kind, value) == (current, status),
        }
        for kind in kinds
        for value, label in Hint.Status.choices
    ]


def hint_row(row: HintRow) -> dict[str, Any]:
    """Return what staff see of a hint."""
    hint, subject = row.hint, row.subject
    is_correction = hint.kind == Hint.Kind.CORRECTION
    return {
        "href": reverse("discussion_staff:hint", args=[hint.kind, hint.public_id]),
        "is_correction": is_correction,
        "may_accept": hint.status != Hint.Status.ACCEPTED,
        "may_decline": hint.status == Hint.Status.NEW or not is_correction,
        "status": hint.get_status_display(),
        "came_on": formatted(hint.came_on, _("j F Y")),
        "name": hint.name,
        "address": hint.address,
        "wants_credit": hint.wants_credit,
        "quote": hint.quote,
        "text": hint.text,
        "edition": hint.edition,
        "is_current": hint.is_current,
        "story": subject.title if subject else "",
        "place": f"{subject.path}#{hint.block}" if subject and hint.is_current else (subject.path if subject else ""),
        "published_text": hint.published_text,
        "decided_by": hint.decided_by,
    }

"""What staff type about a receiver."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.core import ports
from masthead.hooks.models import Hook
from masthead.hooks.ports import Catalogue
from masthead.hooks.rules.messages import EVERYTHING

LIVE, REHEARSAL = "live", "rehearsal"
# Hours back; the log holds no more than the last of them.
SINCE = [(1, _("the last hour")), (24, _("the last day")), (168, _("the last week")), (720, _("the last 30 days"))]


class HookForm(forms.Form):
    """Where a receiver stands and what it is told."""

    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
        help_text=_("Where your program listens. Messages are sent there by POST, signed."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("What it is for, so that others know.")
    )
    types = forms.MultipleChoiceField(
        label=_("What it is told"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it is told.")},
        help_text=_("No message holds anybody's name or address."),
    )
    told_of = forms.ChoiceField(
        label=_("Told of"),
        choices=[(LIVE, _("what really happens")), (REHEARSAL, _("rehearsals with a simulator's money alone"))],
        widget=forms.RadioSelect,
        initial=LIVE,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(kind.type, f"{kind.label} ({kind.type})") for kind in ports.get(Catalogue).kinds()]
        types: Any = self.fields["types"]
        types.choices = [(EVERYTHING, _("everything, also what later versions add")), *offered]

    def facts(self) -> dict[str, Any]:
        """Return what the services take."""
        data = self.cleaned_data
        return {
            "address": data["address"].strip(),
            "note": data["note"].strip(),
            "types": [EVERYTHING] if EVERYTHING in data["types"] else data["types"],
            "is_live": data["told_of"] == LIVE,
        }


def initial_of(hook: Hook) -> dict[str, Any]:
    """Return what the form shows of a receiver."""
    told_of = LIVE if hook.is_live else REHEARSAL
    return {"address": hook.address, "note": hook.note, "types": hook.types, "told_of": told_of}


class SinceForm(forms.Form):
    """From when on what was not taken is sent again."""

    hours = forms.TypedChoiceField(label=_("Told within"), choices=SINCE, coerce=int, initial=24)

"""What staff say about bank statements and their lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.funding.bank_errors import Question
from masthead.funding.models import Pledge
from masthead.funding.providers.bank_transfer import StatementChoices
from masthead.funding.providers.bank_transfer.reading import MOST_BYTES
from masthead.funding.selectors import pledge_by_reference

_QUESTIONS = {
    "decimal": _("Which is the decimal sign?"),
    "dates": _("In which order do the dates stand?"),
    "currency": _("Which currency is it?"),
    "booked": _("Which column is the day of booking?"),
    "valued": _("Which column is the value date?"),
    "amount": _("Which column is the amount?"),
    "credit": _("Which column is money that came in?"),
    "debit": _("Which column is money that went out?"),
    "direction": _("Which column tells whether money came in or went out?"),
    "name": _("Which column is the payer?"),
    "iban": _("Which column is the payer’s account?"),
    "text": _("Which column is the purpose?"),
}
_ANSWERS = {
    ".": _("Full stop: 25.50"),
    ",": _("Comma: 25,50"),
    "ymd": _("Year, month, day"),
    "dmy": _("Day, month, year"),
    "mdy": _("Month, day, year"),
}


class StatementForm(forms.Form):
    """A file from the bank."""

    file = forms.FileField(
        label=_("Statement"),
        help_text=_(
            "CAMT.053, MT940 or a table (CSV), at most 10 MB. You see what it holds before anything is booked."
        ),
        error_messages={"required": _("Choose the file that you downloaded from the bank.")},
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Download a shorter time from the bank."))
        return file


class QuestionsForm(forms.Form):
    """What a table does not say by itself."""

    def __init__(self, questions: Iterable[Question], **options: Any) -> None:
        super().__init__(**options)
        for question in questions:
            choices = [("", "---")] + [(each, _ANSWERS.get(each, each)) for each in question.options]
            label = _QUESTIONS.get(question.name) or question.name
            self.fields[question.name] = forms.ChoiceField(label=label, choices=choices)


def choices_said(query: dict[str, str]) -> StatementChoices:
    """Return what was answered so far, as it stands in an address."""
    said = {name: text[:100] for name, text in query.items() if text}
    order, sign = said.pop("dates", ""), said.pop("decimal", "")
    return StatementChoices(
        decimal=sign if sign in {".", ","} else "",
        dates=order if order in {"ymd", "dmy", "mdy"} else "",
        currency=said.pop("currency", "")[:3],
        columns={name: text for name, text in said.items() if name in _QUESTIONS},
    )


class ReferenceForm(forms.Form):
    """The pledge that a line belongs to."""

    reference = forms.CharField(
        label=_("Reference of the pledge"),
        max_length=40,
        error_messages={"required": _("Write the reference of the pledge.")},
    )

    def clean_reference(self) -> Pledge:
        """Return the pledge."""
        pledge = pledge_by_reference(self.cleaned_data["reference"])
        if pledge is None:
            raise forms.ValidationError(_("No pledge has this reference. Look it up under Pledges."))
        return pledge


class DonorForm(forms.Form):
    """Who gave, where no pledge says it."""

    donor_name = forms.CharField(
        label=_("Donor"), max_length=120, required=False, help_text=_("Only staff see this. Empty: the payer’s name.")
    )
    public_name = forms.CharField(
        label=_("Public name"), max_length=80, required=False, help_text=_("Leave empty for an anonymous gift.")
    )

    def __init__(self, *args: Any, campaigns: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if len(campaigns) > 1:
            self.fields["campaign"] = forms.ChoiceField(label=_("For which campaign"), choices=campaigns)
            self.order_fields(["campaign", "donor_name", "public_name"])


class AsideForm(forms.Form):
    """Why a line is no gift."""

    reason = forms.CharField(
        label=_("Why it is no gift"),
        max_length=300,
        help_text=_("Stays beside the line. For example: rent of the back room, a sale."),
        error_messages={"required": _("Say why the line is put aside; the reason stays beside it.")},
    )

"""What staff type about money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.funding import conf
from masthead.funding.forms import MoneyField
from masthead.funding.models.gift import BY_HAND
from masthead.funding.rules.months import received_instant


class ArrivalForm(forms.Form):
    """Money that reached the account: how much, how and when."""

    method = forms.ChoiceField(label=_("How it came"), choices=[(method.value, method.label) for method in BY_HAND])
    received_on = forms.DateField(
        label=_("Day it reached us"),
        widget=AdminDateInput,
        help_text=_("As the bank statement says, or the day the cash was handed over. It decides the month."),
    )
    # Made with the empty form: the same form sent twice books one gift.
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    field_order = ["amount"]

    def __init__(self, currency: str, **options: Any) -> None:
        initial = {"received_on": today(), "key": new_id(), **(options.pop("initial", None) or {})}
        super().__init__(initial=initial, **options)
        self.fields["amount"] = MoneyField(
            currency=currency, label=_("Amount in %(currency)s") % {"currency": currency}
        )
        self.order_fields(self.field_order)

    def clean_received_on(self) -> date:
        """Refuse days to come."""
        day: date = self.cleaned_data["received_on"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come. Money counts when it is here."))
        return day

    def received_at(self) -> datetime:
        """Return the instant that stands for the day."""
        return received_instant(self.cleaned_data["received_on"], conf.zone(), now())


class GiftForm(ArrivalForm):
    """A gift that came without a pledge."""

    donor_name = forms.CharField(label=_("Donor"), max_length=120, help_text=_("Only staff see this."))
    contact = forms.CharField(
        label=_("Contact"), max_length=200, required=False, help_text=_("Address or telephone. Only staff see this.")
    )
    public_name = forms.CharField(
        label=_("Public name"), max_length=80, required=False, help_text=_("Leave empty for an anonymous gift.")
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only staff see this."),
    )
    slip = forms.FileField(
        label=_("Photo of the slip or cheque"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Only staff who see gifts see it. Place, time and camera are taken out of it."),
    )

    def __init__(
        self,
        currency: str,
        *,
        campaigns: Sequence[tuple[str, str]] = (),
        matches: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(currency, **options)
        if len(campaigns) > 1:
            self.fields["campaign"] = forms.ChoiceField(label=_("For which campaign"), choices=campaigns)
        if matches:
            self.fields["match"] = forms.ChoiceField(
                label=_("Money of a sponsor"),
                choices=[("", _("no")), *matches],
                required=False,
                help_text=_("What a sponsor promised to add to gifts, and now sends. It calls for no more of it."),
            )
        self.order_fields(["campaign", *self.field_order])

    def facts(self) -> dict[str, Any]:
        """Return what :func:`~masthead.funding.services.record_gift` takes from the form."""
        names = ("amount", "method", "donor_name", "contact", "public_name", "note")
        return {name: self.cleaned_data[name] for name in names} | {
            "received_at": self.received_at(),
            "external_id": self.cleaned_data["key"],
        }


class ReversalForm(forms.Form):
    """Why a gift is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Stays in the books, beside the gift. For example: returned by the bank, recorded twice."),
        error_messages={"required": _("Say why the gift is reversed; the reason stays in the books.")},
    )


def today() -> date:
    """Return the present day in the site's time zone."""
    return now().astimezone(conf.zone()).date()


class ExpenseForm(forms.Form):
    """One thing that a month's money paid for."""

    month = forms.DateField(
        label=_("Month"), widget=AdminDateInput, help_text=_("Any day of the month on whose page it stands.")
    )
    what = forms.CharField(
        label=_("What it paid for"),
        max_length=160,
        help_text=_("Everybody reads this. For example: Court fees for the harbour story."),
    )

    def __init__(self, currency: str, **options: Any) -> None:
        initial = {"month": today(), **(options.pop("initial", None) or {})}
        super().__init__(initial=initial, **options)
        self.fields["amount"] = MoneyField(
            currency=currency, label=_("Amount in %(currency)s") % {"currency": currency}
        )

"""Shape and wording of what people type."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.core.money import Money
from masthead.funding.models import Pledge
from masthead.funding.rules.typed_amount import NotAnAmount, read_amount


def typed(data: dict[str, str]) -> dict[str, str]:
    """Return what was typed without control characters, which no keyboard sends and no page can show again."""
    return {
        key: "".join(mark for mark in text if mark in "\r\n\t" or unicodedata.category(mark) not in {"Cc", "Cs"})
        for key, text in data.items()
    }


class MoneyField(forms.CharField):
    """An amount as people type it, in one currency; becomes :class:`Money`. Always required."""

    default_error_messages = {
        "unreadable": _("Write the amount in figures, such as 25 or 25.50."),
        "nothing": _("The amount must be more than zero."),
    }

    def __init__(self, *, currency: str, minimum_minor: int = 1, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.currency = currency
        self.minimum_minor = minimum_minor
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Money:
        """Read the amount. Anything that could mean two amounts is refused."""
        try:
            money = read_amount(super().clean(value), self.currency)
        except NotAnAmount:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from None
        if money.amount_minor < self.minimum_minor:
            raise forms.ValidationError(self.error_messages["nothing"], code="nothing")
        return money


class PledgeForm(forms.Form):
    """What a reader tells us before money moves."""

    every = forms.ChoiceField(
        label=_("How often"),
        choices=[(Pledge.Every.ONCE, _("Once")), (Pledge.Every.MONTH, _("Every month"))],
        initial=Pledge.Every.ONCE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose once or every month.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("So that we can tell whose transfer it is. Only the newsroom sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name, so that we can tell whose transfer it is.")},
    )
    email = forms.EmailField(
        label=_("Mail address"),
        required=False,
        help_text=_("For the details of the transfer. Never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write the address as name@example.org.")},
    )
    show_name = forms.BooleanField(label=_("You may thank me by this name in public"), required=False)
    message = forms.CharField(
        label=_("Message to the newsroom"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # Out of sight for people; programs that fill in every field give themselves away.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    field_order = ["amount", "every", "name", "email", "show_name", "message", "website"]

    def __init__(self, currency: str, *, has_bank_details: bool = True, **options: Any) -> None:
        super().__init__(use_required_attribute=False, **options)
        self.fields["amount"] = MoneyField(
            currency=currency,
            label=_("Amount in %(currency)s") % {"currency": currency},
            error_messages={"required": _("Write the amount you want to give.")},
        )
        self.fields["amount"].widget.attrs["list"] = "amounts"
        self.fields["email"].required = not has_bank_details
        self.order_fields(self.field_order)

    def clean_website(self) -> str:
        """Refuse programs."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave the last field empty. It is there to stop programs."))
        return ""

    def pledge(self) -> dict[str, Any]:
        """Return what :func:`~masthead.funding.services.note_pledge` takes."""
        return {key: self.cleaned_data[key] for key in ("amount", "every", "name", "email", "show_name", "message")}

"""Shape and wording of what people type."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from masthead.core import ports
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Pledge
from masthead.funding.models.gift import Method
from masthead.funding.ports import PaymentProvider, Stories
from masthead.funding.rules.fees import gross_up
from masthead.funding.rules.typed_amount import NotAnAmount, read_amount
from masthead.funding.services.amounts import check_amount

_LONGEST_KEY = 40


def typed(data: dict[str, str]) -> dict[str, str]:
    """Return what was typed without control characters, which no keyboard sends and no page can show again."""
    return {
        key: "".join(mark for mark in text if mark in "\r\n\t" or unicodedata.category(mark) not in {"Cc", "Cs"})
        for key, text in data.items()
    }


def _no_program(typed_in: str) -> str:
    if typed_in:
        raise forms.ValidationError(_("Please leave the last field empty. It is there to stop programs."))
    return ""


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


class AmountForm(forms.Form):
    """Another amount for a repeated gift."""

    def __init__(self, currency: str, *, id_: str = "", **options: Any) -> None:
        super().__init__(use_required_attribute=False, auto_id=f"{id_}_%s" if id_ else "id_%s", **options)
        self.fields["amount"] = MoneyField(
            currency=currency,
            label=_("Your gift in %(currency)s, from the next payment on") % {"currency": currency},
            error_messages={"required": _("Write the amount you want to give.")},
        )


class AskLinkForm(forms.Form):
    """To which address the care link should go."""

    email = forms.EmailField(
        label=_("Mail address"),
        help_text=_("The one you gave with your gift."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write the address you gave with your gift."),
            "invalid": _("Write the address as name@example.org."),
        },
    )
    # Out of sight for people; programs that fill in every field give themselves away.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(use_required_attribute=False, **options)

    def clean_website(self) -> str:
        """Refuse programs."""
        return _no_program(self.cleaned_data["website"])


class PledgeForm(forms.Form):
    """What a reader tells us before money moves: by bank transfer, or through one of the ready ``providers``."""

    every = forms.ChoiceField(
        label=_("How often"),
        choices=[
            (Pledge.Every.ONCE, _("Once")),
            (Pledge.Every.MONTH, _("Every month")),
            (Pledge.Every.YEAR, _("Every year")),
        ],
        initial=Pledge.Every.ONCE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose once or every month.")},
    )
    method = forms.ChoiceField(
        label=_("How you pay"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you want to pay.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name, so that we can tell whose transfer it is.")},
    )
    email = forms.EmailField(
        label=_("Mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write the address as name@example.org.")},
    )
    show_name = forms.BooleanField(
        label=_("You may thank me in public by this name; otherwise I stay unnamed"), required=False
    )
    cover_fee = forms.BooleanField(
        label=_("I also pay the fee, so that my whole gift arrives"),
        required=False,
        help_text=_("Before you pay you see how much that is. Bank transfers have no fee."),
    )
    dedication = forms.CharField(
        label=_("Dedication"),
        required=False,
        max_length=200,
        help_text=_("For whom or for what you give."),
    )
    message = forms.CharField(
        label=_("Message to the newsroom"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    story = forms.CharField(required=False, widget=forms.HiddenInput)
    # Out of sight for people; programs that fill in every field give themselves away.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    field_order = ["amount", "every", "method", "name", "email", "show_name", "cover_fee", "dedication", "message"]

    def __init__(
        self,
        currency: str,
        *,
        has_bank_details: bool = True,
        providers: Sequence[PaymentProvider] = (),
        **options: Any,
    ) -> None:
        super().__init__(use_required_attribute=False, **options)
        self.providers = {provider.name: provider for provider in providers}
        self.has_bank_details = has_bank_details
        self.fields["amount"] = MoneyField(
            currency=currency,
            label=_("Amount in %(currency)s") % {"currency": currency},
            error_messages={"required": _("Write the amount you want to give.")},
        )
        self.fields["amount"].widget.attrs["list"] = "amounts"
        self._offer()
        self.order_fields(self.field_order)

    def _offer(self) -> None:
        """Ask only for what the ways to pay here need."""
        name, email = self.fields["name"], self.fields["email"]
        if not self.providers:
            del self.fields["method"], self.fields["cover_fee"]
            email.required = not self.has_bank_details
            name.help_text = _(
                "So that we can tell whose transfer it is. Only the newsroom sees it, unless you ask below to be "
                "thanked by name."
            )
            email.help_text = _("For the details of the transfer. Never shown.")
            return
        if not any(conf.fee_rate(known) for known in self.providers):
            del self.fields["cover_fee"]
        name.required = False
        name.help_text = _(
            "Only the newsroom sees it, unless you ask below to be thanked by name. A bank transfer needs it, so "
            "that we can tell whose it is."
        )
        # Only a bank transfer does without, so nobody who pays by card should read that it is optional.
        email.depends_on_choice = True  # type: ignore[attr-defined]
        email.help_text = _(
            "For the receipt, and the link with which you change or end your gift. "
            "A bank transfer does without. Never shown."
        )
        ways = [(known, _ways(provider)) for known, provider in self.providers.items()]
        method: Any = self.fields["method"]
        method.choices = [*ways, (Method.BANK_TRANSFER.value, _("By bank transfer"))]
        method.initial = ways[0][0]

    def clean_website(self) -> str:
        """Refuse programs."""
        return _no_program(self.cleaned_data["website"])

    def clean_story(self) -> str:
        """Drop what names no story of this site."""
        key: str = self.cleaned_data["story"]
        return key if key and len(key) <= _LONGEST_KEY and ports.get(Stories).has(key) else ""

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way to pay needs."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.providers or "method" not in data:
            return data
        provider = self.providers.get(data["method"])
        if provider is None:
            if not data.get("name") and "name" not in self.errors:
                self.add_error("name", self.fields["name"].error_messages["required"])
            if not data.get("email") and not self.has_bank_details and "email" not in self.errors:
                self.add_error("email", _("Write your address, so that we can write to you where to send it."))
            return data
        if not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write your address: the receipt goes there."))
        if "amount" in data:
            try:
                check_amount(provider=provider, gift=data["amount"], total=self._total(data["amount"]))
            except DomainError as refusal:
                self.add_error("amount", refusal.message())
        return data

    def _total(self, given: Money) -> Money:
        """Return what the chosen provider is to take: the gift, and the fee where the giver pays it (rule C8)."""
        provider = self.providers.get(self.cleaned_data.get("method", ""))
        if provider is None or not self.cleaned_data.get("cover_fee"):
            return given
        step = provider.limits(given.currency).step_minor
        return Money(gross_up(given.amount_minor, conf.fee_rate(provider.name), step_minor=step), given.currency)

    def pledge(self) -> dict[str, Any]:
        """Return what :func:`~masthead.funding.services.note_pledge` takes."""
        names = ("amount", "every", "name", "email", "show_name", "message", "dedication", "story")
        given = self.cleaned_data["amount"]
        return {
            **{key: self.cleaned_data[key] for key in names},
            "method": self.cleaned_data.get("method") or Method.BANK_TRANSFER,
            "cover": self._total(given) - given,
            "language": get_language() or "",
        }


def _ways(provider: PaymentProvider) -> Any:
    return _("By card or other ways, on the page of %(name)s") % {"name": provider.label}

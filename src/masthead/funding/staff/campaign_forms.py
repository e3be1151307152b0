"""What staff say about a campaign."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding.forms import MoneyField
from masthead.funding.models import Campaign, CampaignGoal
from masthead.funding.rules.periods import Terms
from masthead.funding.rules.typed_amount import NotAnAmount, read_amount
from masthead.funding.services.campaigns import check_terms

MAIN, BESIDE, CLOSED = "main", "beside", "closed"
MOST_AMOUNTS = 6


class CampaignForm(forms.Form):
    """What is collected for, how much, and over which time."""

    title = forms.CharField(
        label=_("Title"),
        max_length=80,
        required=False,
        help_text=_("Leave empty to name it after the month, as in “November fund”, or after the year."),
    )
    period = forms.ChoiceField(
        label=_("The goal is for"),
        choices=CampaignGoal.Period.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("By the calendar of the site’s time zone. What held before stays in the history."),
    )
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Only for a campaign from one day to another. Gifts of this day count."),
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=AdminDateInput, help_text=_("Gifts of this day still count.")
    )
    counts = forms.ChoiceField(
        label=_("What the meter counts"),
        choices=CampaignGoal.Counts.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Before fees: what givers gave. After fees: what processors kept is taken off, as far as givers did not pay"
            " it on top. The meter says which."
        ),
    )

    place = forms.ChoiceField(
        label=_("Where readers find it"),
        choices=[
            (MAIN, _("On every page: its meter takes the place of the one before")),
            (BESIDE, _("Beside that: it has a page of its own")),
            (CLOSED, _("Nowhere: it is closed, and its figures stay in the books")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What it is for"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Stands on its page. Leave an empty line between paragraphs."),
    )
    amounts = forms.CharField(
        label=_("Amounts to offer"),
        max_length=200,
        required=False,
        help_text=_("Up to six, with a semicolon between: 10; 25; 60. Leave empty for the usual three."),
    )

    wall = forms.BooleanField(
        label=_("Thank givers by name on a page"),
        required=False,
        help_text=_("Only those who agreed to it; they hide their name again by the link in their mails."),
    )

    field_order = ["title", "goal", "period", "starts_on", "ends_on", "counts", "place", "text", "amounts", "wall"]

    def __init__(self, currency: str, **options: Any) -> None:
        standard = Terms()
        usual = {"period": standard.period, "counts": standard.counts, "place": MAIN}
        super().__init__(initial={**usual, **(options.pop("initial", None) or {})}, **options)
        self.currency = currency
        self.fields["goal"] = MoneyField(
            currency=currency,
            minimum_minor=0,
            label=_("Goal in %(currency)s") % {"currency": currency},
            help_text=_("From now on; earlier months keep theirs. Zero hides the meter."),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would, beside the field that must change."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        try:
            check_terms(self.terms(), title=data["title"])
        except DomainError as refusal:
            self.add_error(_FIELDS[refusal.code], refusal.message())
        return data

    def clean_amounts(self) -> list[Money]:
        """Read the amounts; anything that could mean two amounts is refused."""
        texts = [text for text in re.split(r"[;\n]", self.cleaned_data["amounts"]) if text.strip()]
        try:
            amounts = [read_amount(text, self.currency) for text in texts]
        except NotAnAmount:
            raise forms.ValidationError(
                _("Write the amounts in figures, with a semicolon between: 10; 25; 60.")
            ) from None
        if len(amounts) > MOST_AMOUNTS or any(each.amount_minor <= 0 for each in amounts):
            raise forms.ValidationError(_("Offer at most six amounts, each more than zero."))
        return amounts

    def clean_place(self) -> str:
        """Return where readers find it: where they did, unless it is said."""
        return self.cleaned_data["place"] or str(self.initial["place"])

    def terms(self) -> Terms:
        """Return over which time it counts, and what."""
        told, standard = self.cleaned_data, Terms()
        return Terms(
            told["period"] or standard.period, told["counts"] or standard.counts, told["starts_on"], told["ends_on"]
        )

    def slug(self, taken: Container[str]) -> str:
        """Return a short name for a new campaign that no other one has."""
        name = slugify(self.cleaned_data["title"])[:56].strip("-") or "fund"
        return next(each for each in (name, *(f"{name}-{number}" for number in range(2, 1000))) if each not in taken)


class MatchForm(forms.Form):
    """What a sponsor promises to add."""

    sponsor = forms.CharField(label=_("Sponsor"), max_length=120, help_text=_("Everybody reads this name."))
    starts_on = forms.DateField(label=_("First day"), widget=AdminDateInput, help_text=_("Gifts of this day count."))
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateInput, help_text=_("Gifts of this day still count."))

    field_order = ["campaign", "sponsor", "cap", "starts_on", "ends_on"]

    def __init__(self, campaigns: Sequence[Campaign], **options: Any) -> None:
        super().__init__(**options)
        self.campaigns = {each.slug: each for each in campaigns}
        self.fields["campaign"] = forms.ChoiceField(
            label=_("For which campaign"), choices=[(slug, str(each)) for slug, each in self.campaigns.items()]
        )
        chosen = self.campaigns.get(str(self.data.get("campaign", "")))
        currency = chosen.currency if chosen else next(iter(self.campaigns.values())).currency
        self.fields["cap"] = MoneyField(
            currency=currency,
            label=_("Adds at most, in %(currency)s") % {"currency": currency},
            help_text=_("To each gift as much again, until this sum is reached. It counts when the money is here."),
        )
        self.order_fields(self.field_order)

    def promise(self) -> dict[str, Any]:
        """Return what :func:`~masthead.funding.services.promise_match` takes."""
        told = self.cleaned_data
        names = ("sponsor", "cap", "starts_on", "ends_on")
        return {"campaign": self.campaigns[told["campaign"]], **{name: told[name] for name in names}}


_FIELDS = {
    "funding.name_taken": "title",
    "funding.title_missing": "title",
    "funding.days_missing": "starts_on",
    "funding.days_reversed": "ends_on",
    "funding.days_too_far": "ends_on",
    "funding.days_unasked": "starts_on",
}

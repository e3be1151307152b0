"""What staff say about a campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from masthead.core.errors import DomainError
from masthead.funding.forms import MoneyField
from masthead.funding.models import CampaignGoal
from masthead.funding.rules.periods import Terms
from masthead.funding.services.campaigns import check_terms


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

    field_order = ["title", "goal", "period", "starts_on", "ends_on", "counts"]

    def __init__(self, currency: str, **options: Any) -> None:
        standard = Terms()
        initial = {"period": standard.period, "counts": standard.counts, **(options.pop("initial", None) or {})}
        super().__init__(initial=initial, **options)
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

    def terms(self) -> Terms:
        """Return over which time it counts, and what."""
        told, standard = self.cleaned_data, Terms()
        return Terms(
            told["period"] or standard.period, told["counts"] or standard.counts, told["starts_on"], told["ends_on"]
        )

    def slug(self) -> str:
        """Return the short name of a new campaign."""
        return slugify(self.cleaned_data["title"])[:60] or "fund"


_FIELDS = {
    "funding.title_missing": "title",
    "funding.days_missing": "starts_on",
    "funding.days_reversed": "ends_on",
    "funding.days_unasked": "starts_on",
}

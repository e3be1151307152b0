"""What is collected for, how much is asked, and over which time."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.funding.rules import periods


class Campaign(models.Model):
    """One collection in one currency. The active one has the meter on every page; others may be open beside it."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    title = models.CharField(
        _("title"), max_length=80, blank=True, help_text=_("Empty: named after the month, as in “November fund”.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    is_active = models.BooleanField(_("active"), default=False, help_text=_("Its meter stands on every page."))
    is_beside = models.BooleanField(default=False, help_text=_("Open beside the active one: it has a page of its own."))
    text = models.TextField(_("text"), blank=True, help_text=_("Stands on its page."))
    amounts_minor = models.JSONField(default=list, help_text=_("Amounts to offer, in minor units; empty: the usual."))
    has_wall = models.BooleanField(default=False, help_text=_("Those who agreed are thanked by name on a page."))
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="at_most_one_active_campaign"
            ),
            models.CheckConstraint(
                condition=models.Q(currency=Upper("currency")), name="campaign_currency_is_upper_case"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.slug

    @property
    def is_shown(self) -> bool:
        """Tell whether readers can give to it."""
        return self.is_active or self.is_beside


class CampaignGoal(models.Model):
    """What a campaign asks for from an instant on, and how it counts. Never changed: a new goal is a new row."""

    class Period(models.TextChoices):
        """Over which time the goal is to be reached."""

        MONTH = periods.MONTH, _("Each month")
        YEAR = periods.YEAR, _("Each year")
        DATES = periods.DATES, _("From one day to another")
        OPEN = periods.OPEN, _("Without end")

    class Counts(models.TextChoices):
        """What is held against the goal (rule M7)."""

        GROSS = periods.GROSS, _("Before fees")
        NET = periods.NET, _("After fees")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="goals")
    amount_minor = models.BigIntegerField(help_text=_("In minor units. Zero hides the meter."))
    period = models.CharField(max_length=10, choices=Period, default=Period.MONTH)
    counts = models.CharField(max_length=10, choices=Counts, default=Counts.GROSS)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True, help_text=_("The last day that counts."))
    # Of days only: they stay what they were when the site moves to another zone (rule M4).
    zone = models.CharField(max_length=60, blank=True, help_text=_("The site’s time zone when the days were set."))
    since = models.DateTimeField(default=now)
    recorded_by = models.PositiveBigIntegerField(null=True, help_text=_("Number of the account that set it."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="goal_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(period="dates", starts_on__isnull=False, ends_on__gte=models.F("starts_on"))
                | (~models.Q(period="dates") & models.Q(starts_on__isnull=True, ends_on__isnull=True)),
                name="days_belong_to_a_goal_by_dates",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-since", "-id"], name="goal_by_time")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.amount_minor}"

    @property
    def terms(self) -> periods.Terms:
        """How it counts, as plain values."""
        return periods.Terms(self.period, self.counts, self.starts_on, self.ends_on)

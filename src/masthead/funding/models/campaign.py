"""What is collected for, and how much is asked each month."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class Campaign(models.Model):
    """One collection in one currency. The site shows the one that is active."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    title = models.CharField(
        _("title"), max_length=80, blank=True, help_text=_("Empty: named after the month, as in “November fund”.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    is_active = models.BooleanField(_("active"), default=False)
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


class CampaignGoal(models.Model):
    """What a campaign asks for each month from an instant on. Never changed: a new goal is a new row."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="goals")
    amount_minor = models.BigIntegerField(help_text=_("In minor units. Zero hides the meter."))
    since = models.DateTimeField(default=now)
    recorded_by = models.PositiveBigIntegerField(null=True, help_text=_("Number of the account that set it."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="goal_is_not_negative"),
        ]
        indexes = [models.Index(fields=["campaign", "-since", "-id"], name="goal_by_time")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.amount_minor}"

"""Sponsors who promise to add to what readers give."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money


class Match(models.Model):
    """A sponsor's promise to add as much again to each gift, up to a sum, from one day to another.

    A promise is no money: it counts nothing until gifts of the sponsor are booked, which then name it.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    campaign = models.ForeignKey("funding.Campaign", on_delete=models.PROTECT, related_name="matches")
    sponsor = models.CharField(_("sponsor"), max_length=120, help_text=_("Everybody reads this name."))
    cap_minor = models.BigIntegerField(help_text=_("The most that is added, in minor units."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    zone = models.CharField(max_length=60, help_text=_("The site’s time zone when the days were set."))
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, help_text=_("Readers are told of it no more."))
    recorded_by = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("matching gift")
        verbose_name_plural = _("matching gifts")
        constraints = [
            models.CheckConstraint(condition=models.Q(cap_minor__gt=0), name="match_is_positive"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="match_days_in_order"),
        ]

    def __str__(self) -> str:
        return self.sponsor

    @property
    def cap(self) -> Money:
        """The most that is added."""
        return Money(self.cap_minor, self.campaign.currency)

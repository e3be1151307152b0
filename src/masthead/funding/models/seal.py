"""Closed months, sealed: one row per month, append only like the books (``append_only``)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class SealedMonth(models.Model):
    """The seal of one closed month. The chain has no gap: each names the hash of the one before."""

    month = models.DateField(unique=True)
    sealed_at = models.DateTimeField(default=now)
    zone = models.CharField(max_length=60, help_text=_("The site’s time zone when the month was closed."))
    salt = models.CharField(max_length=32, help_text=_("Secret: keeps what is private from being guessed."))
    previous = models.CharField(max_length=64, unique=True, help_text=_("Hash of the seal before."))
    hash = models.CharField(max_length=64, unique=True)
    journals = models.JSONField(help_text=_("Numbers of the journals that it covers."))
    goals = models.JSONField(help_text=_("Numbers of the goals that were set in the month."))
    sealed_by = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="sealed_month_is_a_first"),
        ]

    def __str__(self) -> str:
        return self.month.isoformat()[:7]

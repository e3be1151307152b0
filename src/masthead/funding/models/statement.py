"""Statements of a year that were sent to givers: which, and whether they have left."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id


class AnnualStatement(models.Model):
    """One mail with one giver's year. That the row is there sends nobody the same twice. It holds nobody's name."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    donor = models.ForeignKey("funding.Donor", on_delete=models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField()
    # Of a year that was not over then: the whole year is sent apart.
    is_so_far = models.BooleanField(default=False)
    edition = models.PositiveSmallIntegerField(default=1, help_text=_("From 2 on a correction."))
    asked_at = models.DateTimeField(default=now)
    asked_by = models.PositiveBigIntegerField(null=True)
    mailed_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=64, blank=True, help_text=_("What it said when it was mailed, as a hash."))

    class Meta:
        verbose_name = _("statement of a year")
        verbose_name_plural = _("statements of a year")
        default_permissions = ()
        permissions = [("send_statements", "Can send statements of a year to supporters")]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "is_so_far", "donor", "edition"], name="one_statement_per_giver_and_year"
            ),
            models.CheckConstraint(condition=models.Q(edition__gt=0), name="statements_count_from_one"),
        ]

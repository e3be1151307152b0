"""What a person decided about something that the program could not settle by itself."""

from __future__ import annotations

from django.db import models


class Decided(models.Model):
    """A row of a processor's that may wait for a person: who decided about it, when and why.

    Which states it can be in each model says itself, beside its constraints.
    """

    provider = models.CharField(max_length=40)
    is_live = models.BooleanField()
    external_id = models.CharField(max_length=120)
    because = models.CharField(max_length=300, blank=True)
    # A number and no reference, as in the books.
    decided_by = models.PositiveBigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

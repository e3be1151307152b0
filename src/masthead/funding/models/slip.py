"""The photo of a slip or cheque beside a gift that was recorded by hand."""

from __future__ import annotations

from django.db import models

from masthead.core.clock import now


class GiftSlip(models.Model):
    """Our own drawing of the photo. It lies in the database, where no public address leads."""

    gift = models.OneToOneField("funding.Gift", on_delete=models.CASCADE, related_name="slip")
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.PositiveBigIntegerField(null=True)
    added_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"slip of {self.gift_id}"

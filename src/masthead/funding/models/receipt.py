"""Receipts of gifts. What was issued is append only (``append_only``); whom it names stands apart and can be erased."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.funding.rules.receipts import written_number


class ReceiptSeries(models.Model):
    """The row that whoever takes the next number of a series holds. The numbers themselves stand in the receipts."""

    name = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """One numbered document about one gift, as it was when it was issued. Holds nobody's name."""

    class Kind(models.TextChoices):
        """What it is."""

        RECEIPT = "receipt", _("receipt")
        CORRECTION = "correction", _("correction")
        REISSUE = "reissue", _("reissued")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    series = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    gift = models.ForeignKey("funding.Gift", on_delete=models.PROTECT, related_name="receipts")
    instead_of = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="followed_by", help_text=_("No longer valid.")
    )
    content = models.JSONField(help_text=_("What it says, as data."))
    language = models.CharField(max_length=10)
    issued_at = models.DateTimeField(default=now)
    issued_by = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        permissions = [("reissue_receipt", "Can issue a receipt by hand")]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="one_receipt_per_number"),
            models.UniqueConstraint(
                fields=["gift"], condition=models.Q(kind="receipt"), name="one_first_receipt_per_gift"
            ),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="receipts_count_from_one"),
            models.CheckConstraint(
                condition=models.Q(kind="receipt", instead_of__isnull=True)
                | (~models.Q(kind="receipt") & models.Q(instead_of__isnull=False)),
                name="only_first_receipts_follow_none",
            ),
        ]
        indexes = [models.Index(fields=["-issued_at"], name="receipt_by_time")]

    def __str__(self) -> str:
        return written_number(self.series, self.number)


class ReceiptHolder(models.Model):
    """Whom a receipt names and what was sent to him: the one part of it that is erased at his wish."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="holder")
    name = models.CharField(_("name"), max_length=120, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    # The PDF as it was first made, so that each download is the same bytes (rule S5). Gone with the name, and then
    # made anew without one, marked as a copy.
    document = models.BinaryField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="receipt_by_name")]

    def __str__(self) -> str:
        return f"holder of {self.receipt_id}"

"""Bank statements that were brought in, and each of their lines that may be about a gift."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money


class BankStatement(models.Model):
    """One account in one file. The file itself is not kept."""

    file_digest = models.CharField(max_length=64)
    format = models.CharField(max_length=10)
    account = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    lines_read = models.PositiveIntegerField(help_text=_("Movements in the file, those that went out included."))
    # A number and no reference, as in the books.
    uploaded_by = models.PositiveBigIntegerField(null=True)
    uploaded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file_digest", "account"], name="one_statement_per_file_and_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.first_day} {self.last_day}"


class BankLine(models.Model):
    """Money that came in, or came back, by the bank's own record. Payments out are not kept."""

    class State(models.TextChoices):
        """What became of it."""

        BOOKED = "booked", _("booked")
        SUGGESTED = "suggested", _("for you to decide")
        UNMATCHED = "unmatched", _("unknown")
        IGNORED = "ignored", _("put aside")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text=_("The same in every statement that holds it.")
    )
    account = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField(help_text=_("In minor units; below zero it went out."))
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    valued_on = models.DateField(help_text=_("The day that decides the month."))
    payer_name = models.CharField(max_length=140, blank=True)
    payer_iban = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    end_to_end_id = models.CharField(max_length=70, blank=True)
    is_return = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.UNMATCHED)
    reason = models.CharField(max_length=30, blank=True, help_text=_("Why it was booked, or not."))
    pledge = models.ForeignKey("funding.Pledge", null=True, on_delete=models.SET_NULL, related_name="bank_lines")
    gift = models.ForeignKey("funding.Gift", null=True, on_delete=models.PROTECT, related_name="bank_lines")
    ignored_because = models.CharField(max_length=300, blank=True)
    decided_by = models.PositiveBigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        permissions = [("decide_bankline", "Can bring in bank statements and decide about their lines")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="booked", gift__isnull=False) | ~Q(state="booked"), name="booked_line_has_a_gift"
            ),
            models.CheckConstraint(
                condition=~Q(state="ignored") | ~Q(ignored_because=""), name="ignored_line_has_a_reason"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="bank_line_is_not_zero"),
            models.UniqueConstraint(
                fields=["gift"], condition=Q(state="booked", amount_minor__gt=0), name="one_line_brought_a_gift"
            ),
            models.UniqueConstraint(
                fields=["gift"], condition=Q(state="booked", amount_minor__lt=0), name="one_line_took_a_gift_back"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-valued_on", "-id"], name="bank_line_by_state"),
            models.Index(fields=["payer_iban"], name="bank_line_by_payer"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def amount(self) -> Money:
        """What moved; below zero it went out."""
        return Money(self.amount_minor, self.currency)


class BankUpload(models.Model):
    """A file that waits for its yes: read and shown, nothing booked. Erased with the answer, or after a day."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_by = models.PositiveBigIntegerField()
    uploaded_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.public_id

"""The books: double entry, append only. Triggers in the database refuse to change or delete a row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class Account(models.Model):
    """A place where money lies (assets), comes from (income) or goes to (expenses)."""

    class Kind(models.TextChoices):
        """The side of the books."""

        ASSETS = "assets", _("assets")
        INCOME = "income", _("income")
        COVER = "cover", _("added for the fee")
        EXPENSES = "expenses", _("expenses")

    code = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    campaign = models.ForeignKey(
        "funding.Campaign", null=True, on_delete=models.PROTECT, related_name="ledger_accounts"
    )
    # Money of a rehearsal lies in accounts of its own; triggers let no journal touch both kinds (rule L7).
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["income", "cover"], campaign__isnull=False)
                | models.Q(kind="assets", campaign__isnull=True)
                | models.Q(kind="expenses"),
                name="income_belongs_to_a_campaign",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Journal(models.Model):
    """One fact in the books; its entries sum to zero in each currency."""

    class Kind(models.TextChoices):
        """What happened."""

        GIFT = "gift", _("gift")
        REVERSAL = "reversal", _("reversal")
        REFUND = "refund", _("refund")
        REFUND_FAILED = "refund_failed", _("refund that failed")
        FAILED_LATE = "failed_late", _("debit that failed afterwards")
        WITHDRAWN = "withdrawn", _("withdrawn by a dispute")
        REINSTATED = "reinstated", _("reinstated after a dispute")
        COVER = "cover", _("cover of the fee returned")
        PAYOUT = "payout", _("payout to the bank")
        CORRECTION = "correction", _("correction")

    kind = models.CharField(max_length=20, choices=Kind)
    source = models.CharField(max_length=40, help_text=_("Who told of the fact: staff, an import, a processor."))
    external_id = models.CharField(max_length=120, help_text=_("The fact's own key at the source."))
    value_at = models.DateTimeField(help_text=_("When the money moved, not when it was written down."))
    # Fixed when the fact is booked, so that a later change of the site's time zone moves nothing between
    # closed months. A reversal carries the month of its gift.
    month = models.DateField(help_text=_("First day of the month in which the meter counts it."))
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    about = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="later", help_text=_("The gift that this is about.")
    )
    note = models.TextField(blank=True)
    # A number and no reference: the books outlive the account and no deletion reaches into them.
    recorded_by = models.PositiveBigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id", "kind"], name="one_journal_per_external_key"),
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False)
                | (~models.Q(kind="reversal") & models.Q(reverses__isnull=True)),
                name="only_reversals_name_an_original",
            ),
        ]
        indexes = [models.Index(fields=["month"], name="journal_by_month")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}:{self.external_id}"


class Entry(models.Model):
    """One side of a journal, in minor units: above zero a debit, below a credit."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name_plural = _("entries")
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="entry_is_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor} {self.currency}"

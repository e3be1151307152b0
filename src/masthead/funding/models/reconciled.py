"""What a comparison of the books with a processor's own books found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money
from masthead.funding.models.decided import Decided


class Reconciliation(models.Model):
    """One comparison with one processor: what it read, and both sums."""

    provider = models.CharField(max_length=40)
    is_live = models.BooleanField()
    since = models.DateTimeField(help_text=_("From when on the processor's lines were read."))
    began_at = models.DateTimeField(default=now)
    lines = models.PositiveIntegerField(default=0)
    payouts = models.PositiveIntegerField(default=0)
    foreign = models.PositiveIntegerField(default=0, help_text=_("Lines of what others do with the same account."))
    sums = models.JSONField(default=dict, help_text=_("By currency: what the processor says, and what the books say."))
    problem = models.TextField(blank=True, help_text=_("Why it could not be done; empty: it was."))

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        permissions = [("decide_difference", "Can see reconciliations and decide about differences")]
        indexes = [models.Index(fields=["provider", "is_live", "-began_at"], name="reconciliation_by_time")]

    def __str__(self) -> str:
        return f"{self.provider} {self.began_at:%F}"


class Difference(Decided):
    """Something on which a processor and the books do not agree. Only a person settles it (rule X2)."""

    class Kind(models.TextChoices):
        """What does not agree."""

        MISSING_HERE = "missing_here", _("missing in the books")
        MISSING_THERE = "missing_there", _("missing at the processor")
        AMOUNT = "amount", _("of another amount")
        PAYOUT = "payout", _("a payout that is not the sum of its lines")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("for you to decide")
        GONE = "gone", _("gone by itself")
        POSTED = "posted", _("posted")
        ASIDE = "aside", _("set aside")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    kind = models.CharField(max_length=20, choices=Kind)
    theirs_minor = models.BigIntegerField()
    ours_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    payment = models.CharField(max_length=120, blank=True, help_text=_("The payment behind it, where there is one."))
    what = models.CharField(max_length=300, blank=True, help_text=_("In the processor's words."))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    first_seen_at = models.DateTimeField(default=now)
    journal = models.OneToOneField("funding.Journal", null=True, on_delete=models.PROTECT, related_name="settles")

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "is_live", "kind", "external_id"], name="one_row_per_difference"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="posted") | models.Q(journal__isnull=False), name="posted_has_a_journal"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["posted", "aside"]) | ~models.Q(because=""),
                name="decided_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "-at"], name="difference_by_state")]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.external_id}"

    @property
    def theirs(self) -> Money:
        """What the processor says."""
        return Money(self.theirs_minor, self.currency)

    @property
    def ours(self) -> Money:
        """What the books say."""
        return Money(self.ours_minor, self.currency)

    @property
    def rest(self) -> Money:
        """What the books lack; below zero they have too much."""
        return self.theirs - self.ours

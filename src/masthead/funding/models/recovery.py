"""How repeated gifts stood over time, which of their payments failed, and what their givers were written about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money
from masthead.funding.models.payment import Recurring
from masthead.funding.rules.recovery import Step


class RecurringState(models.Model):
    """How a repeated gift stood from an instant on: never changed, only followed. Months are compared by these."""

    recurring = models.ForeignKey(Recurring, on_delete=models.PROTECT, related_name="states")
    since = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Recurring.Status)
    gift_minor = models.BigIntegerField(help_text=_("What is given each time, without what is added for the fee."))
    currency = models.CharField(max_length=3)
    every = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["since"], name="recurring_state_by_time")]


class RenewalFailure(models.Model):
    """A payment of a repeated gift that failed, until it was paid, or the gift was paused or ended."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    recurring = models.ForeignKey(Recurring, on_delete=models.PROTECT, related_name="failures")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField(help_text=_("When the payment was due."))
    known_at = models.DateTimeField(default=now)
    over_at = models.DateTimeField(null=True)
    # Whoever pauses what he owes has answered: he is written to no more.
    is_quiet = models.BooleanField(default=False)
    became = models.CharField(max_length=10, blank=True, choices=Recurring.Status)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recurring", "due_at"], name="one_failure_per_payment"),
            models.UniqueConstraint(
                fields=["recurring"], condition=models.Q(over_at__isnull=True), name="one_open_failure_per_recurring"
            ),
        ]
        indexes = [models.Index(fields=["over_at"], name="failure_by_end")]

    @property
    def amount(self) -> Money:
        """What was to be taken."""
        return Money(self.amount_minor, self.currency)


class RecoveryMail(models.Model):
    """A mail to a giver about a failed payment. The row is made before the mail is sent, once for each step."""

    failure = models.ForeignKey(RenewalFailure, on_delete=models.PROTECT, related_name="mails")
    step = models.CharField(max_length=10, choices=[(step.value, step.value) for step in Step])
    asked_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    # There was nothing more to say, or nobody to say it to, when its turn came.
    left_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["failure", "step"], name="one_recovery_mail_per_step")]

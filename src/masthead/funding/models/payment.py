"""Money on its way through a processor: orders, payments, repeated gifts and what the processor tells of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money


class Checkout(models.Model):
    """A processor's page on which one pledge is paid. Committed with all it will say before the processor is asked."""

    class State(models.TextChoices):
        """Whether it may still be paid."""

        OPEN = "open", _("open")
        DONE = "done", _("done")
        OVER = "over", _("over")

    key = models.CharField(max_length=40, unique=True, help_text=_("The idempotency key of the order."))
    pledge = models.ForeignKey("funding.Pledge", on_delete=models.PROTECT, related_name="checkouts")
    provider = models.CharField(max_length=40)
    order = models.JSONField(help_text=_("What was sent, so that a retry sends the same."))
    external_id = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pledge"], condition=models.Q(state="open"), name="one_open_checkout_per_pledge"
            ),
            models.UniqueConstraint(
                fields=["provider", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_checkout_per_external_id",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Recurring(models.Model):
    """A gift that repeats, as the processor last told of it."""

    class Status(models.TextChoices):
        """Only ``active`` is promised money (rule S4)."""

        PENDING = "pending", _("not confirmed yet")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        PAST_DUE = "past_due", _("payment failed")
        ENDED = "ended", _("ended")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    provider = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    pledge = models.ForeignKey("funding.Pledge", on_delete=models.PROTECT, related_name="recurring")
    campaign = models.ForeignKey("funding.Campaign", on_delete=models.PROTECT, related_name="recurring")
    donor = models.ForeignKey("funding.Donor", null=True, on_delete=models.PROTECT, related_name="recurring")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    amount_minor = models.BigIntegerField(help_text=_("What is taken each time, cover included."))
    currency = models.CharField(max_length=3)
    every = models.CharField(max_length=10)
    is_live = models.BooleanField()
    card = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    resumes_at = models.DateTimeField(null=True)
    # When a payment that failed is tried again, where the processor says.
    retry_at = models.DateTimeField(null=True)
    # When the processor was asked: an older reading changes nothing.
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("repeated gift")
        verbose_name_plural = _("repeated gifts")
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="one_recurring_per_external_id"),
        ]
        indexes = [models.Index(fields=["campaign", "status"], name="recurring_by_status")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def amount(self) -> Money:
        """What is taken each time, cover included."""
        return Money(self.amount_minor, self.currency)


class RecurringTerms(models.Model):
    """What one payment of a repeated gift is made of, from an instant on: never changed, only followed."""

    recurring = models.ForeignKey(Recurring, on_delete=models.PROTECT, related_name="terms")
    gift_minor = models.BigIntegerField()
    cover_minor = models.BigIntegerField(default=0)
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gift_minor__gt=0) & models.Q(cover_minor__gte=0), name="terms_are_of_money"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recurring_id}: {self.gift_minor} + {self.cover_minor}"

    @property
    def total_minor(self) -> int:
        """What is taken each time."""
        return self.gift_minor + self.cover_minor


class Payment(models.Model):
    """One payment at a processor: all facts that were ever told of it, and what follows from them."""

    class Status(models.TextChoices):
        """Follows from the facts; see :mod:`masthead.funding.rules.facts`."""

        OPEN = "open", _("on its way")
        FAILED = "failed", _("failed")
        SUCCEEDED = "succeeded", _("received")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    provider = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    pledge = models.ForeignKey("funding.Pledge", on_delete=models.PROTECT, related_name="payments")
    recurring = models.ForeignKey(Recurring, null=True, on_delete=models.PROTECT, related_name="payments")
    is_live = models.BooleanField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    facts = models.JSONField(help_text=_("All readings joined."))
    # Why a person must look; empty: nothing is wrong. What does not fit what was agreed is not booked.
    problem = models.CharField(max_length=40, blank=True)
    # Why it did not succeed, in the processor's words.
    failure = models.CharField(max_length=200, blank=True)
    has_open_dispute = models.BooleanField(default=False)
    first_told_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="one_payment_per_external_id"),
        ]
        indexes = [
            models.Index(fields=["status", "first_told_at"], name="payment_by_status"),
            models.Index(fields=["problem"], condition=~models.Q(problem=""), name="payment_with_a_problem"),
        ]

    def __str__(self) -> str:
        return self.public_id


class RefundRequest(models.Model):
    """A refund that staff asked for. Committed before the processor is asked; its key makes it one refund (rule O1)."""

    class State(models.TextChoices):
        """What came of it. The money itself follows the processor's facts only."""

        ASKED = "asked", _("asked")
        SENT = "sent", _("taken on by the processor")
        REFUSED = "refused", _("refused by the processor")

    key = models.CharField(max_length=40, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refund_requests")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.TextField(blank=True)
    asked_by = models.PositiveBigIntegerField(null=True)
    asked_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refund_is_positive")]

    def __str__(self) -> str:
        return self.key


class ProviderEvent(models.Model):
    """A believed notification as it came, kept before anything is done about it (rule W5)."""

    class State(models.TextChoices):
        """What was done about it."""

        TO_DO = "to_do", _("to do")
        DONE = "done", _("done")
        UNKNOWN = "unknown", _("of a kind that nobody here handles")

    provider = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    type = models.CharField(max_length=100)
    is_live = models.BooleanField()
    body = models.TextField(help_text=_("As it came."))
    refs = models.JSONField(help_text=_("What it is about: kind and id of each."))
    state = models.CharField(max_length=10, choices=State, default=State.TO_DO)
    received_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notification of a processor")
        verbose_name_plural = _("notifications of processors")
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="one_row_per_notification"),
        ]
        indexes = [models.Index(fields=["state", "received_at"], name="provider_event_by_state")]

    def __str__(self) -> str:
        return f"{self.provider} {self.type} {self.external_id}"


class Cursor(models.Model):
    """How far a provider's changes were read."""

    provider = models.CharField(max_length=40)
    is_live = models.BooleanField()
    value = models.TextField(blank=True)
    moved_at = models.DateTimeField(default=now)
    # The last time that the processor had forgotten what changed, so that everything was listed again.
    gap_from = models.DateTimeField(null=True)
    gap_seen_at = models.DateTimeField(null=True)
    # Why nothing can be read at present, in the processor's words; empty: it can.
    problem = models.TextField(blank=True)
    # When the last reading reached the end of what changed.
    caught_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "is_live"], name="one_cursor_per_provider_and_mode")]

    def __str__(self) -> str:
        return self.provider

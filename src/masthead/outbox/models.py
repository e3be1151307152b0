"""Events and their deliveries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id


class Event(models.Model):
    """One fact, written in the same transaction as the change it tells of. Never changed afterwards."""

    public_id = models.CharField(
        max_length=16, unique=True, default=new_id, help_text=_("Handlers are idempotent by this id.")
    )
    type = models.CharField(max_length=100, help_text=_("Registered name of the event, as app.fact."))
    payload = models.JSONField(help_text=_("Ids and plain values only."))
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["recorded_at"], name="event_by_time")]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"


class Delivery(models.Model):
    """One event on its way to one subscriber; each is retried on its own."""

    class Status(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending", _("waiting")
        DONE = "done", _("delivered")
        FAILED = "failed", _("given up")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True, blank=True, help_text=_("A worker holds it until then."))
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber")]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(status="pending"), name="delivery_due"),
            models.Index(
                fields=["subscriber", "next_attempt_at"],
                condition=models.Q(status="pending"),
                name="delivery_due_by_subscriber",
            ),
            models.Index(fields=["id"], condition=models.Q(status="failed"), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.subscriber}: {self.status}"


class Chore(models.Model):
    """When a piece of work by the clock is due next; shared by all workers of a site."""

    name = models.CharField(max_length=100, unique=True)
    due_at = models.DateTimeField(default=now)
    last_done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name

"""Who is told about what, and what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id


class Recipient(models.Model):
    """One address, in its normal form; comparisons of addresses are equality on this column."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    address = models.EmailField(unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    refused_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Its mail server takes no mail for it; nothing is sent until it is proven anew."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="recipient_address_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Subscription(models.Model):
    """One person wants to hear about one topic. In force once confirmed."""

    class Kind(models.TextChoices):
        """What to be told about."""

        ALL = "all", _("new follow-up comments")
        REPLIES = "replies", _("new replies to my comments")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    topic = models.CharField(max_length=220, help_text=_("An opaque name, such as thread:<key>."))
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="subscriptions")
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "recipient"], name="one_subscription_per_topic_and_address"),
            models.CheckConstraint(condition=models.Q(kind__in=["all", "replies"]), name="subscription_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.kind}"


class Delivery(models.Model):
    """One message to one person over one channel. Its row is what stops a second run from sending again."""

    class Outcome(models.TextChoices):
        """What came of it."""

        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not sent")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    cause = models.CharField(max_length=40, help_text=_("Id of the event, or of the request, that it answers."))
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, help_text=_("Names the templates."))
    subject_id = models.CharField(
        max_length=40, help_text=_("What it is about; the text is looked up when it is sent.")
    )
    detail = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "recipient", "channel"], name="one_delivery_per_cause_address_and_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}: {self.outcome}"

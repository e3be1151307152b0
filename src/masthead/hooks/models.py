"""Who is told, by which secret it knows us, and what was sent to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id


class Hook(models.Model):
    """One receiver: a program of the newsroom's that wants to know."""

    class State(models.TextChoices):
        """Whether it is told."""

        ON = "on", _("on")
        OFF = "off", _("switched off")
        GONE = "gone", _("wants nothing any more")
        FAILING = "failing", _("failed for days")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    address = models.CharField(_("address"), max_length=500)
    note = models.CharField(_("note"), max_length=200, blank=True)
    types = models.JSONField(help_text=_("What it is told; * is everything."))
    is_live = models.BooleanField(default=True, help_text=_("Told of what is real; otherwise of rehearsals alone."))
    state = models.CharField(max_length=10, choices=State, default=State.ON)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # A row of failures without a success between them; empty where the last try succeeded.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True, help_text=_("Nothing is sent before."))

    class Meta:
        default_permissions = ()
        permissions = [("manage_hook", _("Can manage webhooks"))]
        constraints = [models.CheckConstraint(condition=~models.Q(address=""), name="hook_has_an_address")]

    def __str__(self) -> str:
        return self.address


class Secret(models.Model):
    """What messages to one receiver are signed with. Kept as it is: who signs must know it."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="secrets")
    text = models.CharField(max_length=100)
    made_at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, help_text=_("It was followed by another and signs until then."))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["hook"], condition=models.Q(until__isnull=True), name="one_lasting_secret_per_hook"
            )
        ]

    def __str__(self) -> str:
        return f"secret of {self.hook_id}"


class Delivery(models.Model):
    """One message to one receiver, and what came of it. Its row is what stops a second telling."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("waiting")
        DONE = "done", _("taken")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("not sent")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40)
    type = models.CharField(max_length=60)
    body = models.TextField(help_text=_("Nobody's name and no address of a person stands in it."))
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(default=now)
    tried_at = models.DateTimeField(null=True)
    # Of the last try.
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=20, blank=True)
    took_ms = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["hook", "message_id"], name="one_delivery_per_hook_and_message")]
        indexes = [
            models.Index(fields=["hook", "-id"], name="hook_delivery_by_hook"),
            models.Index(fields=["hook", "state"], name="hook_delivery_by_state"),
            models.Index(fields=["told_at"], name="hook_delivery_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"


class Act(models.Model):
    """Who did what to a webhook; stays when the webhook is gone."""

    class What(models.TextChoices):
        """What was done."""

        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        ROTATED = "rotated", _("gave it a new secret")
        SWITCHED_ON = "switched_on", _("switched on")
        SWITCHED_OFF = "switched_off", _("switched off")
        STOPPED = "stopped", _("stopped by itself")
        SENT_AGAIN = "sent_again", _("sent again")
        DELETED = "deleted", _("deleted")

    hook = models.CharField(max_length=16, help_text=_("Public id of the webhook."))
    address = models.CharField(max_length=500)
    what = models.CharField(max_length=20, choices=What)
    detail = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["hook", "-id"], name="hook_act_by_hook")]

    def __str__(self) -> str:
        return f"{self.what} {self.hook}"

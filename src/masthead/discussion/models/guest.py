"""Who writes without an account: an address that was proven, and the browsers in which it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.discussion.rules.people import new_identity


class Guest(models.Model):
    """A person known by an address that was proven once, for ever. The address is never shown."""

    mark = models.CharField(
        max_length=64, unique=True, default=new_identity, help_text=_("Stands for the person beside what was written.")
    )
    address = models.CharField(max_length=254, unique=True, help_text=_("In its one spelling; compared as equal."))
    name = models.CharField(max_length=100, blank=True, help_text=_("As last written under; proves nothing."))
    proven_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(address=Lower("address")), name="guest_address_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.mark


class GuestBrowser(models.Model):
    """A browser that writes as a guest without another mail."""

    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="browsers")
    browser = models.CharField(max_length=64, unique=True, help_text=_("Hash of the browser's random id."))
    known_since = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.guest_id}, {self.known_since}"


class MailLoop(models.Model):
    """One mail with one button: who presses it has read what comes to the address."""

    class Purpose(models.TextChoices):
        """What pressing the button does besides."""

        WRITE = "write", _("publishes what waits")
        CLAIM = "claim", _("takes over earlier comments")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    purpose = models.CharField(max_length=10, choices=Purpose)
    address = models.CharField(max_length=254)
    browser = models.CharField(max_length=64, blank=True, help_text=_("Where it was asked for."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    pressed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(address=Lower("address")), name="mail_loop_address_is_lower_case"),
        ]
        indexes = [models.Index(fields=["address", "asked_at"], name="mail_loops_by_address")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"

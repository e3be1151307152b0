"""What readers tell the newsroom about a passage, and nobody else."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.discussion.models.anchored import Anchored
from masthead.discussion.models.thread import Thread


class Hint(Anchored):
    """A suggested correction, or something told in confidence. Never public.

    Of a confidence nothing is kept that could tell who wrote it: no account, no browser, no network, no hour; an
    address only if it was given for the answer.
    """

    class Kind(models.TextChoices):
        """What it is."""

        CORRECTION = "correction", _("correction")
        CONFIDENCE = "confidence", _("in confidence")

    class Status(models.TextChoices):
        """What the newsroom made of it."""

        NEW = "new", _("new")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="hints")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(_("text"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    address = models.CharField(_("mail address"), max_length=254, blank=True, help_text=_("For the answer only."))
    wants_credit = models.BooleanField(default=False, help_text=_("May be named beside the correction."))
    came_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    published_text = models.TextField(blank=True, help_text=_("The correction as readers see it."))
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[models.Manager[Hint]] = models.Manager()

    class Meta:
        permissions = [
            ("handle_corrections", _("Can decide about corrections from readers")),
            ("read_confidences", _("Can read what readers tell in confidence")),
        ]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="confidence") | Q(name="", wants_credit=False, published_text=""),
                name="confidence_names_nobody_and_is_not_published",
            ),
            models.CheckConstraint(condition=~Q(wants_credit=True, name=""), name="credit_needs_a_name"),
        ]
        indexes = [models.Index(fields=["kind", "status", "-id"], name="hints_by_kind_and_status")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.public_id}"


class HintReply(models.Model):
    """An answer of the newsroom, on its way by mail."""

    hint = models.ForeignKey(Hint, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField()
    written_at = models.DateTimeField(default=now)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.hint_id} {self.written_at:%Y-%m-%d %H:%M}"

"""Pages of other sites that a discussion is about."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id

KEY_PREFIX = "page:"


class OutsidePage(models.Model):
    """A page that is not ours, with a thread of ours. Its key is opaque and outlives every change of the address."""

    class Comments(models.TextChoices):
        """What readers may do."""

        OPEN = "open", _("Readers can write")
        CLOSED = "closed", _("Closed: what was said stays readable")
        OFF = "off", _("Not shown")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    address = models.URLField(_("address"), max_length=500, unique=True, help_text=_("Of the page, in full."))
    title = models.CharField(_("title"), max_length=200)
    comments = models.CharField(max_length=10, choices=Comments, default=Comments.OPEN)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-id"]
        permissions = [("embed_discussions", _("Can put discussions on pages of other sites"))]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """The name of its thread."""
        return f"{KEY_PREFIX}{self.public_id}"

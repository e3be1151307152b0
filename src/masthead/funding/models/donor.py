"""Who gives: one row per person the newsroom knows, for staff only."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id


class Donor(models.Model):
    """A person who gave, known by the address of the receipt. Never shown in public."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Only staff see this."))
    # Part of his care link: another one makes all links void that were sent before.
    care_key = models.CharField(max_length=32, blank=True, editable=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("donor")
        verbose_name_plural = _("donors")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email="") & models.Q(merged_into__isnull=True),
                name="one_donor_per_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id

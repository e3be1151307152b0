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
    # By his own wish alone, never by a default (rule S6). The badge follows from it and from the books: it stands while
    # he gives. It is kept so that a page of comments asks for one row, and so that pages learn when it turns.
    wants_badge = models.BooleanField(_("wishes to be called a supporter"), default=False, editable=False)
    has_badge = models.BooleanField(_("is called a supporter"), default=False, editable=False)
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
            models.CheckConstraint(
                condition=models.Q(has_badge=False)
                | (models.Q(wants_badge=True, merged_into__isnull=True) & ~models.Q(email="")),
                name="no_badge_without_a_wish",
            ),
        ]
        indexes = [
            models.Index(Lower("email"), condition=models.Q(has_badge=True), name="donors_with_badge"),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id

    def as_now(self) -> Donor:
        """Return who this is by now: the one he was merged into, else himself."""
        donor = self
        while donor.merged_into is not None:
            donor = donor.merged_into
        return donor

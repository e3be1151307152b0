"""Who did what to money and to what is known of those who give: append only like the books (``append_only``)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class AuditEntry(models.Model):
    """One act of one person. Nobody's name stands in it: a number and a key outlive what is erased elsewhere."""

    class Act(models.TextChoices):
        """What was done."""

        GIFT_RECORDED = "gift_recorded", _("gift recorded")
        GIFT_REVERSED = "gift_reversed", _("gift reversed")
        REFUND_ASKED = "refund_asked", _("refund asked for")
        CAMPAIGN_SET = "campaign_set", _("campaign changed")
        NAME_HIDDEN = "name_hidden", _("name taken off the page of thanks")
        NAME_SHOWN = "name_shown", _("name put back on the page of thanks")
        NOTE_WRITTEN = "note_written", _("note about a donor changed")
        DONORS_MERGED = "donors_merged", _("donors merged")
        DONORS_PARTED = "donors_parted", _("donors parted again")
        NAMES_EXPORTED = "names_exported", _("names exported")
        MATCH_PROMISED = "match_promised", _("sponsor’s promise noted")
        MATCH_WITHDRAWN = "match_withdrawn", _("sponsor’s promise withdrawn")
        MONTH_CLOSED = "month_closed", _("month closed")
        DIFFERENCE_POSTED = "difference_posted", _("difference posted")
        DIFFERENCE_ASIDE = "difference_aside", _("difference set aside")
        EXPENSE_PUT = "expense_put", _("expense told")
        EXPENSE_DELETED = "expense_deleted", _("expense deleted")
        PLEDGE_CLOSED = "pledge_closed", _("pledge closed")
        PLEDGE_REOPENED = "pledge_reopened", _("pledge opened again")
        RECEIPT_REISSUED = "receipt_reissued", _("receipt issued by hand")
        RECEIPT_SENT = "receipt_sent", _("receipt sent again")
        STATEMENTS_SENT = "statements_sent", _("statements of a year sent")

    act = models.CharField(max_length=20, choices=Act)
    # A number and no reference: the row outlives the account and no deletion reaches into it.
    by = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=now)
    subject = models.CharField(max_length=80, blank=True, help_text=_("Key of the gift, the donor or the campaign."))
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    detail = models.TextField(blank=True, help_text=_("The reason, where one was asked for."))

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["-at", "-id"], name="act_by_time")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"

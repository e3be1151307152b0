"""What the money did, as far as the newsroom chooses to tell. Words beside the books, no part of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.money import Money


class Expense(models.Model):
    """One thing that a month's money paid for."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    campaign = models.ForeignKey("funding.Campaign", on_delete=models.PROTECT, related_name="expenses")
    month = models.DateField(_("month"))
    what = models.CharField(_("what it paid for"), max_length=160)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    changed_at = models.DateTimeField(default=now)
    changed_by = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="expense_is_positive"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="expense_month_is_a_first"),
        ]
        indexes = [models.Index(fields=["campaign", "-month"], name="expense_by_month")]

    def __str__(self) -> str:
        return self.what

    @property
    def amount(self) -> Money:
        """What it cost."""
        return Money(self.amount_minor, self.currency)

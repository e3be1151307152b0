"""Tell readers what the money did."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers
from masthead.funding.events import ExpensesChanged
from masthead.funding.models import Campaign, Expense
from masthead.funding.rules.sealing import month_text
from masthead.funding.services.audit import Act, note_act
from masthead.outbox.services import record


def put_expense(
    *,
    campaign: Campaign,
    month: date,
    what: str,
    amount: Money,
    expense: Expense | None = None,
    changed_by: int | None = None,
) -> Expense:
    """Add one thing that a month's money paid for, or change one. It moves no figure of the books.

    Refuses nothing or less (``funding.amount_not_positive``) and another currency than the campaign's
    (``funding.currency_differs``). Records ``ExpensesChanged`` for the month, and for the one it stood in before.
    """
    if amount.amount_minor <= 0:
        raise AmountNotPositive()
    if amount.currency != campaign.currency:
        raise CurrencyDiffers(expected=campaign.currency, given=amount.currency)
    row = expense or Expense()
    with transaction.atomic():
        if row.pk:
            _tell(row)
        row.campaign, row.month, row.what = campaign, month.replace(day=1), what.strip()
        row.amount_minor, row.currency = amount.amount_minor, amount.currency
        row.changed_at, row.changed_by = now(), changed_by
        row.save()
        note_act(Act.EXPENSE_PUT, by=changed_by, subject=row.public_id, amount=amount, detail=row.what)
        _tell(row)
    return row


def delete_expense(*, expense: Expense, deleted_by: int | None = None) -> None:
    """Tell of it no more. Records ``ExpensesChanged``."""
    with transaction.atomic():
        key, what = expense.public_id, expense.what
        note_act(Act.EXPENSE_DELETED, by=deleted_by, subject=key, amount=expense.amount, detail=what)
        _tell(expense)
        expense.delete()


def _tell(expense: Expense) -> None:
    record(ExpensesChanged(campaign=expense.campaign.slug, month=month_text(expense.month)))

"""What the newsroom tells of its expenses, for staff."""

from __future__ import annotations

from django.core.paginator import Page, Paginator

from masthead.funding.models import Expense

PER_PAGE = 50


def expense_page(*, number: int | str | None = 1) -> Page[Expense]:
    """Return a page of expenses, the latest month first. Two queries."""
    rows = Expense.objects.select_related("campaign").order_by("-month", "-amount_minor", "pk")
    return Paginator(rows, PER_PAGE).get_page(number)


def expense_for_staff(public_id: str) -> Expense | None:
    """Return one with its campaign, or None."""
    return Expense.objects.select_related("campaign").filter(public_id=public_id).first()

"""Who did what to money and to what is known of givers: for those who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator

from masthead.core.money import Money
from masthead.funding.models import AuditEntry

PER_PAGE = 100
CSV_COLUMNS = ("at", "account", "person", "act", "subject", "amount", "currency", "detail")


@dataclass(frozen=True)
class ActRow:
    """One act as staff read it."""

    at: datetime
    by: int
    person: str
    act: str
    label: str
    subject: str
    amount: Money | None
    detail: str


def act_page(*, number: int | str | None = 1) -> Page[AuditEntry]:
    """Return a page of acts, the newest first."""
    return Paginator(AuditEntry.objects.order_by("-at", "-id"), PER_PAGE).get_page(number)


def act_rows(entries: Iterable[AuditEntry]) -> list[ActRow]:
    """Return what is read of acts, in one query for the names; an account that is gone has its number alone."""
    found = list(entries)
    people = get_user_model()._default_manager.in_bulk({entry.by for entry in found})
    return [_row(entry, str(people.get(entry.by, ""))) for entry in found]


def csv_rows() -> Iterator[list[str | int]]:
    """Yield all acts, the oldest first, for a table: instants in UTC, amounts in major units with a full stop."""
    for row in act_rows(AuditEntry.objects.order_by("at", "id")):
        money = [row.amount.plain, row.amount.currency] if row.amount else ["", ""]
        yield [row.at.isoformat(), row.by, inert(row.person), row.act, row.subject, *money, inert(row.detail)]


def _row(entry: AuditEntry, person: str) -> ActRow:
    return ActRow(
        at=entry.at,
        by=entry.by,
        person=person,
        act=entry.act,
        label=entry.get_act_display(),
        subject=entry.subject,
        amount=None if entry.amount_minor is None else Money(entry.amount_minor, entry.currency),
        detail=entry.detail,
    )


def inert(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

"""Lines of bank statements as staff see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery

from masthead.core.money import Money
from masthead.funding.bank_words import reason_text
from masthead.funding.models import Account, BankLine, BankStatement, BankUpload, Entry, Gift
from masthead.funding.models.gift import Method
from masthead.funding.rules.reference import spaced
from masthead.funding.selectors.campaigns import shown_campaigns

PER_PAGE = 50
MOST_RETURNABLE = 20


@dataclass(frozen=True)
class LineRow:
    """One line as staff read it."""

    public_id: str
    day: date
    amount: Money
    payer_name: str
    payer_iban: str
    text: str
    state: str
    state_text: str
    reason: str
    reference: str
    pledge_text: str
    has_suggestion: bool
    came_in: bool


@dataclass(frozen=True)
class ReturnableGift:
    """A gift that a return may take back."""

    public_id: str
    amount: Money
    donor_name: str
    received_at: datetime


def campaigns_for(line: BankLine) -> list[tuple[str, str]]:
    """Return the campaigns that a line without a pledge can be for, the active one first: those of its currency."""
    return [(each.slug, str(each)) for each in shown_campaigns() if each.currency == line.currency]


def counts() -> dict[str, int]:
    """Return how many lines are in each state."""
    found = dict(BankLine.objects.values_list("state").annotate(lines=Count("id")).order_by())
    return {state: found.get(state, 0) for state in BankLine.State.values}


def line_page(*, state: str, number: int | str | None = 1) -> Page[BankLine]:
    """Return a page of lines in one state, the newest value date first. Two queries whatever the count."""
    return Paginator(_lines().filter(state=state).order_by("-valued_on", "-id"), PER_PAGE).get_page(number)


def line_rows(page: Page[BankLine]) -> list[LineRow]:
    """Return what staff read of each line on a page."""
    return [line_row(line) for line in page.object_list]


def line_for_staff(public_id: str) -> BankLine | None:
    """Return one line with all that its row needs, or None."""
    return _lines().filter(public_id=public_id).first()


def line_row(line: BankLine) -> LineRow:
    """Return one line as staff read it."""
    pledge, is_open = line.pledge, line.state in {BankLine.State.SUGGESTED, BankLine.State.UNMATCHED}
    came_in = line.amount_minor > 0
    return LineRow(
        public_id=line.public_id,
        day=line.valued_on,
        amount=line.amount,
        payer_name=line.payer_name,
        payer_iban=spaced(line.payer_iban),
        text=line.text,
        state=line.state,
        state_text=line.get_state_display(),
        reason=line.ignored_because or reason_text(line.reason),
        reference=spaced(pledge.reference) if pledge else "",
        pledge_text=pledge.name if pledge else (line.gift.donor_name if line.gift else ""),
        has_suggestion=is_open and bool(pledge if came_in and not line.is_return else line.gift),
        came_in=came_in,
    )


def latest_statements(most: int = 10) -> list[BankStatement]:
    """Return the statements that were brought in last."""
    return list(BankStatement.objects.order_by("-uploaded_at", "-id")[:most])


def upload_of(public_id: str, person: int) -> BankUpload | None:
    """Return a file that waits for its answer, to who uploaded it only."""
    return BankUpload.objects.filter(public_id=public_id, uploaded_by=person).first()


def gifts_to_take_back(line: BankLine) -> list[ReturnableGift]:
    """Return standing gifts by bank transfer of a return's amount, the newest first: for a person to choose from."""
    if line.amount_minor > 0:
        return []
    income = Entry.objects.filter(
        journal=OuterRef("journal"), account__kind=Account.Kind.INCOME, currency=line.currency
    )
    gifts = (
        Gift.objects.filter(journal__reversal__isnull=True, method=Method.BANK_TRANSFER)
        .annotate(credited_minor=Subquery(income.values("amount_minor")[:1]))
        .filter(credited_minor=line.amount_minor)
        .select_related("journal")
        .order_by("-journal__value_at", "-id")[:MOST_RETURNABLE]
    )
    return [ReturnableGift(gift.public_id, -line.amount, gift.donor_name, gift.journal.value_at) for gift in gifts]


def _lines() -> QuerySet[BankLine]:
    return BankLine.objects.select_related("pledge", "gift", "statement")

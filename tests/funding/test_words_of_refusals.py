"""Every refusal has a code of its own, a status and a sentence; every row has words by which staff know it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Model

from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding import (
    bank_errors,
    campaign_errors,
    care_errors,
    errors,
    models,
    paying_errors,
    receipt_errors,
    staff_errors,
)
from masthead.funding.models.bank import BankUpload
from masthead.funding.models.receipt import ReceiptSeries

ROOMS = [bank_errors, campaign_errors, care_errors, errors, paying_errors, receipt_errors, staff_errors]
REFUSALS = [
    found
    for room in ROOMS
    for found in vars(room).values()
    if isinstance(found, type) and issubclass(found, DomainError) and found.__module__ == room.__name__
]
FIVE = Money(500, "USD")
FACTS: dict[str, Any] = {
    "year": 2025,
    **dict.fromkeys(("booked", "left", "least", "most", "step"), FIVE),
    **{
        "expected": "USD",
        "given": "EUR",
        "method": "gold",
        "key": "line-1",
        "name": "Stripe",
        "reason": "Your card was declined.",
    },
    **{"earliest": 2000, "latest": 2100, "why": "xml", "at": "line 1"},
}
OF_THEIR_OWN: dict[type[DomainError], tuple[Any, ...]] = {
    bank_errors.StatementUnclear: ((bank_errors.Question("booked", ("Day", "Date")),),)
}


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.__name__)
def test_a_refusal_says_in_a_sentence_what_is_wrong(refusal: type[DomainError]) -> None:
    facts = {"why": "kind"} if refusal is bank_errors.SlipRefused else FACTS
    given = OF_THEIR_OWN.get(refusal)
    said = (refusal(*given) if given else refusal(**facts)).message()
    assert re.fullmatch(r"\S.{10,}[.)]", said), said
    assert "%(" not in said
    assert 400 <= refusal.status < 600
    assert refusal.code.startswith("funding.")


def test_no_two_refusals_share_a_code() -> None:
    codes = [refusal.code for refusal in REFUSALS]
    assert len(codes) > 50
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(("why", "said"), [("bytes", "15 MB"), ("pixels", "too many pixels"), ("kind", "JPEG")])
def test_a_slip_that_is_refused_says_what_to_send_instead(why: str, said: str) -> None:
    assert said in bank_errors.SlipRefused(why=why).message()


NOVEMBER, MOMENT = date(2026, 11, 1), datetime(2026, 11, 3, tzinfo=UTC)
ROWS: list[tuple[Model, str]] = [
    (models.BankStatement(account="DE1", first_day=NOVEMBER, last_day=NOVEMBER), "DE1 2026-11-01 2026-11-01"),
    (models.BankLine(public_id="b1"), "b1"),
    (BankUpload(public_id="u1"), "u1"),
    (models.Campaign(slug="fund"), "fund"),
    (models.Campaign(slug="boat", title="The boat"), "The boat"),
    (models.CampaignGoal(campaign_id=3, amount_minor=500), "3: 500"),
    (models.Donor(public_id="d1"), "d1"),
    (models.Donor(public_id="d1", name="Ada"), "Ada"),
    (models.Expense(what="A boat"), "A boat"),
    (models.Pledge(reference="RF18539007547034"), "RF18539007547034"),
    (models.Gift(public_id="g1"), "g1"),
    (models.Held(provider="stripe", kind="payment", external_id="pi_1"), "stripe payment pi_1"),
    (models.Account(code="assets:cash"), "assets:cash"),
    (models.Journal(kind="gift", source="bank", external_id="x"), "gift bank:x"),
    (models.Entry(account_id=7, amount_minor=-5, currency="USD"), "7: -5 USD"),
    (models.Match(sponsor="The Harbour Club"), "The Harbour Club"),
    (models.Checkout(key="k1"), "k1"),
    (models.Recurring(public_id="r1"), "r1"),
    (models.RecurringTerms(recurring_id=2, gift_minor=2500, cover_minor=103), "2: 2500 + 103"),
    (models.Payment(public_id="p1"), "p1"),
    (models.RefundRequest(key="k2"), "k2"),
    (models.ProviderEvent(provider="stripe", type="charge.refunded", external_id="evt"), "stripe charge.refunded evt"),
    (models.Cursor(provider="paypal"), "paypal"),
    (ReceiptSeries(name="R-2026"), "R-2026"),
    (models.ReceiptHolder(receipt_id=4), "holder of 4"),
    (models.Reconciliation(provider="stripe", began_at=MOMENT), "stripe 2026-11-03"),
    (models.Difference(provider="stripe", kind="amount", external_id="txn_1"), "stripe amount txn_1"),
    (models.SealedMonth(month=NOVEMBER), "2026-11"),
    (models.GiftSlip(gift_id=5), "slip of 5"),
]


@pytest.mark.parametrize(("row", "words"), ROWS, ids=lambda each: type(each).__name__)
def test_a_row_is_known_by_the_words_that_staff_know_it_by(row: Model, words: str) -> None:
    assert str(row) == words

"""What services write into the books and beside them exactly, and what two at once may not spoil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from masthead.core.clock import frozen
from masthead.funding.models import Account, Campaign, Journal, Payment, RefundRequest
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.services.post_journal import ensure_accounts
from masthead.funding.services.refunds import ask_refund
from masthead.funding.testing import make_campaign
from tests.funding.books import told
from tests.funding.lives import BEGAN, opened, paid, refunded, usd

pytestmark = pytest.mark.django_db


def test_l7_accounts_of_rehearsals_are_marked_and_those_of_a_method_belong_to_no_campaign() -> None:
    ensure_accounts(make_campaign())
    rows = Account.objects.values_list("code", "kind", "is_live", "campaign__slug")
    assert {row for row in rows if row[0].endswith(("assets:stripe", "campaign:fund"))} == {
        ("assets:stripe", "assets", True, None),
        ("rehearsal:assets:stripe", "assets", False, None),
        ("income:campaign:fund", "income", True, "fund"),
        ("rehearsal:income:campaign:fund", "income", False, "fund"),
    }


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write in between")
def test_accounts_that_somebody_opens_at_the_same_moment_are_opened_once() -> None:
    campaign = Campaign.objects.create(slug="boat", currency="USD")
    by_another: list[Account] = []

    def beside(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and not by_another:
            by_another.append(Account(code="income:campaign:boat", kind=Account.Kind.INCOME, campaign=campaign))
            by_another[0].save()
        return found

    with connection.execute_wrapper(beside):
        ensure_accounts(campaign)
    assert Account.objects.get(code="income:campaign:boat").pk == by_another[0].pk
    assert Account.objects.filter(code="rehearsal:income:campaign:boat").exists()


def test_l1_each_journal_of_a_payment_has_its_own_key_also_what_divides_it_again() -> None:
    with frozen(BEGAN):
        pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), cover=usd(103), name="Don", method="stripe")
    reading = paid(opened(pledge.public_id), usd(2603))
    for back in (refunded(reading, "re_1", usd(2550)), refunded(refunded(reading, "re_1", usd(2550)), "re_2", usd(53))):
        settle_payment(back)
    assert sorted(Journal.objects.values_list("kind", "external_id")) == [
        ("cover", "ch_1:1"),
        ("cover", "ch_1:2"),
        ("gift", "ch_1"),
        ("refund", "re_1"),
        ("refund", "re_2"),
    ]


def test_r1_a_refund_is_asked_for_by_somebody_at_a_time_with_a_reason() -> None:
    with frozen(BEGAN):
        pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), name="Don", method="stripe")
    settle_payment(paid(opened(pledge.public_id), usd(2500)))
    moment = datetime(2026, 11, 9, 8, tzinfo=UTC)
    with frozen(moment):
        request = ask_refund(payment=Payment.objects.get(), amount=usd(700), reason=" Twice ", asked_by=7)
    row = RefundRequest.objects.values_list("amount_minor", "currency", "reason", "asked_by", "asked_at", "state").get()
    assert row == (700, "USD", "Twice", 7, moment, "asked")
    assert [event.payload for event in told("funding.refund-asked")] == [{"request": request.pk}]

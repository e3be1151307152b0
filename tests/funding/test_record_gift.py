"""A gift is booked once, for good, in the month in which its money arrived."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from masthead.core.clock import frozen, now
from masthead.core.money import Money
from masthead.funding.errors import (
    AlreadyReversed,
    AmountNotPositive,
    CurrencyDiffers,
    KeyTaken,
    NotAJournal,
    ReasonMissing,
    ReceivedInFuture,
    UnknownMethod,
)
from masthead.funding.models import Entry, Gift, Journal
from masthead.funding.rules.ledger import Posting
from masthead.funding.selectors import ledger_problems, meter, months
from masthead.funding.services import put_campaign, record_gift, reverse_gift
from masthead.funding.services.post_journal import post_journal
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def facts(kind: str) -> list[dict[str, object]]:
    """Return the payloads of all recorded events of a kind."""
    return list(Event.objects.filter(type=kind).order_by("id").values_list("payload", flat=True))


def raised() -> int:
    """Return what the meter shows now, in minor units."""
    current = meter(now())
    assert current is not None
    return current.raised.amount_minor


class PowerCut(Exception):
    """The process died."""


@contextlib.contextmanager
def cut_after(statements: int) -> Iterator[None]:
    """Let so many statements reach the database, and none after them."""
    left = statements

    def wrapper(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        nonlocal left
        if left == 0 and not sql.startswith(("ROLLBACK", "RELEASE")):
            raise PowerCut
        left = max(0, left - 1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def test_a_gift_has_two_sides_that_sum_to_zero() -> None:
    """L2: money on the account of its method, earned by the campaign."""
    gift = make_gift(amount=Money(2500, "USD"), method="cash")
    sides = {entry.account.code: entry.amount_minor for entry in gift.journal.entries.select_related("account")}
    assert sides == {"assets:cash": 2500, "income:campaign:fund": -2500}
    assert ledger_problems() == []


def test_a_gift_tells_its_fact_in_the_same_transaction_and_names_nobody() -> None:
    with frozen(NOON):
        gift = make_gift(donor_name="Ada Venn", contact="ada@example.org")
    assert facts("funding.gift-recorded") == [
        {
            "gift_id": gift.public_id,
            "campaign": "fund",
            "amount_minor": 2500,
            "currency": "USD",
            "received_at": NOON.isoformat(),
            "month": "2026-11-01",
        }
    ]


def test_the_same_external_key_books_once() -> None:
    """L3: a second insert is a no-op."""
    first = make_gift(external_id="statement-7-line-3")
    again = make_gift(external_id="statement-7-line-3")
    assert again == first
    assert Journal.objects.count() == 1
    assert len(facts("funding.gift-recorded")) == 1


def test_the_same_external_key_with_another_amount_is_refused_and_says_what_is_booked() -> None:
    """L3: the key stands for one fact."""
    make_gift(external_id="line-3", amount=Money(2500, "USD"))
    with pytest.raises(KeyTaken) as refusal:
        make_gift(external_id="line-3", amount=Money(2600, "USD"))
    assert "25\u00a0$" in refusal.value.message()
    assert raised() == 2500


def test_the_same_external_key_for_another_campaign_is_refused() -> None:
    make_gift(external_id="line-3")
    other = make_campaign(slug="boat", active=False)
    with pytest.raises(KeyTaken):
        make_gift(campaign=other, external_id="line-3")


def test_keys_of_different_sources_do_not_clash() -> None:
    campaign = make_campaign()
    for source in ("staff", "statement"):
        record_gift(
            campaign=campaign,
            amount=Money(100, "USD"),
            method="cash",
            received_at=now(),
            source=source,
            external_id="1",
        )
    assert raised() == 200


@pytest.mark.parametrize("minor", [0, -1, -2500])
def test_nothing_and_less_are_no_gift(minor: int) -> None:
    with pytest.raises(AmountNotPositive) as refusal:
        make_gift(amount=Money(minor, "USD"))
    assert "more than zero" in refusal.value.message()
    assert not Journal.objects.exists()


def test_another_currency_is_refused() -> None:
    """C2: two currencies never meet in one sum."""
    with pytest.raises(CurrencyDiffers) as refusal:
        make_gift(amount=Money(100, "EUR"))
    assert "USD" in refusal.value.message()


def test_money_that_is_still_to_come_is_no_gift() -> None:
    """M5: only money that arrived counts."""
    with frozen(NOON), pytest.raises(ReceivedInFuture) as refusal:
        make_gift(received_at=NOON + timedelta(seconds=1))
    assert "future" in refusal.value.message()


@pytest.mark.parametrize("statement", range(1, 12))
def test_a_gift_that_is_cut_short_leaves_nothing_and_can_be_booked_again(statement: int) -> None:
    """L2: journal, entries, person and fact are written together or not at all."""
    make_campaign()
    with contextlib.suppress(PowerCut), cut_after(statement):
        make_gift(external_id="line-3")
    assert (Journal.objects.count(), Gift.objects.count(), Entry.objects.count()) in {(0, 0, 0), (1, 1, 2)}
    make_gift(external_id="line-3")
    assert (Journal.objects.count(), Gift.objects.count(), Entry.objects.count()) == (1, 1, 2)
    assert len(facts("funding.gift-recorded")) == 1


def test_an_unknown_way_of_giving_is_refused() -> None:
    with pytest.raises(UnknownMethod) as refusal:
        make_gift(method="barter")
    assert "barter" in refusal.value.message()


@contextlib.contextmanager
def refusing(table: str) -> Iterator[None]:
    """Let the store refuse rows of a table, for a reason nobody thought of."""

    def wrapper(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith(f'INSERT INTO "{table}"'):
            raise IntegrityError("disk of sand")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def test_a_refusal_of_the_store_that_is_no_repetition_is_passed_on() -> None:
    """L3: only the same key again is taken for the same fact."""
    gift = make_gift()
    with pytest.raises(IntegrityError, match="sand"), refusing("funding_gift"):
        make_gift()
    with pytest.raises(IntegrityError, match="sand"), refusing("outbox_event"):
        reverse_gift(gift=gift, reason="bounced")
    assert Journal.objects.count() == 1
    assert raised() == 2500


def test_sides_that_do_not_match_are_not_booked() -> None:
    """L2: the service refuses before the database is asked."""
    make_campaign()
    postings = [Posting("assets:cash", Money(100, "USD")), Posting("income:campaign:fund", Money(-99, "USD"))]
    with pytest.raises(NotAJournal) as refusal:
        post_journal(
            kind=Journal.Kind.GIFT,
            source="staff",
            external_id="1",
            value_at=now(),
            month=date(2026, 11, 1),
            postings=postings,
        )
    assert "nothing was booked" in refusal.value.message()
    assert not Entry.objects.exists()


def test_a_reversal_names_its_gift_and_mirrors_it() -> None:
    """L1: a correction is a second booking that names the first."""
    gift = make_gift(amount=Money(2500, "USD"))
    journal = reverse_gift(gift=gift, reason="  Sent to us by mistake ", recorded_by=7)
    assert journal.reverses == gift.journal
    assert journal.note == "Sent to us by mistake"
    assert journal.recorded_by == 7
    assert raised() == 0
    assert ledger_problems() == []
    assert facts("funding.gift-reversed")[0]["gift_id"] == gift.public_id


def test_a_gift_is_reversed_once() -> None:
    gift = make_gift()
    reverse_gift(gift=gift, reason="a mistake")
    with pytest.raises(AlreadyReversed) as refusal:
        reverse_gift(gift=gift, reason="again")
    assert "already" in refusal.value.message()
    assert Journal.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reversal_says_why(reason: str) -> None:
    gift = make_gift()
    with pytest.raises(ReasonMissing) as refusal:
        reverse_gift(gift=gift, reason=reason)
    assert "why" in refusal.value.message()


def test_a_reversal_lowers_the_month_of_the_gift_and_is_dated_now() -> None:
    """M6: the present month never goes down because of an old gift."""
    october = datetime(2026, 10, 9, 12, tzinfo=UTC)
    with frozen(NOON):
        old = make_gift(received_at=october, amount=Money(5000, "USD"))
        gift = make_gift(amount=Money(1000, "USD"))
        journal = reverse_gift(gift=old, reason="bounced")
        assert raised() == 1000
        by_month = {row.month: row.net.amount_minor for row in months(gift.campaign, NOON)}
    assert journal.value_at == NOON
    assert journal.month == date(2026, 10, 1)
    assert by_month == {date(2026, 11, 1): 1000, date(2026, 10, 1): 0}


def test_a_late_note_of_old_money_counts_in_its_own_month() -> None:
    """M3: what counts is when the money arrived, not when it was written down."""
    with frozen(NOON):
        gift = make_gift(received_at=datetime(2026, 9, 30, 12, tzinfo=UTC))
        assert raised() == 0
    assert gift.journal.month == date(2026, 9, 1)


def test_a_gift_to_a_closed_campaign_is_still_booked() -> None:
    old = make_campaign(slug="old")
    put_campaign(slug="new", goal=Money(100, "USD"))
    old.refresh_from_db()
    make_gift(campaign=old)
    assert not old.is_active
    assert raised() == 0

"""One payment's facts, in any order and number, leave one set of books (rules W6 to W9, R, D, L, C)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Gift
from masthead.funding.rules import bookings as wanted
from masthead.funding.rules.bookings import Balances, Booking, Quarantine, Terms
from masthead.funding.rules.facts import DisputeStatus, NotTheSame, PaymentFacts, merged
from masthead.funding.rules.facts_json import from_json, to_json
from masthead.funding.rules.ledger import is_journal
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from masthead.outbox import worker
from tests.funding.books import outcome
from tests.funding.lives import BEGAN, disputed, lives, opened, paid, refunded, usd
from tests.properties import is_hunt, is_night

IN_MEMORY = 100_000 if is_night() else 150 if is_hunt() else 2_000
IN_THE_STORE = 2_000 if is_night() else 10 if is_hunt() else 100
CURRENCIES = ("USD", "EUR")
LINK = re.compile(r"https?://\S+")  # each has a key of its own
GIVER: dict[str, Any] = {"name": "Don", "email": "don@example.org"}


def terms(currency: str) -> Terms:
    """Return what was agreed: 25 of a currency and 1.03 for the fee, for a campaign that counts in dollars."""
    return Terms("fund", "USD", Money(2500, currency), Money(103, currency))


class Books:
    """Books in memory, kept by the same rules: journals that are not there are posted, then the difference."""

    def __init__(self, agreed: Terms) -> None:
        self.terms = agreed
        self.known: PaymentFacts | None = None
        self.journals: dict[tuple[str, str], Booking] = {}
        self.moved: Balances = Counter()
        self.wants: wanted.Wanted | None = None

    def hear(self, reading: PaymentFacts) -> None:
        """Settle one reading."""
        self.known = merged(self.known, reading) if self.known else reading
        split = wanted.agreed(self.known, self.terms)
        if split is None:
            return
        self.wants = wanted.wanted(self.known, split)
        for booking in self.wants.journals:
            assert is_journal(booking.postings)
            self.journals.setdefault((booking.kind, booking.external_id), booking)
        postings = wanted.difference(self.wants.balances, self.balances)
        assert not postings or is_journal(postings)
        for posting in postings:
            self.moved[posting.account, posting.amount.currency] += posting.amount.amount_minor

    @property
    def balances(self) -> Balances:
        """Return what stands on each account."""
        found = wanted.balances_of(self.journals.values())
        for key, minor in self.moved.items():
            found[key] += minor
        return Counter({key: minor for key, minor in found.items() if minor})


def heard(agreed: Terms, readings: list[PaymentFacts]) -> Books:
    """Return books that heard these readings."""
    books = Books(agreed)
    for reading in readings:
        books.hear(reading)
    return books


def drawn(data: st.DataObject, life: list[PaymentFacts]) -> list[PaymentFacts]:
    """Draw an order with copies and losses; whatever is lost, the last reading is seen once."""
    deliveries = data.draw(st.permutations(life)) + data.draw(st.lists(st.sampled_from(life), max_size=3))
    return [reading for reading in deliveries if reading == life[-1] or data.draw(st.booleans())]


@settings(max_examples=IN_MEMORY)
@given(data=st.data(), currency=st.sampled_from(CURRENCIES))
def test_w8_any_order_copies_and_losses_ask_for_one_set_of_books(data: st.DataObject, currency: str) -> None:
    """With each set of books rules L6 and D2 hold: never less than nothing is left, and never more than came."""
    agreed = terms(currency)
    life = data.draw(lives(pledge="p", total=agreed.total))
    found, expected = heard(agreed, drawn(data, life)), heard(agreed, [life[-1]])
    assert found.journals == expected.journals
    assert found.balances == expected.balances
    assert found.wants == expected.wants
    assert found.known
    assert expected.known
    assert found.known.stands == expected.known.stands
    if found.wants:
        check_rules(found, agreed)


def check_rules(books: Books, agreed: Terms) -> None:
    """Hold the balances of a payment against the rules that each of them has."""
    assert books.wants
    assert books.known
    split, balances = wanted.agreed(books.known, agreed), books.balances
    assert split
    campaign = -balances["income:campaign:fund", "USD"]
    cover = -balances["income:cover:fund", "USD"]
    assert 0 <= campaign <= split.gift.amount_minor  # rules L6, D2
    assert 0 <= cover <= split.cover.amount_minor
    assert campaign + cover == books.wants.left.amount_minor
    assert cover == split.cover.amount_minor or campaign == 0  # rule R1: the gift goes first
    lines = Counter[str]()  # rule L8: the processor's balance is the sum of its own lines
    for gross in moved_there(books.known):
        lines[gross.currency] += gross.amount_minor
    for currency in CURRENCIES:
        assert balances["assets:stripe", currency] == lines[currency]


def moved_there(facts: PaymentFacts) -> list[Money]:
    """Return by how much each line that counts changed the processor's balance."""
    assert facts.capture
    assert facts.capture.settlement
    found = [facts.capture.settlement.net]
    if facts.capture.failure:
        found.append(-facts.capture.failure.gross - facts.capture.failure.fee)
    for refund in facts.refunds.values():
        if refund.status and refund.settlement:
            found.append(-refund.settlement.gross - refund.settlement.fee)
            if refund.failure:
                found.append(refund.failure.gross - refund.failure.fee)
    for dispute in facts.disputes.values():
        found += [movement.amount - movement.fee for movement in dispute.movements.values()]
    return found


@settings(max_examples=IN_MEMORY // 4)
@given(data=st.data(), currency=st.sampled_from(CURRENCIES))
def test_w9_joining_the_readings_of_a_life_depends_on_no_order(data: st.DataObject, currency: str) -> None:
    life = data.draw(lives(pledge="p", total=terms(currency).total))
    one, two, three = (data.draw(st.sampled_from(life)) for _ in range(3))
    left = merged(merged(one, two), three)
    assert left == merged(one, merged(two, three)) == merged(merged(three, one), two)
    assert merged(left, one) == left == merged(left, left)
    assert merged(left, life[-1]) == merged(life[-1], left)
    assert from_json(to_json(left)) == left


@pytest.mark.django_db
@settings(max_examples=IN_THE_STORE, suppress_health_check=[HealthCheck.function_scoped_fixture])  # rolled back
@given(data=st.data(), currency=st.sampled_from(CURRENCIES))
def test_w8_any_order_copies_and_losses_leave_one_ledger_meter_and_set_of_mails(
    data: st.DataObject, currency: str
) -> None:
    with transaction.atomic():
        point = transaction.savepoint()
        agreed = terms(currency)
        with frozen(BEGAN):
            pledge = note_pledge(
                campaign=make_campaign(), amount=agreed.gift, cover=agreed.cover, method="stripe", **GIVER
            )
        life = data.draw(lives(pledge=pledge.public_id, total=agreed.total))
        expected, found = (played(order) for order in ([life[-1]], drawn(data, life)))
        transaction.savepoint_rollback(point)
    assert found == expected


def played(readings: list[PaymentFacts]) -> tuple[Any, ...]:
    """Settle these readings in fresh books, do all that follows, and return what there is then and who got which mail.

    The worker runs when all was heard: whoever is told of something on the way has read what was true then.
    """
    point = transaction.savepoint()
    for reading in readings:
        settle_payment(reading)
    left = outcome()
    assert ledger_problems() == []
    mail.outbox.clear()
    worker.run_pending()
    letters = sorted((letter.to, letter.subject, LINK.sub("(link)", str(letter.body))) for letter in mail.outbox)
    assert bool(letters) == Gift.objects.exists()
    transaction.savepoint_rollback(point)
    return left, letters


@pytest.mark.parametrize("code", ["amount_differs", "currency_differs"])
def test_o4_c6_what_does_not_fit_what_was_agreed_is_not_divided(code: str) -> None:
    agreed = terms("EUR")
    amount = Money(1, "EUR") if code == "amount_differs" else agreed.total
    with pytest.raises(Quarantine) as refusal:
        wanted.agreed(paid(opened("p"), amount, settled=Money(2603, "EUR")), agreed)
    assert refusal.value.code == code


def test_nothing_is_wanted_of_what_was_not_captured() -> None:
    with pytest.raises(ValueError, match="nothing was captured"):
        wanted.wanted(opened("p"), wanted.Split("fund", usd(1), usd(0)))


PAID = refunded(paid(opened("p"), usd(2603)), "re_1", usd(100))
DISPUTED = disputed(PAID, "dp_1", usd(100), DisputeStatus.OPEN)[0]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(DISPUTED, is_live=False), "is_live: "),
        (replace(DISPUTED, pledge="another"), "pledge: "),
        (replace(paid(opened("p"), usd(2604)), subscription="sub_1"), "captured as ch_1 and as ch_1$"),
        (paid(opened("p"), usd(2603), settled=usd(2602)), "settled as txn_ch_1 and as txn_ch_1$"),
        (refunded(PAID, "re_1", usd(101)), "refund re_1 of two amounts$"),
        (disputed(PAID, "dp_1", usd(101), DisputeStatus.OPEN)[0], "movement txn_dp_1_w of two amounts$"),
    ],
)
def test_w9_what_cannot_be_is_not_joined(other: PaymentFacts, said: str) -> None:
    for one, two in ((DISPUTED, other), (other, DISPUTED)):
        with pytest.raises(NotTheSame, match=f"^{said}"):
            merged(one, two)

"""What could not be booked has a reader and an exit: staff try it again, or set it aside with a reason (rule O4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from masthead.core.clock import frozen, now
from masthead.funding.models import Held, Journal, Payment, Pledge
from masthead.funding.paying_errors import ProcessorAway
from masthead.funding.ports import Kind, Ref
from masthead.funding.providers import forget, teach
from masthead.funding.providers.stripe.provider import Stripe
from masthead.funding.rules.facts import PaymentFacts
from masthead.funding.selectors import held
from masthead.funding.services import catch_up, note_pledge, set_aside, try_again, try_held_again
from masthead.funding.services.held import attempt
from masthead.funding.staff_errors import NoReasonToSetAside
from masthead.funding.testing import make_campaign
from masthead.outbox.models import Event
from masthead.simulator.testing import RunningSimulator
from tests.funding.lives import opened as begun
from tests.funding.lives import paid as taken
from tests.funding.lives import usd
from tests.funding.reading import shown
from tests.funding.rehearsing import promised, raised, work
from tests.funding.test_catch_up import paid
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/admin/funding/held/"


@pytest.fixture
def quarantined(simulator: RunningSimulator) -> Payment:
    """A payment of another amount than was pledged."""
    pledge = promised(simulator)
    paid(simulator, pledge)
    Pledge.objects.update(amount_minor=9900)
    catch_up("stripe", is_live=False)
    return Payment.objects.get()


def address(payment: Payment, what: str) -> str:
    """Return where one payment is decided about."""
    return f"{HERE}stripe/payment/{payment.external_id}/{what}/"


def test_a_payment_in_quarantine_is_listed_with_its_reason(quarantined: Payment) -> None:
    assert quarantined.problem == "amount_differs"
    page = shown(signed_in("decide_held").get(HERE))
    assert "another amount was taken than was agreed" in page
    assert quarantined.external_id in page
    assert held.count_for_a_person() == 1


def test_trying_again_books_it_once_the_cause_is_mended(quarantined: Payment, simulator: RunningSimulator) -> None:
    don = signed_in("decide_held")
    assert "still cannot be booked" in shown(don.post(address(quarantined, "again"), follow=True))
    Pledge.objects.update(amount_minor=2500)
    assert "is settled" in shown(don.post(address(quarantined, "again"), follow=True))
    assert raised(simulator) == 2500
    assert held.questions() == []
    assert don.post(address(quarantined, "again")).status_code == 404


def test_setting_aside_needs_a_reason_and_is_no_booking(quarantined: Payment) -> None:
    don = signed_in("decide_held")
    assert don.get(address(quarantined, "aside")).status_code == 200
    assert don.post(address(quarantined, "aside"), {"because": " "}).status_code == 422
    page = shown(don.post(address(quarantined, "aside"), {"because": "refunded by hand"}, follow=True))
    assert "Set aside: refunded by hand" in page
    assert not Journal.objects.exists()
    assert held.count_for_a_person() == 0
    row = Held.objects.get()
    assert row.decided_by
    assert row.decided_at
    with pytest.raises(NoReasonToSetAside):
        set_aside("stripe", Ref(Kind.PAYMENT, quarantined.external_id), is_live=False, because=" ")


def test_what_was_set_aside_is_asked_about_again_when_its_problem_is_another(quarantined: Payment) -> None:
    set_aside("stripe", Ref(Kind.PAYMENT, quarantined.external_id), is_live=False, because="known")
    Payment.objects.update(problem="more_back_than_came")
    assert [each.reason for each in held.questions()] == ["more went back than had come"]
    Payment.objects.update(problem="of_a_later_version")
    assert [each.reason for each in held.questions()] == ["of_a_later_version"]


def test_what_was_set_aside_can_be_tried_again(quarantined: Payment, simulator: RunningSimulator) -> None:
    ref = Ref(Kind.PAYMENT, quarantined.external_id)
    set_aside("stripe", ref, is_live=False, because="known")
    Pledge.objects.update(amount_minor=2500)
    assert try_again("stripe", ref, is_live=False)
    assert raised(simulator) == 2500
    assert not Held.objects.exists()


def test_while_nobody_answers_trying_again_says_so(quarantined: Payment, simulator: RunningSimulator) -> None:
    simulator.break_call("error", "*", times=0)
    with pytest.raises(ProcessorAway):
        try_again("stripe", Ref(Kind.PAYMENT, quarantined.external_id), is_live=False)
    page = shown(signed_in("decide_held").post(address(quarantined, "again"), follow=True))
    assert "does not answer" in page


def test_what_was_set_aside_stays_so_when_it_fails_again(simulator: RunningSimulator) -> None:
    ref = Ref(Kind.PAYMENT, "pi_nothing")
    assert not try_again("stripe", ref, is_live=False)
    assert Held.objects.get().reason == "refused"
    set_aside("stripe", ref, is_live=False, because="a typing error")
    assert not attempt("stripe", ref, is_live=False)
    assert (Held.objects.get().state, Held.objects.get().because) == ("aside", "a typing error")


class Odd(Stripe):
    """A processor that says what nobody foresaw, or does not say yet what it kept."""

    def __init__(self, facts: PaymentFacts | None) -> None:
        self.facts = facts

    def read_payment(self, external_id: str) -> PaymentFacts:
        if self.facts is None:
            raise KeyError("a word of tomorrow")
        return self.facts


@pytest.fixture
def odd() -> Iterator[Callable[[PaymentFacts | None], None]]:
    """Let such a processor answer for Stripe."""
    yield lambda facts: teach(Odd(facts))
    forget("stripe")


def test_what_nobody_foresaw_is_kept_with_its_words(odd: Callable[[PaymentFacts | None], None]) -> None:
    odd(None)
    for _ in range(3):
        assert not attempt("stripe", Ref(Kind.PAYMENT, "pi_1"), is_live=True)
    row = Held.objects.get()
    assert (row.reason, row.state, row.sentence) == ("failed", "person", "KeyError: 'a word of tomorrow'")
    assert Event.objects.filter(type="funding.reading-needs-a-person").count() == 1


def test_a_processor_that_is_away_is_asked_once_in_a_row(simulator: RunningSimulator) -> None:
    for key in ("pi_1", "pi_2"):
        attempt("stripe", Ref(Kind.PAYMENT, key), is_live=False)
    simulator.break_call("error", "*", times=0)
    with frozen(now() + timedelta(hours=1)):
        try_held_again()
    assert sorted(Held.objects.values_list("tries", flat=True)) == [1, 2]
    assert {str(row) for row in Held.objects.all()} == {"stripe payment pi_1", "stripe payment pi_2"}


def test_l8_money_whose_fee_is_not_told_yet_is_read_again_until_it_is(
    odd: Callable[[PaymentFacts | None], None],
) -> None:
    pledge = note_pledge(campaign=make_campaign(), amount=usd(2500), name="Don", method="stripe")
    whole = taken(begun(pledge.public_id), usd(2500))
    assert whole.capture
    odd(replace(whole, capture=replace(whole.capture, settlement=None)))
    assert not attempt("stripe", Ref(Kind.PAYMENT, "pi_1"), is_live=True)
    assert (Held.objects.get().reason, Held.objects.get().state) == ("unsettled", "waiting")
    odd(whole)
    with frozen(now() + timedelta(minutes=6)):
        try_held_again()
    assert not Held.objects.exists()
    assert Journal.objects.count() == 1


def mend(payment: Payment) -> None:
    """Let the payment fit what was agreed."""
    Pledge.objects.update(amount_minor=2500)
    assert try_again("stripe", Ref(Kind.PAYMENT, payment.external_id), is_live=False)


@pytest.mark.parametrize(("act", "letters"), [(lambda payment: None, 1), (mend, 0)], ids=["waits", "mended"])
def test_the_newsroom_is_written_to_about_a_payment_while_it_needs_a_person(
    quarantined: Payment, mailoutbox: list[Any], act: Callable[[Payment], None], letters: int
) -> None:
    act(quarantined)
    found = letters_to_the_newsroom(mailoutbox)
    assert [letter.subject for letter in found] == ["Rehearsal: A payment needs your decision"] * letters
    assert all("another amount was taken than was agreed" in letter.body for letter in found)


@pytest.mark.parametrize(("because", "letters"), [("", 1), ("a typing error", 0)], ids=["waits", "decided"])
def test_the_newsroom_is_written_to_about_what_cannot_be_read_while_nobody_has_decided(
    simulator: RunningSimulator, mailoutbox: list[Any], because: str, letters: int
) -> None:
    ref = Ref(Kind.PAYMENT, "pi_nothing")
    for _ in range(2):
        attempt("stripe", ref, is_live=False)
    if because:
        set_aside("stripe", ref, is_live=False, because=because)
    found = letters_to_the_newsroom(mailoutbox)
    assert len(found) == letters
    assert all("pi_nothing at stripe needs you" in letter.body for letter in found)


def letters_to_the_newsroom(mailoutbox: list[Any]) -> list[Any]:
    """Let the worker write, twice, and return what the newsroom got."""
    money = replace(settings.MASTHEAD.funding, newsroom_mail="money@paper.example")
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=money)):
        work()
        work()
    return [letter for letter in mailoutbox if letter.to == ["money@paper.example"]]


@pytest.mark.parametrize("what", ["", "stripe/payment/pi_1/aside/"])
def test_the_screens_are_for_those_with_leave(what: str) -> None:
    assert signed_in("view_gift", "add_gift").get(f"{HERE}{what}").status_code == 302


def test_an_empty_list_says_so() -> None:
    page = shown(signed_in("decide_held").get(HERE))
    assert "Nothing waits for you." in page

"""How often what cannot be read is tried again, when, in whose words, and what a person's decision leaves (rule W5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from masthead.core.clock import frozen
from masthead.funding.models import Held, Payment, Pledge
from masthead.funding.ports import Kind, ProviderAway, ProviderRefused, Ref
from masthead.funding.services import set_aside, try_again, try_held_again
from masthead.funding.services.held import attempt, problem_of, waits
from tests.funding.books import told
from tests.funding.clerk import Clerk, came, clerk, standing
from tests.funding.clerk import told as told_to
from tests.funding.lives import BEGAN, usd

__all__ = ["clerk"]
ONE, TWO = Ref(Kind.PAYMENT, "pi_1"), Ref(Kind.PAYMENT, "pi_2")
MINUTE = timedelta(minutes=1)


def tried(ref: Ref = ONE, minutes: int = 0, *, provider: str = "stripe", is_live: bool = True) -> bool:
    """Try one thing so many minutes later; tell whether it is settled."""
    with frozen(BEGAN + minutes * MINUTE):
        try:
            return attempt(provider, ref, is_live=is_live)
        except ProviderAway:
            return False


@pytest.mark.parametrize(
    ("error", "reason", "sentence"),
    [
        (ProviderAway("hung up"), "away", "hung up"),
        (ProviderRefused("No such payment"), "refused", "No such payment"),
        (ProviderRefused("é" * 2001), "refused", "é" * 2000),
        (ValueError("a word of tomorrow"), "failed", "ValueError: a word of tomorrow"),
        (None, "unsettled", ""),
    ],
    ids=["away", "refused", "at length", "failed", "unsettled"],
)
def test_w5_what_cannot_be_settled_is_kept_with_why_in_as_many_words_as_there_is_room_for(
    clerk: Clerk, error: Exception | None, reason: str, sentence: str
) -> None:
    facts = told_to(usd(2500), clerk)
    assert facts.capture
    clerk.payments["pi_1"] = error or replace(facts, capture=replace(facts.capture, settlement=None))
    assert not tried()
    names = ("provider", "is_live", "kind", "external_id", "reason", "sentence", "state", "tries", "next_at")
    kept = ("stripe", True, "payment", "pi_1", reason, sentence, "waiting", 1, BEGAN + 5 * MINUTE)
    assert Held.objects.values_list(*names).get() == kept


@pytest.mark.parametrize(
    ("error", "tries"), [(ProviderAway(""), 8), (ProviderRefused(""), 2), (ValueError(""), 3)], ids=str
)
def test_w5_it_is_tried_after_ever_longer_pauses_until_a_person_is_asked_once(
    clerk: Clerk, error: Exception, tries: int
) -> None:
    clerk.payments["pi_1"] = error
    pauses, states = [], []
    for _ in range(12):
        tried()
        row = Held.objects.get()
        pauses.append((row.next_at - BEGAN) // MINUTE)
        states.append(row.state)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 360, 360, 360, 360, 360]
    assert states == ["waiting"] * (tries - 1) + ["person"] * (13 - tries)
    assert [event.payload for event in told("funding.reading-needs-a-person")] == [
        {"provider": "stripe", "kind": "payment", "external_id": "pi_1", "reason": Held.objects.get().reason}
    ]


def test_only_what_is_due_of_the_site_s_mode_is_tried_again_and_nothing_that_was_set_aside(clerk: Clerk) -> None:
    tried(ONE, 1)
    tried(TWO)
    tried(Ref(Kind.PAYMENT, "pi_3"))
    set_aside("stripe", Ref(Kind.PAYMENT, "pi_3"), is_live=True, because="known")
    tried(Ref(Kind.PAYMENT, "pi_4"), is_live=False)
    clerk.read.clear()
    read = []
    for after in (5 * MINUTE - timedelta.resolution, 5 * MINUTE, 6 * MINUTE):
        with frozen(BEGAN + after):
            try_held_again()
        read.append(list(clerk.read))
    assert read == [[], ["pi_2"], ["pi_2", "pi_1"]]


def test_what_is_due_first_is_tried_first(clerk: Clerk) -> None:
    tried(ONE, 1)
    tried(TWO)
    clerk.read.clear()
    with frozen(BEGAN + 10 * MINUTE):
        try_held_again()
    assert clerk.read == ["pi_2", "pi_1"]


def test_a_processor_that_is_away_is_asked_once_and_holds_up_no_other(clerk: Clerk) -> None:
    with standing("paypal") as other:
        for minute, (ref, provider) in enumerate(((ONE, "stripe"), (TWO, "stripe"), (ONE, "paypal"))):
            tried(ref, minute, provider=provider)
        clerk.read.clear()
        other.read.clear()
        clerk.payments["pi_1"] = ProviderAway("hung up")
        with frozen(BEGAN + 20 * MINUTE):
            try_held_again()
        assert (clerk.read, other.read) == (["pi_1"], ["pi_1"])


def test_what_is_kept_waits_for_its_own_time_by_processor_mode_kind_and_id(clerk: Clerk) -> None:
    tried()
    with frozen(BEGAN + 5 * MINUTE - timedelta.resolution):
        assert waits("stripe", ONE, is_live=True)
        assert not waits("stripe", TWO, is_live=True)
        assert not waits("stripe", ONE, is_live=False)
        assert not waits("paypal", ONE, is_live=True)
        assert not waits("stripe", Ref(Kind.CHECKOUT, "pi_1"), is_live=True)
    with frozen(BEGAN + 5 * MINUTE):
        assert not waits("stripe", ONE, is_live=True)


def test_once_it_is_settled_only_its_own_row_goes_and_a_decision_stays(clerk: Clerk) -> None:
    for ref in (ONE, TWO):
        tried(ref)
    tried(is_live=False)
    set_aside("stripe", TWO, is_live=True, because="known")
    for name in ("pi_1", "pi_2"):
        told_to(usd(2500), clerk, external_id=name)
    assert [tried(ref) for ref in (ONE, TWO)] == [True, True]
    assert list(Held.objects.order_by("pk").values_list("external_id", "is_live", "state")) == [
        ("pi_2", True, "aside"),
        ("pi_1", False, "waiting"),
    ]


def test_a_decision_is_kept_with_who_when_and_why_as_far_as_there_is_room(clerk: Clerk) -> None:
    came(usd(2500), clerk)
    Payment.objects.update(problem="amount_differs")
    tried(TWO)
    with frozen(BEGAN + MINUTE):
        set_aside("stripe", ONE, is_live=True, because=" " + "é" * 301, decided_by=7)
        set_aside("stripe", TWO, is_live=True, because="known", decided_by=8)
    names = ("external_id", "state", "reason", "because", "decided_by", "decided_at")
    assert set(Held.objects.filter(provider="stripe", is_live=True, kind="payment").values_list(*names)) == {
        ("pi_1", "aside", "amount_differs", "é" * 300, 7, BEGAN + MINUTE),
        ("pi_2", "aside", "failed", "known", 8, BEGAN + MINUTE),
    }


def test_the_problem_of_a_payment_is_its_own(clerk: Clerk) -> None:
    came(usd(2500), clerk)
    came(usd(2500), clerk, external_id="pi_2")
    Payment.objects.filter(external_id="pi_1").update(problem="amount_differs")
    asked = [("stripe", ONE), ("stripe", TWO), ("paypal", ONE), ("stripe", Ref(Kind.SUBSCRIPTION, "pi_1"))]
    assert [problem_of(provider, ref) for provider, ref in asked] == ["amount_differs", "", "", ""]


def test_what_staff_try_again_goes_on_as_before_or_waits_for_them_if_it_was_set_aside(clerk: Clerk) -> None:
    for ref in (ONE, TWO):
        tried(ref)
        tried(ref, is_live=False)
    for is_live in (True, False):
        set_aside("stripe", TWO, is_live=is_live, because="known")
    assert not try_again("stripe", ONE, is_live=True)
    assert not try_again("stripe", TWO, is_live=True)
    assert set(Held.objects.values_list("external_id", "is_live", "state", "tries")) == {
        ("pi_1", True, "waiting", 2),
        ("pi_1", False, "waiting", 1),
        ("pi_2", True, "person", 2),
        ("pi_2", False, "aside", 1),
    }
    told_to(usd(2500), clerk)
    Pledge.objects.update(amount_minor=1900)
    assert not try_again("stripe", ONE, is_live=True), "it can be read, and its problem is still there"
    assert not Held.objects.filter(external_id="pi_1", is_live=True).exists()

"""What the processor does not say yet is asked again, and never guessed (rule L8)."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
import stripe

from masthead.core.clock import frozen
from masthead.funding.models import Pledge
from masthead.funding.ports import Kind, Ref
from masthead.funding.providers.stripe import reading
from masthead.funding.rules.facts import PaymentFacts, RefundStatus, Status
from masthead.funding.services import NotSettledYet, note_pledge, refresh
from masthead.funding.testing import make_campaign
from tests.funding.books import problems_told, raised
from tests.funding.lives import BEGAN, opened, paid, refunded, usd

pytestmark = pytest.mark.django_db

TOTAL = usd(2500)


@pytest.fixture
def pledge() -> Pledge:
    """A pledge of 25 dollars, to be paid by card."""
    with frozen(BEGAN):
        return note_pledge(campaign=make_campaign(), amount=TOTAL, name="Don", method="stripe")


class Processor(SimpleNamespace):
    """A processor that answers with these readings in turn, the last one ever after."""

    readings: list[PaymentFacts]

    def read_payment(self, _external_id: str) -> PaymentFacts:
        """Return the next reading."""
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


def reading_of(monkeypatch: pytest.MonkeyPatch, *readings: PaymentFacts) -> None:
    """Let the processor answer so."""
    processor = Processor(readings=list(readings))
    module = sys.modules["masthead.funding.services.refresh"]  # the package gives the service the same name
    monkeypatch.setattr(module, "provider_named", lambda _name: processor)


def read() -> None:
    """Read the payment at the processor."""
    refresh("stripe", Ref(Kind.PAYMENT, "pi_1"))


@pytest.mark.parametrize("lacks", ["capture", "settlement", "refund", "failure"])
def test_l8_what_moved_without_a_line_is_asked_again(
    pledge: Pledge, monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    taken = paid(opened(pledge.public_id), TOTAL)
    assert taken.capture
    readings = {
        "capture": replace(taken, capture=None),
        "settlement": replace(taken, capture=replace(taken.capture, settlement=None)),
        "refund": refunded(taken, "re_1", usd(500), has_lines=False),
        "failure": refunded(refunded(taken, "re_1", usd(500)), "re_1", usd(500), RefundStatus.FAILED, has_lines=False),
    }
    reading_of(monkeypatch, readings[lacks])
    with pytest.raises(NotSettledYet):
        read()
    full = refunded(taken, "re_1", usd(500), RefundStatus.FAILED)
    reading_of(monkeypatch, full)
    read()
    assert raised() == 2500


def test_l8_a_stale_reading_without_the_line_asks_nobody_again(pledge: Pledge, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = paid(opened(pledge.public_id), TOTAL)
    assert taken.capture
    reading_of(monkeypatch, taken, replace(taken, capture=replace(taken.capture, settlement=None)))
    read()
    read()
    assert raised() == 2500


def test_w9_the_processor_is_asked_a_second_time_when_its_answers_differ(
    pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = paid(opened(pledge.public_id), TOTAL)
    assert taken.capture
    other = replace(taken, capture=replace(taken.capture, external_id="ch_other"))
    reading_of(monkeypatch, taken, other, taken)
    read()
    read()
    assert problems_told() == []


@pytest.mark.parametrize(
    ("status", "stands", "is_settled"),
    [("succeeded", Status.SUCCEEDED, False), ("canceled", Status.FAILED, True), ("requires_action", Status.OPEN, True)],
)
def test_l8_an_intent_is_believed_before_its_charge_is_listed(status: str, stands: Status, is_settled: bool) -> None:
    values = {"id": "pi_1", "livemode": False, "status": status, "last_payment_error": None}
    intent = stripe.PaymentIntent.construct_from(values, "key")
    facts = reading.payment(intent, pledge="p", subscription="", charges=[], refunds=[], disputes=[])
    assert (facts.stands, facts.is_settled) == (stands, is_settled)

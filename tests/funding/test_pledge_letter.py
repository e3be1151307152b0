"""Who pledges gets the bank details by mail, once, and nobody can make the site write anything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from masthead.core.money import Money
from masthead.funding.events import PledgeNoted
from masthead.funding.models import Pledge
from masthead.funding.services import close_pledge, note_pledge, send_pledge_letter
from masthead.funding.testing import make_campaign
from masthead.outbox.errors import AddressRefused, Retry
from masthead.outbox.testing import deliver_all
from tests.letters import Server, part, smtp

__all__ = ["smtp"]

pytestmark = pytest.mark.django_db
IBAN = "DE02 1203 0000 0000 2020 51"
HOLDER = "Saltmere Ledger Trust"


def noted(email: str = "ben@example.org", every: str = "once", name: str = "Ben") -> Pledge:
    """Return a pledge of 40 dollars."""
    return note_pledge(campaign=make_campaign(), amount=Money(4000, "USD"), name=name, email=email, every=every)


def fact(pledge: Pledge) -> PledgeNoted:
    """Return what the outbox tells of a pledge."""
    return PledgeNoted(pledge.public_id, pledge.reference, "fund", 4000, "USD", pledge.every)


@pytest.mark.parametrize(("every", "often"), [("once", "How often: once"), ("month", "How often: every month")])
def test_the_letter_says_where_how_much_how_often_and_which_reference(smtp: Server, every: str, often: str) -> None:
    pledge = noted(every=every)
    deliver_all()
    [(recipient, letter)] = smtp.accepted
    assert recipient == "ben@example.org"
    for words in (
        IBAN,
        HOLDER,
        "40",
        often,
        pledge.reference[:4],
        f"/support/thanks/{pledge.reference}/",
    ):
        assert words in part(letter, "plain")
    for words in (IBAN, HOLDER, "40", pledge.reference[:4], f"/support/thanks/{pledge.reference}/"):
        assert words in part(letter, "html")
    assert letter["Auto-Submitted"] == "auto-generated"


def test_the_fact_heard_twice_sends_one_letter(smtp: Server) -> None:
    pledge = noted()
    deliver_all()
    send_pledge_letter(fact(pledge), "event-9")
    assert len(smtp.accepted) == 1


def test_a_letter_that_may_have_left_is_repeated_under_the_same_name(smtp: Server) -> None:
    pledge = noted()
    send_pledge_letter(fact(pledge), "event-9")
    Pledge.objects.update(written_to_at=None)
    send_pledge_letter(fact(pledge), "event-9")
    assert len({letter["Message-ID"] for _, letter in smtp.accepted}) == 1


def test_nothing_the_pledger_typed_but_the_amount_reaches_an_unproven_address(smtp: Server) -> None:
    noted(name="WIN A CAR https://spam.example")
    deliver_all()
    [(_, letter)] = smtp.accepted
    assert "spam.example" not in letter.as_string()


def test_no_letter_without_an_address_an_account_or_money_to_expect(smtp: Server, settings: Any) -> None:
    noted(email="")
    close_pledge(pledge=noted(email="closed@example.org"))
    deliver_all()
    settings.MASTHEAD = replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, iban=""))
    noted()
    deliver_all()
    assert smtp.accepted == []


def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(smtp: Server) -> None:
    pledge = noted()
    smtp.at_recipient = ["451 greylisted", "550 no such person"]
    with pytest.raises(Retry):
        send_pledge_letter(fact(pledge), "event-1")
    with pytest.raises(AddressRefused):
        send_pledge_letter(fact(pledge), "event-1")
    pledge.refresh_from_db()
    assert pledge.written_to_at is None

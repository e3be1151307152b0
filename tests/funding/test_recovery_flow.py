"""A renewal that is declined, from the card that fails to the money that comes after all; against the simulator."""

from __future__ import annotations

import re

import pytest
import stripe
from django.core.cache import cache

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.models import Gift, RecoveryMail, Recurring, RenewalFailure
from masthead.funding.selectors import ledger_problems
from masthead.funding.selectors.failed_renewals import recovered
from masthead.funding.services import ask_for_due_mails, catch_up
from masthead.outbox import worker
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.rehearsing import at, opened, promised
from tests.letters import Server, part, smtp

__all__ = ["smtp"]

pytestmark = pytest.mark.django_db(transaction=True)
FAILS_LATER = "4000000000000341"


def pass_days(simulator: RunningSimulator, days: int) -> None:
    """Let time go by at the processor and here, and let the chores and the worker do what is due."""
    if days:
        simulator.advance(days=days)
    with at(simulator):
        catch_up("stripe", is_live=False)
        ask_for_due_mails()
        worker.run_pending()


def test_declined_written_to_mended_and_paid_after_all(
    client: CheckingClient, simulator: RunningSimulator, smtp: Server
) -> None:
    cache.clear()
    with at(simulator):
        pledge = promised(simulator, every="month", email="don@example.org")
        simulator.pay(opened(pledge), card_number=FAILS_LATER)
    pass_days(simulator, 0)
    smtp.accepted.clear()
    pass_days(simulator, 32)
    recurring = Recurring.objects.get()
    assert recurring.status == "past_due"
    assert recurring.retry_at is not None
    [(to, letter)] = smtp.accepted
    assert to == "don@example.org"
    assert letter["Subject"].startswith("Rehearsal: Your gift to")
    text = part(letter, "plain").replace("\u00a0", " ")
    assert "25 $" in text
    assert "It is tried again on" in text
    failure = RenewalFailure.objects.get()
    assert failure.due_at.date().isoformat() == "2026-12-03"
    link = re.search(r"http://testserver(/support/care/[^\s/]+/)", text)
    assert link
    with at(simulator):
        assert "payment failed" in shown(client.get(link[1]))
        page = client.post(link[1], {"do": "card", "gift": recurring.public_id})
    assert page["Refresh"].startswith("0; url=http://127.0.0.1:")
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses).v1
    customer = str(api.subscriptions.retrieve(recurring.external_id).customer)
    card = api.payment_methods.attach("pm_card_visa", params={"customer": customer})
    api.subscriptions.update(recurring.external_id, params={"default_payment_method": card.id})
    pass_days(simulator, 3)
    failure.refresh_from_db()
    assert failure.became == "active"
    assert Gift.objects.count() == 2
    with at(simulator):
        found = recovered(now())
    assert (found.failures, found.paid, found.waiting, found.sums) == (1, 1, 0, [Money(2500, "USD")])
    for days in (4, 5, 10):
        pass_days(simulator, days)
    assert RecoveryMail.objects.count() == 1
    assert [letter["Subject"] for _to, letter in smtp.accepted if "go through" in letter["Subject"]] == [
        letter["Subject"]
    ], "it was paid: nothing more was written about it"
    assert ledger_problems() == []


def test_never_mended_it_ends_and_nothing_is_written_after_the_last_mail(
    simulator: RunningSimulator, smtp: Server
) -> None:
    with at(simulator):
        simulator.pay(opened(promised(simulator, every="month")), card_number=FAILS_LATER)
    pass_days(simulator, 0)
    smtp.accepted.clear()
    pass_days(simulator, 32)
    for _day in range(30):
        pass_days(simulator, 1)
    assert [mail.step for mail in RecoveryMail.objects.exclude(sent_at=None)] == ["first", "second", "last"]
    assert len(smtp.accepted) == 3
    failure = RenewalFailure.objects.get()
    assert failure.became == "ended"
    last = RecoveryMail.objects.latest("pk").sent_at
    assert last
    assert failure.over_at
    assert last < failure.over_at, "the last mail comes while the card can still be changed"
    assert Gift.objects.count() == 1


def test_a_pause_while_a_payment_is_owed_stops_the_mails(
    client: CheckingClient, simulator: RunningSimulator, smtp: Server
) -> None:
    cache.clear()
    with at(simulator):
        simulator.pay(opened(promised(simulator, every="month")), card_number=FAILS_LATER)
    pass_days(simulator, 0)
    smtp.accepted.clear()
    pass_days(simulator, 32)
    link = re.search(r"http://testserver(/support/care/[^\s/]+/)", part(smtp.accepted[0][1], "plain"))
    assert link
    with at(simulator):
        client.post(link[1], {"do": "pause-2", "gift": Recurring.objects.get().public_id})
    assert Recurring.objects.get().status == "paused"
    for _day in range(3):
        pass_days(simulator, 4)
    assert len(smtp.accepted) == 1

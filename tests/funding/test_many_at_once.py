"""Many gifts at the same moment: the meter is their sum (rule M9), on both stores."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue

import pytest
from django.db import OperationalError, connection

from masthead.core.clock import frozen
from masthead.funding.models import Gift
from masthead.funding.rules.facts import PaymentFacts
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import note_pledge, settle_payment
from masthead.funding.testing import make_campaign
from masthead.outbox.models import Event
from tests.funding.books import raised
from tests.funding.lives import BEGAN, opened, paid, refunded, usd

GIFTS, CONNECTIONS = 200, 32


@pytest.mark.django_db(transaction=True)
def test_m9_two_hundred_gifts_from_thirty_two_connections_add_up() -> None:
    """Each is told twice, and every tenth with a refund, by whoever is free."""
    with frozen(BEGAN):
        campaign = make_campaign()
        pledges = [
            note_pledge(
                campaign=campaign, amount=usd(100 + number), name="Don", email=f"{number % 50}@a.org", method="stripe"
            )
            for number in range(GIFTS)
        ]
    waiting: SimpleQueue[PaymentFacts] = SimpleQueue()
    for number, pledge in enumerate(pledges):
        reading = paid(opened(pledge.public_id, external_id=f"pi_{number}"), pledge.amount, fee=usd(5))
        waiting.put(reading)
        waiting.put(refunded(reading, f"re_{number}_1", usd(50)) if number % 10 == 0 else reading)
    failures: list[Exception] = []
    barrier = threading.Barrier(CONNECTIONS)

    def settle() -> None:
        try:
            barrier.wait(60)
            while True:
                reading = waiting.get_nowait()
                try:
                    settle_payment(reading)
                except OperationalError:
                    waiting.put(reading)  # waited too long for its turn to write: the worker, too, tries again later
        except Empty:
            pass
        except Exception as failure:  # noqa: BLE001 - shown by the test itself
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=settle) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert raised() == sum(pledge.amount_minor for pledge in pledges) - 50 * (GIFTS // 10)
    assert Gift.objects.count() == GIFTS
    assert Event.objects.filter(type="funding.gift-recorded").count() == GIFTS
    assert ledger_problems() == []

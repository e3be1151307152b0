"""Several receivers, several workers, and a worker that dies: nobody waits for another, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from masthead.core.clock import frozen
from masthead.hooks import services
from masthead.hooks.events import HookStopped
from masthead.hooks.models import Delivery, Hook
from masthead.outbox import worker
from masthead.outbox.services import record
from tests.hooks.conftest import Add, bell
from tests.hooks.receiver import Receiver, listening

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def other() -> Iterator[Receiver]:
    """A second receiver."""
    with listening() as one:
        yield one


@pytest.fixture
def at_work() -> Iterator[None]:
    """The worker of a site, in its thread."""
    stop = threading.Event()

    def work() -> None:
        try:
            worker.run_forever(stop, poll_seconds=0.01)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def arrived(receiver: Receiver, count: int) -> bool:
    """Wait until a receiver got so many more."""
    return all(receiver.arrived.acquire(timeout=15) for _ in range(count))


def test_a_receiver_that_hangs_delays_neither_others_nor_mails(
    add: Add, receiver: Receiver, other: Receiver, don: object, at_work: None
) -> None:
    receiver.open_gate.clear()  # it takes requests and answers none of them
    slow, _quick = add(receiver), add(other)
    gone = add(other, by=don, types=["gift.recorded"])
    services.tell([bell() for _ in range(20)])
    assert arrived(receiver, 1)
    assert arrived(other, 20), "all of the other's messages, while the first of the slow one's is under way"
    with transaction.atomic():
        Hook.objects.filter(pk=gone.pk).update(state="gone")
        record(HookStopped(hook_id=gone.public_id, why="gone"))
    ends = datetime.now(UTC) + timedelta(seconds=15)
    while not mail.outbox and datetime.now(UTC) < ends:
        threading.Event().wait(0.02)
    assert len(mail.outbox) == 1
    assert len(receiver.got) == 1
    assert slow.deliveries.filter(state="waiting").count() == 20
    receiver.open_gate.set()
    assert arrived(receiver, 19)


def test_two_workers_send_each_message_once(add: Add, receiver: Receiver) -> None:
    add(receiver)
    services.tell([bell(key=str(number)) for number in range(30)])

    def work() -> None:
        while worker.run_pending(3):
            pass
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Counter(got.id for got in receiver.got) == {f"msg_{number}": 1 for number in range(30)}


def test_two_who_tell_the_same_at_once_make_one_message_of_it(add: Add, receiver: Receiver) -> None:
    add(receiver)
    barrier = threading.Barrier(2)
    refused: list[Exception] = []

    def tell() -> None:
        barrier.wait()
        try:
            services.tell([bell(key="same")])
        except Exception as error:  # noqa: BLE001 - the store refused the second, and its fact is told again
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Delivery.objects.count() == 1
    assert len(refused) <= 1


def test_killed_between_the_receivers_yes_and_the_note_it_is_sent_again_under_the_same_id(
    add: Add, receiver: Receiver
) -> None:
    add(receiver)
    services.tell([bell(key="k3v9")])
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    name = str(connection.settings_dict["NAME"])
    connection.close()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.hooks.sender", name], cwd=ROOT, env={**kept, "PYTHONPATH": path}, check=False
    )
    assert ended.returncode == -9
    assert [got.id for got in receiver.got] == ["msg_k3v9"]
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.status) == ("waiting", 1, None)
    assert worker.run_pending() == 0, "the dead worker's claim still holds"
    with frozen(datetime.now(UTC) + timedelta(minutes=6)):
        worker.run_pending()
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert Delivery.objects.get().state == "done"

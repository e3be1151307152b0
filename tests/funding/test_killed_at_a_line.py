"""Kill -9 at any line of the services that move money, and run again: everything happens once (rule O1)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.db import connection

from masthead.funding.models import Gift, Journal, Payment, Recurring
from masthead.funding.selectors import ledger_problems
from masthead.funding.testing import make_campaign
from masthead.simulator.testing import RunningSimulator

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = 8
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(simulator: RunningSimulator, tmp_path: Path) -> Iterator[Ask]:
    """The program of its own, on this test's database and simulator."""
    make_campaign()
    connection.close()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.funding.processes",
            connection.settings_dict["NAME"],
            simulator.base,
            str(tmp_path),
        ],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin
        assert program.stdout

        def order(**given: Any) -> dict[str, Any]:
            assert program.stdin
            assert program.stdout
            program.stdin.write(json.dumps(given) + "\n")
            program.stdin.flush()
            answer: dict[str, Any] = json.loads(program.stdout.readline() or "{}")
            assert answer, "the program died"
            return answer

        yield order
        program.stdin.close()


@pytest.mark.parametrize("every", ["once", "month"])
def test_o1_killed_at_some_lines_everything_happens_once(
    ask: Ask, simulator: RunningSimulator, tmp_path: Path, every: str
) -> None:
    lines = ask(do="kill", every=every, line=0)["lines"]
    assert lines > 100
    for line in range(lines // SAMPLES // 2, lines, lines // SAMPLES):
        check(ask(do="kill", every=every, line=line), simulator, tmp_path)
    assert ledger_problems() == []


@pytest.mark.nightly
@pytest.mark.parametrize("every", ["once", "month"])
def test_o1_killed_at_every_line_everything_happens_once(
    ask: Ask, simulator: RunningSimulator, tmp_path: Path, every: str
) -> None:
    lines = ask(do="kill", every=every, line=0)["lines"]
    for line in range(1, lines + 1):
        check(ask(do="kill", every=every, line=line), simulator, tmp_path)
    assert ledger_problems() == []


def check(answer: dict[str, Any], simulator: RunningSimulator, mails: Path) -> None:
    """Count what there is of one pledge, at the processor and here."""
    assert (answer["first"], answer["second"]) == (-9, 0)
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses).v1
    pledge = answer["pledge"]
    sessions = list(api.checkout.sessions.list({"limit": 100}).auto_paging_iter())
    assert sum(row.client_reference_id == pledge for row in sessions) == 1
    payment = Payment.objects.get(pledge__public_id=pledge)
    assert len(api.charges.list({"payment_intent": payment.external_id}).data) == 1
    assert len(api.refunds.list({"payment_intent": payment.external_id}).data) == 1
    assert payment.problem == ""
    gift = Gift.objects.get(pledge__public_id=pledge)
    assert gift.thanked_at is not None
    assert list(Journal.objects.filter(about=gift.journal).values_list("kind", flat=True)) == ["refund"]
    assert Recurring.objects.filter(pledge__public_id=pledge).count() == (payment.recurring is not None)
    # A mail that left just before the power went leaves again under the same name, and is one to its reader.
    letters = [message_from_bytes(path.read_bytes()) for path in mails.iterdir() if _is_to(path, answer["email"])]
    assert len({letter["Message-ID"] for letter in letters}) == 1


def _is_to(path: Path, address: str) -> bool:
    return f"To: {address}".encode() in path.read_bytes()


def test_w6_processes_that_settle_one_payment_at_once_make_one_gift(ask: Ask) -> None:
    for number in range(5):
        answer = ask(do="race", name=f"race{number}", children=4)
        assert answer["ends"] == [0, 0, 0, 0]
        assert Gift.objects.filter(pledge__public_id=answer["pledge"]).count() == 1
    assert Journal.objects.count() == 5
    assert ledger_problems() == []

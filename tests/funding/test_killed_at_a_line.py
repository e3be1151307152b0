"""Kill -9 at any line of the services that move money, and run again: everything happens once (rule O1)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.db import connection
from django.db.models import Q

from masthead.funding.models import Gift, Journal, Payment, Pledge, Recurring
from masthead.funding.selectors import ledger_problems
from masthead.funding.testing import make_campaign
from masthead.simulator.testing import RunningSimulator
from tests.funding.walks import LIVES, MORE, Life

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = 2
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(simulator: RunningSimulator) -> Iterator[Ask]:
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


def test_o1_killed_at_some_lines_everything_happens_once(ask: Ask, simulator: RunningSimulator, tmp_path: Path) -> None:
    for life in LIVES:
        walk(ask, simulator, tmp_path / life, life, samples=SAMPLES)


@pytest.mark.nightly
@pytest.mark.parametrize("life", LIVES)
def test_o1_killed_at_every_line_everything_happens_once(
    ask: Ask, simulator: RunningSimulator, tmp_path: Path, life: str
) -> None:
    walk(ask, simulator, tmp_path, life)


def walk(ask: Ask, simulator: RunningSimulator, mails: Path, life: str, *, samples: int | None = None) -> None:
    """Kill before every line of a life, the first time it runs and the last, each time with a pledge of its own.

    With ``samples`` only before so many, evenly.
    """
    # Lived whole twice: the first time the reconciler also finds what is there of other lives.
    _first, lines = (ask(do="kill", life=life, line=line, mails=str(mails))["lines"] for line in (0, -1))
    assert len(lines) > 100
    step = len(lines) // samples if samples else 1
    for line in lines[step // 2 :: step]:
        check(ask(do="kill", life=life, line=line, mails=str(mails)), LIVES[life], mails / str(line))
    assert ledger_problems() == []
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses).v1
    pages = Counter(row.client_reference_id for row in api.checkout.sessions.list({"limit": 100}).auto_paging_iter())
    assert set(pages.values()) <= {1}, life
    assert pages or LIVES[life].method != "stripe"


def check(answer: dict[str, Any], life: Life, mails: Path) -> None:
    """Count what there is of one pledge, at the processor and here."""
    assert (answer["first"], answer["second"]) == (-9, 0)
    assert answer["there"] == {"charges": life.charges, "refunds": life.refunds}
    pledge = Pledge.objects.get(public_id=answer["pledge"])
    assert set(Payment.objects.filter(pledge=pledge).values_list("problem", flat=True)) <= {""}
    gift = Gift.objects.get(pledge=pledge)
    journals = Journal.objects.filter(Q(pk=gift.journal_id) | Q(about=gift.journal) | Q(reverses=gift.journal))
    assert tuple(journals.order_by("pk").values_list("kind", flat=True)) == life.journals
    repeated = Recurring.objects.filter(pledge=pledge)
    assert repeated.count() == (life.every != "once")
    assert all((row.status, row.amount_minor) == ("ended", MORE.amount_minor) for row in repeated) or not life.ends
    elsewhere = Gift.objects.filter(journal__source="elsewhere", donor_name=f"Eve {pledge.pk}")
    assert tuple(elsewhere.order_by("pk").values_list("is_returned", flat=True)) == life.imported
    assert gift.thanked_at is not None
    assert_once(mails)


def assert_once(mails: Path) -> None:
    """Each mail is one to its reader: one that left just before the power went leaves again under the same name."""
    letters = {letter["Message-ID"]: letter for letter in map(_read, mails.iterdir())}
    about = Counter((letter["To"], letter["Subject"]) for letter in letters.values())
    assert about
    assert set(about.values()) == {1}, about


def _read(path: Path) -> Message:
    return message_from_bytes(path.read_bytes())


def test_w6_processes_that_settle_one_payment_at_once_make_one_gift(ask: Ask) -> None:
    for number in range(5):
        answer = ask(do="race", name=f"race{number}", children=4)
        assert answer["ends"] == [0, 0, 0, 0]
        assert Gift.objects.filter(pledge__public_id=answer["pledge"]).count() == 1
    assert Journal.objects.count() == 5
    assert ledger_problems() == []

"""The simulator's own life: its command, its memory, its clock."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import stripe
from click.testing import CliRunner

from masthead.project.cli import main
from masthead.simulator.app import Simulator
from masthead.simulator.clock import add_interval, from_iso, iso
from masthead.simulator.testing import running
from tests.simulator.gifts import give


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    state = tmp_path / "rehearsal.sqlite3"
    with running(state=state, start=1_800_000_000, manual=True) as first:
        client = stripe.StripeClient(first.key, base_addresses=first.base_addresses)
        paid = give(first, client, every="month")
        first.advance(days=10)
    with running(state=state) as second:
        client = stripe.StripeClient(second.key, base_addresses=second.base_addresses)
        assert second.now() == 1_800_000_000 + 10 * 86_400
        second.advance(days=22)
        found = client.v1.invoices.list(params={"subscription": paid.subscription}).data
        assert [item.status for item in found] == ["paid", "paid"]


def test_accounts_settle_in_their_own_currency() -> None:
    with running(currency="eur", manual=True) as simulator:
        made = simulator.control("POST", "/accounts/other", currency="jpy", fee_permille=36, fee_fixed=0)
        client = stripe.StripeClient(made["keys"][0], base_addresses=simulator.base_addresses)
        intent = client.v1.payment_intents.create(
            params={
                "amount": 1000,
                "currency": "usd",
                "payment_method": "pm_card_visa",
                "confirm": True,
                "return_url": "https://paper.example/",
                "expand": ["latest_charge.balance_transaction"],
            }
        )
        movement = intent.latest_charge.balance_transaction  # type: ignore[union-attr]
        assert (movement.currency, movement.amount, movement.fee) == ("jpy", 1493, 54)  # type: ignore[union-attr]


def test_a_following_clock_moves_by_itself() -> None:
    simulator = Simulator(start=1_800_000_000, following=True)
    try:
        assert simulator.world.clock.now() >= 1_800_000_000
        simulator.world.clock.follow(False)
        stands = simulator.world.clock.now()
        simulator.world.clock.follow(True)
        simulator.world.advance()
        simulator.world.clock.follow(False)
        simulator.world.advance(stands + 5)
        assert simulator.world.clock.now() == stands + 5
    finally:
        simulator.server.server_close()
        simulator.world.close()


@pytest.mark.parametrize(
    ("anchor", "interval", "count", "expected"),
    [
        ("2027-01-31", "month", 1, "2027-02-28"),
        ("2028-01-31", "month", 1, "2028-02-29"),
        ("2028-02-29", "year", 1, "2029-02-28"),
        ("2027-11-30", "month", 3, "2028-02-29"),
        ("2027-12-31", "week", 1, "2028-01-07"),
        ("2027-12-31", "day", 1, "2028-01-01"),
    ],
)
def test_intervals_end_on_the_last_day_of_short_months(anchor: str, interval: str, count: int, expected: str) -> None:
    assert iso(add_interval(from_iso(anchor), interval, count)) == f"{expected}T00:00:00Z"


def test_the_command_answers_until_it_is_stopped(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "masthead", "simulator", "--port", str(port), "--state", str(tmp_path / "s")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stderr is not None
        assert "no real money" in process.stderr.readline()
        assert requests.get(f"http://127.0.0.1:{port}/_control/state", timeout=10).json()["following"] is False
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "0"], "0 is not in the range 1<=x<=65535"),
        (["--port", "eighty"], "is not a valid integer"),
        (["--start", "yesterday"], "yesterday is no instant"),
        (["--currency", "zzz"], "zzz is no currency"),
        (["--state", "/nowhere/at/all"], "cannot be used as a state file"),
    ],
)
def test_wrong_options_end_with_a_sentence(arguments: list[str], sentence: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    given = arguments if "--port" in arguments else ["--port", free, *arguments]
    ended = CliRunner().invoke(main, ["simulator", *given])
    assert ended.exit_code == 2
    assert sentence in ended.output


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = CliRunner().invoke(main, ["simulator", "--port", str(port)])
    assert ended.exit_code == 2
    assert f"127.0.0.1:{port} cannot be listened on" in ended.output


def test_the_help_names_keys_and_cards() -> None:
    text = CliRunner().invoke(main, ["simulator", "--help"]).output
    for words in ("sk_test_sim_masthead", "4242 4242 4242 4242", "/_control/", "--follow"):
        assert words in text

"""``masthead simulator``: a payment processor for rehearsals and tests, in a process of its own."""

from __future__ import annotations

import signal
import sqlite3
import threading
from pathlib import Path

import click

from masthead.project.cli.site import refuse


@click.command("simulator", context_settings={"max_content_width": 100})
@click.option("--port", default=8400, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep everything in this file, so that a restart forgets nothing. Without it all is in memory.",
)
@click.option("--follow", is_flag=True, help="Let the clock follow real time. Without it the clock stands still.")
@click.option(
    "--start", metavar="INSTANT", help="Where a new clock begins, as in 2027-01-31 or 2027-01-31T12:00:00+01:00."
)
@click.option(
    "--currency", default="usd", show_default=True, help="What the account is settled in; everything else is exchanged."
)
def command(*, port: int, state: Path | None, follow: bool, start: str | None, currency: str) -> None:
    """Play Stripe and PayPal, so that a whole campaign can be rehearsed without an account and without money.

    It answers on this machine only (127.0.0.1) and is stricter than the real processors: what it does not play it
    refuses by name. It never mixes with real money: its keys begin with sk_test_sim_ and sk_live_sim_, and no real
    processor knows them.

    \b
    Switchboard   http://127.0.0.1:PORT/_control/   clock, faults, webhooks
    Stripe        http://127.0.0.1:PORT             keys sk_test_sim_masthead, sk_live_sim_masthead
    PayPal        http://127.0.0.1:PORT             client sim_test_masthead, secret sim_secret_masthead

    \b
    4242 4242 4242 4242   pays                    4000 0000 0000 0341   pays now, is declined later
    4000 0000 0000 0002   is declined             4000 0000 0000 0259   pays, then is disputed
    4000 0025 0000 3155   asks for 3-D Secure     4000 0000 0000 5126   its refund fails afterwards

    The clock stands still until it is moved on the switchboard; renewals, delayed debits and retries of webhooks happen
    as it passes them.
    """
    from masthead.simulator.app import Simulator
    from masthead.simulator.clock import from_iso

    try:
        begin = from_iso(start) if start else None
    except ValueError:
        refuse(f"{start} is no instant. Write --start 2027-01-31 or --start 2027-01-31T12:00:00+01:00.")
    try:
        simulator = Simulator(port=port, state=state, start=begin, following=follow, currency=currency.lower())
    except sqlite3.Error as error:
        refuse(f"{state} cannot be used as a state file ({error}). Choose another with --state.")
    except OSError as error:
        refuse(f"127.0.0.1:{port} cannot be listened on ({error.strerror}). Choose another with --port.")
    except ValueError as error:
        refuse(f"{error} Choose another with --currency.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    simulator.start()
    click.echo(f"Simulator, no real money: {simulator.server.base}/_control/  (Ctrl+C stops it)", err=True)
    stop.wait()
    simulator.close()

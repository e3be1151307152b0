"""``masthead worker``: the background work in a process of its own."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from masthead.project.cli.site import require_current_database, site_option, start_django


@click.command("worker")
@site_option
@click.option("--once", is_flag=True, help="Do what is due now and end.")
def command(site: Path, *, once: bool) -> None:
    """Send mails, publish scheduled stories and carry every other fact to those who wait for it.

    Several workers may run at once. Stops cleanly on Ctrl+C or SIGTERM.
    """
    start_django(site)
    require_current_database()
    from masthead.outbox import chores, worker
    from masthead.project.wiring import wording as wording_wiring
    from masthead.wording import services as wording

    if once:
        wording.speak()
        chores.run_due()
        click.echo(f"{worker.run_pending()} deliveries made")
        return
    wording_wiring.listen()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run_forever(stop)

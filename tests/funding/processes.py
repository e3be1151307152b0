"""A program of its own that takes money in child processes: killed at a line, or two of them at once.

``python -m tests.funding.processes DATABASE SIMULATOR`` reads one order per line, as JSON, and answers each with
one line. Each child is forked from this process, which has no threads and no open connection.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from masthead.core.clock import frozen  # noqa: E402
from masthead.funding import services  # noqa: E402
from masthead.funding.models import Pledge  # noqa: E402
from masthead.simulator.testing import RunningSimulator  # noqa: E402
from tests.funding.lives import opened, paid  # noqa: E402
from tests.funding.walks import AMOUNT, LIVES, counted_there, noted  # noqa: E402

KILLED_IN = str(Path(services.__file__).parent)


class Lines:
    """Follows the lines of funding's services that run, and kills its own process before the one that is named."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.ran: list[tuple[str, int]] = []

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Hear of calls and lines, as ``sys.settrace`` asks."""
        if not frame.f_code.co_filename.startswith(KILLED_IN):
            return None
        if event == "line":
            self.ran.append((frame.f_code.co_filename, frame.f_lineno))
            if len(self.ran) == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self

    def ends(self) -> list[int]:
        """Return when each line ran for the first time, and when for the last, counted from one."""
        first = {line: at for at, line in reversed(list(enumerate(self.ran, 1)))}
        last = {line: at for at, line in enumerate(self.ran, 1)}
        return sorted({*first.values(), *last.values()})


def in_child(action: Callable[[], object]) -> int:
    """Begin an action in a child process and return its number."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        action()
        status = 0
    except BaseException:  # noqa: BLE001 - the parent asks for the status
        traceback.print_exc()
    finally:
        connections.close_all()
        os._exit(status)


def ended(child: int) -> int:
    """Wait for a child and return how it ended: below zero by a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(order: dict[str, Any], simulator: RunningSimulator) -> dict[str, Any]:
    """Live the life of a new pledge in a child that is killed, then in one that goes on to the end."""
    life, line = LIVES[order["life"]], int(order["line"])
    settings.MASTHEAD = replace(settings.MASTHEAD, funding=replace(settings.MASTHEAD.funding, mode=life.mode))
    settings.EMAIL_FILE_PATH = os.path.join(order["mails"], str(line))
    row, lines = noted(order["life"], f"{order['life']}-{line}"), Lines(line)
    at = datetime.fromtimestamp(simulator.advance(days=life.days) if life.days else simulator.now(), tz=UTC)

    def live() -> None:
        with frozen(at):
            life.walk(Pledge.objects.get(pk=row.pk), simulator)

    def cut() -> list[int]:
        sys.settrace(lines)
        live()
        sys.settrace(None)
        return lines.ends()

    def count() -> dict[str, int]:
        with frozen(at):
            return counted_there(row, simulator)

    first, ran = told_by_child(cut)
    second, _nothing = told_by_child(live)
    _status, there = told_by_child(count)
    return {"pledge": row.public_id, "first": first, "second": second, "lines": ran, "there": there}


def told_by_child(action: Callable[[], Any]) -> tuple[int, Any]:
    """Let a child do something; return how it ended, and what it found if it came so far."""
    reading, writing = os.pipe()

    def act() -> None:
        os.close(reading)
        os.write(writing, json.dumps(action()).encode())

    child = in_child(act)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    return ended(child), json.loads(said) if said else None


def raced(order: dict[str, Any], _simulator: RunningSimulator) -> dict[str, Any]:
    """Let several children settle the same payment at the same moment."""
    row = noted("once", order["name"])
    reading, writing = os.pipe()
    facts = paid(opened(row.public_id, external_id=f"pi_{order['name']}", is_live=row.is_live), AMOUNT)

    def act() -> None:
        os.close(writing)
        os.read(reading, 1)  # returns when the parent closes its side
        services.settle_payment(facts)

    children = [in_child(act) for _ in range(order["children"])]
    os.close(reading)
    os.close(writing)
    return {"pledge": row.public_id, "ends": [ended(child) for child in children]}


def _come() -> None:
    """Bring what each child would bring anew: addresses of pages, and the maker of documents."""
    import weasyprint  # noqa: F401
    from django.urls import reverse

    reverse("wagtailadmin_home")


def main(database: str, base: str) -> None:
    """Answer orders until there are no more."""
    connections["default"].settings_dict["NAME"] = database
    simulator = RunningSimulator(base)
    funding = replace(
        settings.MASTHEAD.funding,
        mode="rehearsal",
        stripe_key=simulator.key,
        stripe_webhook_secret="whsec_x",
        stripe_address=base,
        paypal_client=simulator.paypal_client,
        paypal_secret=simulator.paypal_secret,
        paypal_webhook="WH-1",
        paypal_address=base,
    )
    settings.MASTHEAD = replace(settings.MASTHEAD, funding=funding)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    _come()
    does = {"kill": killed_at, "race": raced}
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(does[order["do"]](order, simulator)), flush=True)  # noqa: T201 - its only way to answer


if __name__ == "__main__":
    main(*sys.argv[1:])

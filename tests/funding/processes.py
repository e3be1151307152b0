"""A program of its own that takes money in child processes: killed at a line, or two of them at once.

``python -m tests.funding.processes DATABASE SIMULATOR MAILS`` reads one order per line, as JSON, and answers each with
one line. Each child is forked from this process, which has no threads and no open connection.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import stripe  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from masthead.core.clock import frozen  # noqa: E402
from masthead.core.money import Money  # noqa: E402
from masthead.funding import services  # noqa: E402
from masthead.funding.models import Campaign, Checkout, Payment, Pledge  # noqa: E402
from masthead.funding.paying_errors import NotToBePaidAgain  # noqa: E402
from masthead.funding.ports import Kind, Ref  # noqa: E402
from masthead.outbox import worker  # noqa: E402
from masthead.simulator.testing import RunningSimulator  # noqa: E402
from tests.funding.lives import opened, paid  # noqa: E402

KILLED_IN = str(Path(services.__file__).parent)
AMOUNT, BACK = Money(2500, "USD"), Money(700, "USD")


class Lines:
    """Counts the lines of funding's services that run, and kills its own process before the one that is named."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Hear of calls and lines, as ``sys.settrace`` asks."""
        if not frame.f_code.co_filename.startswith(KILLED_IN):
            return None
        if event == "line":
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


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


def noted(every: str, number: str) -> Pledge:
    """Note a pledge whose giver nobody else is."""
    campaign = Campaign.objects.get(is_active=True)
    return services.note_pledge(
        campaign=campaign, amount=AMOUNT, name="Don", email=f"{number}@example.org", every=every, method="stripe"
    )


def take_and_send_back(pledge: int, simulator: RunningSimulator) -> None:
    """Let a pledge be paid, counted, thanked for and refunded in part, as people and the worker do it: again and again.

    Each press of a button looks first what is there, as a person does.
    """
    row = Pledge.objects.get(pk=pledge)
    with frozen(datetime.fromtimestamp(simulator.now(), tz=UTC)):
        with suppress(NotToBePaidAgain):
            services.open_checkout(
                pledge=row, title="Fund", success_url="https://a.example/", cancel_url="https://a.example/"
            )
        (session,) = Checkout.objects.filter(pledge=row).values_list("external_id", flat=True)
        api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
        if api.v1.checkout.sessions.retrieve(session).status == "open":
            simulator.pay(session)
        services.refresh("stripe", Ref(Kind.CHECKOUT, session))
        payment = Payment.objects.get(pledge=row)
        if not payment.refund_requests.exists():
            services.ask_refund(payment=payment, amount=BACK, reason="asked by mail")
    for hours in (0, 2, 4):
        with frozen(datetime.now(UTC) + timedelta(hours=hours)):
            worker.run_pending()


def killed_at(order: dict[str, Any], simulator: RunningSimulator) -> dict[str, Any]:
    """Take the money of a new pledge in a child that is killed, then in one that runs to the end."""
    row = noted(order["every"], f"{order['every']}-{order['line']}")
    pledge, lines = row.pk, Lines(order["line"])
    reading, writing = os.pipe()

    def act() -> None:
        sys.settrace(lines)
        take_and_send_back(pledge, simulator)
        sys.settrace(None)
        os.write(writing, str(lines.count).encode())

    first = ended(in_child(act))
    os.close(writing)
    with os.fdopen(reading) as counted:
        count = counted.read()
    second = ended(in_child(lambda: take_and_send_back(pledge, simulator)))
    return {"pledge": row.public_id, "first": first, "second": second, "lines": int(count or 0), "email": row.email}


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


def main(database: str, base: str, mails: str) -> None:
    """Answer orders until there are no more."""
    connections["default"].settings_dict["NAME"] = database
    simulator = RunningSimulator(base)
    funding = replace(
        settings.MASTHEAD.funding,
        mode="rehearsal",
        stripe_key=simulator.key,
        stripe_webhook_secret="whsec_x",
        stripe_address=base,
    )
    settings.MASTHEAD = replace(settings.MASTHEAD, funding=funding)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = mails
    does = {"kill": killed_at, "race": raced}
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(does[order["do"]](order, simulator)), flush=True)  # noqa: T201 - its only way to answer


if __name__ == "__main__":
    main(*sys.argv[1:])

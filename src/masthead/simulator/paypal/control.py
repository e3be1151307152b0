"""The control API of the PayPal side: webhooks, pages filled without a browser, disputes, figures of an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from masthead.simulator.book import Book
from masthead.simulator.control import answered
from masthead.simulator.http import Route, path_pattern
from masthead.simulator.paypal import disputes, notifications, pages, payments, subscriptions
from masthead.simulator.paypal.payments import the_capture
from masthead.simulator.store import Json
from masthead.simulator.world import World

_ACCOUNT = {
    "fee_ten_thousandths", "fee_fixed", "fee_dispute", "fee_chargeback", "echeck_days", "report_delay_hours",
    "settles_in", "rate",
}  # fmt: skip


def routes(world: World) -> list[Route]:
    """Return the addresses, below ``/_control/paypal/{client}``, where the client is its name at PayPal."""
    actions: list[tuple[str, Callable[..., Any]]] = [
        ("/account", set_account),
        ("/webhooks", add_webhook),
        ("/say", say),
        ("/orders/{id_}/approve", approve_order),
        ("/subscriptions/{id_}/approve", approve_subscription),
        ("/subscriptions/{id_}/agree", agree_subscription),
        ("/withdrawals", withdraw),
        ("/reversals", reverse),
        ("/disputes", open_dispute),
        ("/disputes/{id_}/escalate", escalate_dispute),
        ("/disputes/{id_}/resolve", resolve_dispute),
    ]
    return [("POST", path_pattern(f"/_control/paypal/{{client}}{path}"), answered(world, do)) for path, do in actions]


def _book(world: World, client: str) -> Book:
    match = re.match(r"^sim_(test|live)_([A-Za-z0-9]+)$", client)
    if match is None or world.store.setting(f"account:paypal:{match[2]}") is None:
        raise LookupError(f"no client {client}")
    return Book(world, "paypal", match[2], live=match[1] == "live")


def set_account(world: World, given: Json, client: str) -> Json:
    """Change an account's fees, days, currency (``settles_in``) and the rate into it."""
    if strange := set(given) - _ACCOUNT:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; known: {', '.join(sorted(_ACCOUNT))}")
    name = f"account:paypal:{_book(world, client).account}"
    kept = {**world.store.setting(name), **given}
    world.store.set_setting(name, kept)
    return kept


def add_webhook(world: World, given: Json, client: str) -> Json:
    """Let notifications go to ``url``; of ``event_types``, else all."""
    with world.store.transaction():
        return notifications.make_webhook(
            _book(world, client), url=given["url"], event_types=given.get("event_types", ["*"])
        )


def say(world: World, given: Json, client: str) -> Json:
    """Sign any ``body`` and let it go to every webhook: what PayPal would never send."""
    book = _book(world, client)
    return world.post.say(book, book.find("webhook"), str(given["body"]))


def approve_order(world: World, given: Json, client: str, id_: str) -> Json:
    """Fill the approve page of an order: ``instrument``, ``email``, ``name``. Returns where the browser would go."""
    return _approve(_book(world, client), "order", id_, given)


def approve_subscription(world: World, given: Json, client: str, id_: str) -> Json:
    """Fill the approve page of a subscription."""
    return _approve(_book(world, client), "subscription", id_, given)


def agree_subscription(world: World, given: Json, client: str, id_: str) -> Json:
    """Fill the page on which a subscriber agrees to another amount."""
    book = _book(world, client)
    with world.store.transaction():
        return book.told(subscriptions.agree(book, book.the("subscription", id_)))


def withdraw(world: World, given: Json, client: str) -> Json:
    """Send so many minor units of a ``currency`` to the newsroom's bank."""
    book = _book(world, client)
    id_ = payments.paypal_id()
    with world.store.transaction():
        payments.enter(book, id_, "T0400", -int(given["minor"]), given["currency"], of={})
    return {"id": id_}


def _approve(book: Book, kind: str, id_: str, given: Json) -> Json:
    form = {"email": "reader@example.org", "name": "Riley Reader", "instrument": "pays", **given}
    reply = pages.submit(book, book.the(kind, id_), kind, form=form)
    return {"location": reply.headers.get("Location"), "page_status": reply.status}


def reverse(world: World, given: Json, client: str) -> Json:
    """Take so many minor units of a ``capture`` back without any dispute, as for a payer's bank."""
    book = _book(world, client)
    with world.store.transaction():
        return disputes.take_back(book, given["capture"], "T1106", int(given["minor"]))


def open_dispute(world: World, given: Json, client: str) -> Json:
    """Let a payer dispute a ``capture``.

    For a ``reason``, with an ``amount`` in minor units, at a ``stage`` (INQUIRY or CHARGEBACK), through a ``channel``
    (INTERNAL or EXTERNAL), with or without a ``hold``.
    """
    book = _book(world, client)
    with world.store.transaction():
        capture = the_capture(book, given.pop("capture"))
        return book.told(disputes.open_dispute(book, capture, **given))


def escalate_dispute(world: World, _: Json, client: str, id_: str) -> Json:
    """Let an inquiry become a claim."""
    book = _book(world, client)
    with world.store.transaction():
        return book.told(disputes.escalate(book, id_))


def resolve_dispute(world: World, given: Json, client: str, id_: str) -> Json:
    """Decide a dispute with an ``outcome`` of PayPal's."""
    if given.get("outcome") not in disputes.OUTCOMES:
        raise ValueError(f"outcome is {' or '.join(disputes.OUTCOMES)}")
    book = _book(world, client)
    with world.store.transaction():
        return book.told(disputes.resolve(book, id_, given["outcome"]))

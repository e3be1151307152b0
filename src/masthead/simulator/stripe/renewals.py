"""What subscriptions do by themselves: renew, be paid or refused, be tried again, end."""

from __future__ import annotations

from masthead.simulator.book import Book
from masthead.simulator.clock import add_interval
from masthead.simulator.store import Json
from masthead.simulator.stripe import invoices
from masthead.simulator.stripe.errors import StripeError
from masthead.simulator.stripe.facts import emit, save
from masthead.simulator.timers import on_timer

_DAY = 86_400
_HOUR = 3600
# Days until the next attempt, after the first, second and third refusal.
RETRIES = (3, 5, 7)
_UPCOMING = 3 * _DAY
_ENDED = {"canceled", "incomplete_expired"}


def plan(book: Book, subscription: Json) -> None:
    """Let a subscription renew at the end of its period, and announce it before."""
    end = subscription["items"]["data"][0]["current_period_end"]
    subscription["_renews"] = end
    book.later(end, "stripe.renew", id_=subscription["id"], at=end)
    if end - _UPCOMING > book.now:
        book.later(end - _UPCOMING, "stripe.upcoming", id_=subscription["id"], at=end)


def _current(book: Book, id_: str, at: int) -> Json | None:
    """Return a subscription if it still renews at that instant."""
    subscription = book.the("subscription", id_)
    return subscription if subscription["status"] not in _ENDED and subscription["_renews"] == at else None


@on_timer("stripe.upcoming")
def announce(book: Book, id_: str, at: int) -> None:
    """Tell of the invoice to come; it has no id, as with Stripe."""
    subscription = _current(book, id_, at)
    if subscription is None or subscription["cancel_at_period_end"]:
        return
    with_id = invoices.draft(book, subscription, reason="upcoming", period=(at, _next_end(subscription)))
    coming = {name: value for name, value in with_id.items() if name != "id"}
    emit(book, "invoice.upcoming", {**coming, "next_payment_attempt": at + _HOUR, "auto_advance": True})


def _next_end(subscription: Json) -> int:
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    count = subscription["_intervals"] + recurring["interval_count"]
    return add_interval(subscription["billing_cycle_anchor"], recurring["interval"], count)


@on_timer("stripe.renew")
def renew(book: Book, id_: str, at: int) -> None:
    """Begin the next period with its invoice, or end the subscription where that was asked."""
    from masthead.simulator.stripe.subscriptions import end

    subscription = _current(book, id_, at)
    if subscription is None:
        return
    if subscription["cancel_at_period_end"] or (subscription["cancel_at"] or at + 1) <= at:
        end(book, subscription)
        return
    begin_period(book, subscription, start=at, reason="subscription_cycle")


def begin_period(book: Book, subscription: Json, *, start: int, reason: str) -> Json:
    """Move a subscription into its next period and draft the invoice; an hour later it is charged."""
    finish = _next_end(subscription)
    subscription["_intervals"] += subscription["items"]["data"][0]["price"]["recurring"]["interval_count"]
    subscription["_previous"] = subscription["items"]["data"][0]["current_period_start"]
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": start, "current_period_end": finish}
    plan(book, subscription)
    invoice = invoices.make(book, subscription, reason=reason, period=(start, finish))
    subscription["latest_invoice"] = invoice["id"]
    paused = subscription["pause_collection"]
    save(book, subscription, "customer.subscription.updated")
    if not paused:
        book.later(book.now + _HOUR, "stripe.finalize", id_=invoice["id"])
    elif paused["behavior"] == "keep_as_draft":
        book.put({**invoice, "auto_advance": False})
    else:
        status = {"void": "void", "mark_uncollectible": "uncollectible"}[paused["behavior"]]
        opened = invoices.finalize(book, invoice)
        if opened["status"] == "open":
            invoices.give_up(book, opened, status)
    return invoice


@on_timer("stripe.finalize")
def finalize(book: Book, id_: str) -> None:
    """Open a draft and try to take its money."""
    invoice = book.the("invoice", id_)
    if invoice["status"] != "draft" or not invoice["auto_advance"]:
        return
    invoice = invoices.finalize(book, invoice)
    if invoice["status"] == "open":
        _collect(book, invoice)


@on_timer("stripe.retry")
def retry(book: Book, id_: str, attempt: int) -> None:
    """Try again to take an open invoice's money, unless somebody tried meanwhile."""
    invoice = book.the("invoice", id_)
    if invoice["status"] == "open" and invoice["attempt_count"] == attempt:
        _collect(book, invoice)


def _collect(book: Book, invoice: Json) -> None:
    try:
        invoices.collect(book, invoice, method_for(book, invoice))
    except StripeError:
        # The refusal is recorded on the charge, the intent and the invoice.
        return


def method_for(book: Book, invoice: Json) -> Json | None:
    """Return what a renewal is charged to: the subscription's method, else the customer's default."""
    subscription = book.the("subscription", invoice["_subscription"])
    customer = book.the("customer", invoice["customer"])
    id_ = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    method = book.get("payment_method", id_)
    return method if method and method["customer"] == customer["id"] else None


def plan_retry(book: Book, invoice: Json) -> None:
    """After a refusal set the next attempt; changes the invoice that is given. None after the last."""
    subscription = book.the("subscription", invoice["_subscription"])
    attempt = invoice["attempt_count"]
    if subscription["status"] in {*_ENDED, "incomplete"} or attempt > len(RETRIES):
        invoice["next_payment_attempt"] = None
        return
    at = book.now + RETRIES[attempt - 1] * _DAY
    invoice["next_payment_attempt"] = at
    book.later(at, "stripe.retry", id_=invoice["id"], attempt=attempt)


def hear_of_invoice(book: Book, invoice: Json, outcome: str) -> None:
    """Let a subscription become active, past due, or end, as its invoice fares."""
    subscription = book.the("subscription", invoice["_subscription"])
    status = subscription["status"]
    if status in _ENDED:
        return
    if outcome == "succeeded" and status in {"incomplete", "past_due", "unpaid"}:
        others = [item for item in book.find("invoice", _subscription=subscription["id"]) if item["status"] == "open"]
        if status == "incomplete" or not others:
            save(book, {**subscription, "status": "active"}, "customer.subscription.updated")
    elif outcome == "processing" and status == "incomplete":
        save(book, {**subscription, "status": "active"}, "customer.subscription.updated")
    elif outcome == "failed" and status in {"active", "past_due"}:
        _refused(book, subscription, invoice)


def _refused(book: Book, subscription: Json, invoice: Json) -> None:
    from masthead.simulator.stripe.subscriptions import end

    given_up = invoice["next_payment_attempt"] is None
    after = str(book.setting("after_retries", "cancel"))
    if given_up and after == "cancel":
        end(book, subscription, reason="payment_failed")
        return
    status = after if given_up else "past_due"
    if subscription["status"] != status:
        save(book, {**subscription, "status": status}, "customer.subscription.updated")

"""PayPal behind funding's port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.ports import (
    BalanceLine,
    CheckoutFacts,
    CheckoutPage,
    Every,
    Found,
    Kind,
    Limits,
    Notification,
    Order,
    Payout,
    ProviderRefused,
    Ref,
    RefundOrder,
    SubscriptionFacts,
    SubscriptionStatus,
)
from masthead.funding.providers.paypal import history, notices, orders, reading, returns, subscriptions
from masthead.funding.providers.paypal.calls import Json, call, find
from masthead.funding.providers.paypal.money import CURRENCIES, least, most, step, to_paypal
from masthead.funding.rules.facts import PaymentFacts

# How long PayPal lists what it told.
_EVENTS_LAST = timedelta(days=30)
_EVENTS_PAGE = "100"


class PayPal:
    """PayPal's approve page and subscriptions; see :class:`masthead.funding.ports.PaymentProvider`."""

    name = reading.NAME
    label = "PayPal"
    pauses_until = False

    def limits(self, currency: str) -> Limits:
        """Return the smallest amount PayPal can write, seven figures, and the step of the currency."""
        return Limits(least(currency), most(currency), step(currency))

    def is_ready(self) -> bool:
        """Tell whether client, secret and webhook are set, and PayPal knows the site's currency.

        Never true for real money at an address of one's own: there a simulator is. Which mode a client is of PayPal
        does not write into it; a client of the other mode is unknown at the address of this one.
        """
        keys = conf.paypal()
        is_whole = bool(keys.client and keys.secret and keys.webhook)
        return is_whole and not (keys.address and conf.is_live()) and conf.currency() in CURRENCIES

    def create_checkout(self, order: Order) -> CheckoutPage:
        """Open an approve page: of an order, or of a subscription of the same price."""
        return orders.create(order) if order.every == Every.ONCE else subscriptions.create(order)

    def find_checkout(self, order: Order) -> CheckoutPage | None:
        """Find nothing: PayPal does not look for orders by what is written on them.

        That is no danger. A page whose answer never came was seen by nobody, so nobody can have approved it, and it is
        void hours before its key is forgotten here.
        """
        return None

    def read_checkout(self, external_id: str) -> CheckoutFacts:
        """Read an approve page's order or subscription; what was approved there is captured by that."""
        if external_id.startswith(subscriptions.PREFIX):
            return subscriptions.read_checkout(external_id)
        return orders.read(external_id)

    def read_payment(self, external_id: str) -> PaymentFacts:
        """Read a capture, its refunds and its disputes.

        An id may name after a stroke what moved: PayPal lists no refunds of a subscription's payments, and of no
        payment what a dispute took. Unknown and foreign payments are nobody's.
        """
        id_, _, named = external_id.partition("/")
        row = find(f"/v2/payments/captures/{id_}")
        if row is None:
            return reading.unknown_payment(id_)
        order_id = _order_id(row)
        return _of_order(row, order_id, named) if order_id else _of_subscription(row, named)

    def read_subscription(self, external_id: str) -> SubscriptionFacts | None:
        """Read a subscription with the amount it has for this giver; None for a foreign one (rule W11)."""
        return subscriptions.read(external_id)

    def read_notification(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notification:
        """Check a webhook; see :func:`masthead.funding.providers.paypal.notices.read`."""
        return notices.read(body, headers, now)

    def refund(self, order: RefundOrder) -> None:
        """Refund a capture, in part or whole."""
        body = {"amount": to_paypal(order.amount), "custom_id": order.key}
        call("POST", f"/v2/payments/captures/{order.capture}/refund", body, key=order.key)

    def find_refund(self, order: RefundOrder) -> bool:
        """Look among the refunds of the capture for one with our key."""
        row = find(f"/v2/payments/captures/{order.capture}") or {"status": "UNKNOWN"}
        order_id = _order_id(row)
        if order_id:
            found = returns.of_order(call("GET", f"/v2/checkout/orders/{order_id}"), order.capture)
        else:
            found = returns.of_renewal(row, named="", disputes=[])
        return any(refund.get("custom_id") == order.key for refund in found)

    def change_amount(self, external_id: str, total: Money, *, key: str, return_url: str) -> str:
        """Ask for another amount, and return the page on which PayPal wants the giver to agree."""
        return subscriptions.change_amount(external_id, total, key=key, return_url=return_url)

    def pause(self, external_id: str, until: datetime | None, *, key: str) -> None:
        """Suspend the subscription. PayPal knows no pause that ends by itself, and so refuses a date."""
        if until:
            raise ProviderRefused("PayPal knows no pause that ends by itself; pause, and go on when you like")
        subscriptions.move(external_id, "suspend", SubscriptionStatus.PAUSED, key=key)

    def resume(self, external_id: str, *, key: str) -> None:
        """Activate a suspended subscription; what fell into the pause is not taken."""
        subscriptions.move(external_id, "activate", SubscriptionStatus.ACTIVE, key=key)

    def cancel(self, external_id: str, *, key: str) -> None:
        """Cancel a subscription for good."""
        subscriptions.move(external_id, "cancel", SubscriptionStatus.ENDED, key=key)

    def card_page(self, external_id: str, return_url: str) -> str:
        """Return PayPal's page of automatic payments, where its members choose what pays. It leads back to nowhere."""
        site = "https://www.paypal.com" if conf.is_live() else "https://www.sandbox.paypal.com"
        return f"{conf.paypal().address or site}/myaccount/autopay/"

    def changed_since(self, cursor: str) -> Found:
        """Return what PayPal told and what its history shows, a month at a time; at first three years of history.

        PayPal keeps what it told for 30 days, and its history shows a payment up to three hours late, so the last hours
        are read again each time. An order that nobody captured is in no history: only what PayPal told names it.
        """
        began = now()
        since = datetime.fromtimestamp(int(cursor), tz=UTC) if cursor else began - history.FAR_BACK
        until = min(since + history.WINDOW, began)
        found = dict.fromkeys(_in_history(since, until))
        if until > began - _EVENTS_LAST:
            found |= dict.fromkeys(_told(max(since, began - _EVENTS_LAST), until))
        is_last = until == began
        return Found(tuple(found), str(int((until - history.LATE if is_last else until).timestamp())), is_last)

    def payouts_since(self, since: datetime) -> Iterator[Payout]:
        """Return none: a withdrawal takes any sum from the balance and is made of no lines, so no sum can be compared.

        Withdrawals are among the lines.
        """
        return iter(())

    def balance_lines(self, *, payout: str = "", since: datetime | None = None) -> Iterator[BalanceLine]:
        """Return the lines of the history since an instant, else of the last month; none belongs to a payout.

        An exchange is part of the line that it belongs to, which then says what arrived (rule C6).
        """
        if payout:
            return
        for line in history.lines(since or now() - history.WINDOW, now()):
            if line.has_moved:
                yield _balance_line(line)


PROVIDER = PayPal()


def _order_id(row: Json) -> str:
    """Return the order of a capture; empty for a subscription's payment."""
    ids = (row.get("supplementary_data") or {}).get("related_ids") or {}
    return str(ids.get("order_id") or "")


def _balance_line(line: history.Line) -> BalanceLine:
    is_exchanged = line.arrived is not None
    return BalanceLine(
        external_id=line.external_id,
        kind=line.code,
        amount=line.net if is_exchanged else line.amount,
        fee=Money.zero(line.net.currency) if is_exchanged else line.fee,
        at=line.at,
        payout="",
        source=line.external_id,
        description=line.about,
        fact=line.fact,
        key=line.external_id,
        payment=line.payment,
    )


def _of_order(row: Json, order_id: str, named: str) -> PaymentFacts:
    pledge = reading.marked(row.get("custom_id"))
    if not pledge:
        return reading.unknown_payment(row["id"])
    order = call("GET", f"/v2/checkout/orders/{order_id}")
    refunds, disputes = returns.of_order(order, row["id"]), returns.disputes_of(row["id"])
    return _whole(row, pledge=pledge, subscription="", refunds=refunds, disputes=disputes, named=named)


def _of_subscription(row: Json, named: str) -> PaymentFacts:
    """Read what a subscription's payment belongs to: the older form of the payment names it."""
    sale = find(f"/v1/payments/sale/{row['id']}") or {}
    subscription = str(sale.get("billing_agreement_id") or "")
    pledge = subscriptions.pledge_of(subscription) if subscription else ""
    if not pledge:
        return reading.unknown_payment(row["id"])
    disputes = returns.disputes_of(row["id"])
    refunds = returns.of_renewal(row, named=named, disputes=disputes)
    return _whole(row, pledge=pledge, subscription=subscription, refunds=refunds, disputes=disputes, named=named)


def _whole(
    row: Json, *, pledge: str, subscription: str, refunds: list[Json], disputes: list[Json], named: str
) -> PaymentFacts:
    """Return a payment with what disputes moved, where there is one or something moved that is no refund."""
    is_known = not named or named in {refund["id"] for refund in refunds}
    return reading.payment(
        row,
        pledge=pledge,
        subscription=subscription,
        refunds=returns.settled(row, refunds),
        disputes=disputes,
        moved=[] if is_known and not disputes else returns.moved(row),
    )


def _in_history(since: datetime, until: datetime) -> Iterator[Ref]:
    """Return the payments of this site in the history, and those of which something moved later."""
    for line in history.lines(since, until):
        if line.is_payment and reading.marked(line.custom):
            yield Ref(Kind.PAYMENT, line.external_id)
            if line.about.startswith(subscriptions.PREFIX):
                yield Ref(Kind.SUBSCRIPTION, line.about)
        elif line.is_refund or line.is_movement:
            yield Ref(Kind.PAYMENT, f"{line.payment}/{line.external_id}")


def _told(since: datetime, until: datetime) -> list[Ref]:
    """Return what PayPal's events tell of, in their order."""
    found: list[Ref] = []
    path = "/v1/notifications/webhooks-events"
    query = {"start_time": history.written(since), "end_time": history.written(until), "page_size": _EVENTS_PAGE}
    while query:
        told = call("GET", path, None, **query)
        for event in told.get("events") or ():
            found += notices.refs(event["event_type"], event["resource"])
        query = history.next_query(reading.link(told, "next"))
    return found[::-1]

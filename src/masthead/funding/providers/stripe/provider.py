"""Stripe behind funding's port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.ports import (
    BalanceLine,
    CheckoutFacts,
    CheckoutPage,
    Every,
    Found,
    Limits,
    Notification,
    Order,
    Payout,
    ProviderRefused,
    RefundOrder,
    SubscriptionFacts,
)
from masthead.funding.providers.stripe import changes, notices, reading
from masthead.funding.providers.stripe.calls import asking, client
from masthead.funding.providers.stripe.money import from_stripe, minimum, step, to_stripe
from masthead.funding.providers.stripe.reading import sent
from masthead.funding.rules.facts import PaymentFacts, Status

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

_PAGE = 100
_MOST = 99_999_900
# On each refund, so that it is found again when its key is forgotten.
_REFUND_MARK = "masthead_refund"
# On each session, for the same reason.
_ORDER_MARK = "masthead_order"
_SETTLED = ["balance_transaction", "failure_balance_transaction"]


class Stripe:
    """Cards, wallets and debits on Stripe's hosted page; see :class:`masthead.funding.ports.PaymentProvider`."""

    name = reading.NAME
    label = "Stripe"
    pauses_until = True

    def limits(self, currency: str) -> Limits:
        """Return Stripe's least amount, its most of eight figures, and the step of the currency."""
        return Limits(minimum(currency), from_stripe(_MOST, currency), step(currency))

    def is_ready(self) -> bool:
        """Tell whether both secrets are set, and are those of the site's mode."""
        keys = conf.stripe()
        return bool(keys.secret_key and keys.webhook_secret) and keys.is_live == conf.is_live()

    def create_checkout(self, order: Order) -> CheckoutPage:
        """Open a hosted page: for one payment, or for a subscription of the same price."""
        with asking():
            session = client().v1.checkout.sessions.create(_session(order), {"idempotency_key": order.key})
        return _page(session.id, sent(session, "url"), session.expires_at)

    def find_checkout(self, order: Order) -> CheckoutPage | None:
        """Look among the sessions of the last days for the order's own, whatever became of it."""
        with asking():
            for session in client().v1.checkout.sessions.list({"limit": _PAGE}).auto_paging_iter():
                metadata = sent(session, "metadata")
                if metadata and metadata.to_dict().get(_ORDER_MARK) == order.key:
                    return _page(session.id, sent(session, "url"), session.expires_at)
                if (now() - reading.moment(session.created)) > timedelta(days=3):
                    return None
        return None

    def read_checkout(self, external_id: str) -> CheckoutFacts:
        """Read a session. Its payment is in a subscription's first invoice, which its own payment intent tells of."""
        with asking():
            session = client().v1.checkout.sessions.retrieve(external_id, {"expand": ["invoice.payments"]})
        payment, invoice = _id(sent(session, "payment_intent")), sent(session, "invoice")
        if not payment and invoice is not None and not isinstance(invoice, str):
            payment = _first_payment(invoice)
        return CheckoutFacts(
            external_id=session.id,
            pledge=reading.marked(sent(session, "metadata")),
            is_open=sent(session, "status") == "open",
            payment=payment,
            subscription=_id(sent(session, "subscription")),
        )

    def read_payment(self, external_id: str) -> PaymentFacts:
        """Read a payment intent, and list its charges, refunds and disputes, which none of them embeds.

        All charges, not the latest: a debit may be on its way while an earlier try was declined. Of an intent without a
        mark of this site nothing more is read: it is somebody else's (rule W11).
        """
        with asking():
            api = client().v1
            intent = api.payment_intents.retrieve(external_id)
            pledge, subscription = reading.marked(sent(intent, "metadata")), ""
            if not pledge:
                pledge, subscription = _invoiced(external_id)
            if not pledge:
                return _foreign(intent)
            settled = [f"data.{name}" for name in _SETTLED]
            charges = api.charges.list({"payment_intent": external_id, "limit": _PAGE, "expand": settled})
            refunds = api.refunds.list({"payment_intent": external_id, "limit": _PAGE, "expand": settled})
            disputes = api.disputes.list({"payment_intent": external_id, "limit": _PAGE})
            return reading.payment(
                intent,
                pledge=pledge,
                subscription=subscription,
                charges=list(charges.auto_paging_iter()),
                refunds=list(refunds.auto_paging_iter()),
                disputes=list(disputes.auto_paging_iter()),
            )

    def read_subscription(self, external_id: str) -> SubscriptionFacts | None:
        """Read a subscription with its card and its next try; None for one that bears no mark of this site (W11)."""
        read_at = now()
        with asking():
            row = client().v1.subscriptions.retrieve(
                external_id, {"expand": ["default_payment_method", "latest_invoice"]}
            )
        return reading.subscription(row, read_at=read_at) if reading.marked(sent(row, "metadata")) else None

    def read_notification(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notification:
        """Check a webhook; see :func:`masthead.funding.providers.stripe.notices.read`."""
        return notices.read(body, headers, now)

    def refund(self, order: RefundOrder) -> None:
        """Refund a payment intent, in part or whole."""
        with asking():
            client().v1.refunds.create(
                {
                    "payment_intent": order.payment,
                    "amount": to_stripe(order.amount),
                    "reason": "requested_by_customer",
                    "metadata": {_REFUND_MARK: order.key},
                },
                {"idempotency_key": order.key},
            )

    def find_refund(self, order: RefundOrder) -> bool:
        """Look among the refunds of the payment for one with our key."""
        with asking():
            rows = client().v1.refunds.list({"payment_intent": order.payment, "limit": _PAGE}).auto_paging_iter()
            found = filter(None, (sent(row, "metadata") for row in rows))
            return any(metadata.to_dict().get(_REFUND_MARK) == order.key for metadata in found)

    def change_amount(self, external_id: str, total: Money, *, key: str, return_url: str) -> str:
        """Put another price on the subscription, without settling the difference of the period; nobody is asked."""
        with asking():
            api = client().v1
            item = api.subscriptions.retrieve(external_id)["items"].data[0]
            price = item.price
            recurring = sent(price, "recurring")
            if recurring is None:
                raise ProviderRefused("the subscription has no recurring price")
            api.subscriptions.update(
                external_id,
                {
                    "items": [
                        {
                            "id": item.id,
                            "price_data": {
                                "currency": price.currency,
                                "product": _id(price.product),
                                "recurring": {"interval": recurring.interval},
                                "unit_amount": to_stripe(total),
                            },
                        }
                    ],
                    "proration_behavior": "none",
                },
                {"idempotency_key": key},
            )
        return ""

    def pause(self, external_id: str, until: datetime | None, *, key: str) -> None:
        """Void the invoices of the pause."""
        pausing: Any = {"behavior": "void"}
        if until:
            pausing["resumes_at"] = int(until.timestamp())
        with asking():
            client().v1.subscriptions.update(external_id, {"pause_collection": pausing}, {"idempotency_key": key})

    def resume(self, external_id: str, *, key: str) -> None:
        """Collect again."""
        with asking():
            client().v1.subscriptions.update(external_id, {"pause_collection": ""}, {"idempotency_key": key})

    def cancel(self, external_id: str, *, key: str) -> None:
        """End it now, without refund or last invoice."""
        with asking():
            client().v1.subscriptions.cancel(external_id, {}, {"idempotency_key": key})

    def card_page(self, external_id: str, return_url: str) -> str:
        """Return the customer portal, opened where the card is changed."""
        with asking():
            api = client().v1
            row = api.subscriptions.retrieve(external_id)
            session = api.billing_portal.sessions.create(
                {
                    "customer": _id(row.customer),
                    "return_url": return_url,
                    "flow_data": {"type": "payment_method_update"},
                }
            )
        return session.url

    def changed_since(self, cursor: str) -> Found:
        """Return a page of what events tell of since the cursor; at first, all payments and subscriptions there are.

        Stripe keeps events for 30 days: after a longer gap all is listed again. See :mod:`.changes`.
        """
        with asking():
            return changes.page(cursor)

    def payouts_since(self, since: datetime) -> Iterator[Payout]:
        """Return payouts by their arrival, the oldest first."""
        with asking():
            rows = client().v1.payouts.list({"limit": _PAGE, "created": {"gte": int(since.timestamp())}})
            for row in reversed(list(rows.auto_paging_iter())):
                yield Payout(row.id, from_stripe(row.amount, row.currency), reading.moment(row.created), row.status)

    def balance_lines(self, *, payout: str = "", since: datetime | None = None) -> Iterator[BalanceLine]:
        """Return Stripe's own lines, with the charge, refund or dispute each came from."""
        wanted: Any = {"limit": _PAGE, "expand": ["data.source"]}
        if payout:
            wanted["payout"] = payout
        if since:
            wanted["created"] = {"gte": int(since.timestamp())}
        with asking():
            for row in client().v1.balance_transactions.list(wanted).auto_paging_iter():
                yield reading.balance_line(row, payout=payout)


PROVIDER = Stripe()


def _session(order: Order) -> SessionCreateParams:
    mark = {reading.MARK: order.pledge}
    price: Any = {
        "currency": order.total.currency.lower(),
        "unit_amount": to_stripe(order.total),
        "product_data": {"name": order.title},
    }
    values: SessionCreateParams = {
        "client_reference_id": order.pledge,
        "metadata": {**mark, _ORDER_MARK: order.key},
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "line_items": [{"quantity": 1, "price_data": price}],
    }
    if order.email:
        values["customer_email"] = order.email
    if order.every == Every.ONCE:
        values |= {"mode": "payment", "submit_type": "donate", "payment_intent_data": {"metadata": mark}}
    else:
        price["recurring"] = {"interval": order.every.value}
        values |= {"mode": "subscription", "subscription_data": {"metadata": mark}}
    return values


def _invoiced(payment: str) -> tuple[str, str]:
    """Return the pledge and the subscription of a payment that an invoice asked for; nothing for foreign ones."""
    found = client().v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": payment}, "expand": ["data.invoice"], "limit": 1}
    )
    for row in found.data:
        details = sent(sent(row.invoice, "parent"), "subscription_details")
        if details:
            return reading.marked(sent(details, "metadata")), _id(details.subscription)
    return "", ""


def _foreign(intent: Any) -> PaymentFacts:
    return PaymentFacts(reading.NAME, intent.id, intent.livemode, Status.OPEN, pledge="")


def _first_payment(invoice: Any) -> str:
    payments = sent(invoice, "payments")
    for row in payments.data if payments else ():
        if row.payment.type == "payment_intent":
            return _id(sent(row.payment, "payment_intent"))
    return ""


def _page(external_id: str, url: str | None, expires_at: int) -> CheckoutPage:
    return CheckoutPage(external_id, url or "", reading.moment(expires_at))


def _id(thing: Any) -> str:
    """Return the id of something that was or was not read along."""
    return thing if isinstance(thing, str) else getattr(thing, "id", "") or ""

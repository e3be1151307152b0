"""What funding asks of payment processors: one folder in ``providers/`` answers for each.

Every method that talks to the processor may raise :class:`ProviderAway` (try again later, with the same key) or
:class:`ProviderRefused` (it will not do this; trying again changes nothing). None of them is called inside a
transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from masthead.core.money import Money
from masthead.funding.rules.facts import PaymentFacts


class ProviderAway(Exception):
    """The processor did not answer, or not for certain: nothing is known, and the same call may be made again."""


class ProviderNotReady(ProviderAway):
    """The processor does not accept the site's keys: nothing was done, and nothing will be until staff mend them."""


class ProviderRefused(Exception):
    """The processor answered no; ``reason`` is its own sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotForUs(Exception):
    """A notification that must not be believed: ``status`` is the HTTP answer (rules W1 to W4)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Members(Protocol):
    """Knows the addresses that accounts have proven."""

    def proven_addresses(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the address of each account that has shown it can read mail there, in lower case."""
        ...


_hurried: ContextVar[bool] = ContextVar("funding_hurried", default=False)


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Let providers give up soon and try once: a reader waits for the page."""
    before = _hurried.set(True)
    try:
        yield
    finally:
        _hurried.reset(before)


def is_hurried() -> bool:
    """Tell whether somebody waits for the answer."""
    return _hurried.get()


class Every(StrEnum):
    """How often a gift repeats."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


class Kind(StrEnum):
    """What an id at a processor names."""

    CHECKOUT = "checkout"
    PAYMENT = "payment"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True)
class Limits:
    """What a processor takes in one currency: from ``least`` to ``most``, in multiples of ``step_minor``."""

    least: Money
    most: Money
    step_minor: int = 1


@dataclass(frozen=True)
class Ref:
    """Something at the processor that should be read again."""

    kind: Kind
    external_id: str


@dataclass(frozen=True)
class Order:
    """What a checkout is to take. Kept before the processor is asked, and sent again unchanged (rule O2)."""

    key: str
    pledge: str
    total: Money
    every: Every
    title: str
    success_url: str
    cancel_url: str
    email: str
    language: str


@dataclass(frozen=True)
class CheckoutPage:
    """Where the giver goes to pay."""

    external_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class CheckoutFacts:
    """What became of a checkout: ``payment`` and ``subscription`` are what it made, empty until then."""

    external_id: str
    pledge: str
    is_open: bool
    payment: str = ""
    subscription: str = ""


class SubscriptionStatus(StrEnum):
    """How a repeated gift stands. Only ``ACTIVE`` counts as promised (rule S4)."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    PAST_DUE = "past_due"
    ENDED = "ended"


@dataclass(frozen=True)
class SubscriptionFacts:
    """A repeated gift as it stood when it was read; ``read_at`` is from before the reading, and the later one holds."""

    provider: str
    external_id: str
    is_live: bool
    pledge: str
    status: SubscriptionStatus
    amount: Money
    every: Every
    started_at: datetime
    next_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    resumes_at: datetime | None
    card: str
    """What the giver recognises, as in “Visa ending in 4242”; empty when unknown."""
    read_at: datetime
    retry_at: datetime | None = None
    """When a payment that failed is tried again; None where nothing failed, or the processor does not say."""


@dataclass(frozen=True)
class Notification:
    """A believed notification: signed for us, in our mode."""

    external_id: str
    type: str
    is_live: bool
    refs: tuple[Ref, ...]
    """What it is about, as far as it says. Empty: a type nobody here handles (rule W11)."""


@dataclass(frozen=True)
class RefundOrder:
    """Money to send back, under our key. ``amount`` in the currency that was taken."""

    key: str
    payment: str
    capture: str
    amount: Money
    reason: str


@dataclass(frozen=True)
class BalanceLine:
    """One line of the processor's own books, for reconciliation.

    ``kind``, ``source`` and ``description`` are the processor's own words. ``fact`` and ``key`` say as which kind of
    journal, and under which id, the books hold it: ``payout`` for money on its way to the bank, empty for what is no
    fact of a payment. ``payment`` is the payment behind it, where there is one.
    """

    external_id: str
    kind: str
    amount: Money
    fee: Money
    at: datetime
    payout: str
    source: str
    description: str
    fact: str = ""
    key: str = ""
    payment: str = ""


@dataclass(frozen=True)
class Payout:
    """Money the processor sent to the newsroom's bank."""

    external_id: str
    amount: Money
    at: datetime
    status: str


@dataclass(frozen=True)
class Found:
    """A page of things that changed, and where to go on. ``cursor`` is opaque and kept between runs.

    ``gap_from``: what changed since then was forgotten by the processor, so all that there is gets listed again.
    """

    refs: tuple[Ref, ...]
    cursor: str
    is_last: bool
    gap_from: datetime | None = None


class Stories(Protocol):
    """What the site publishes, for the question from which story a gift came."""

    def has(self, key: str) -> bool:
        """Tell whether a published story has this key."""
        ...

    def titles(self, keys: Collection[str]) -> Mapping[str, str]:
        """Return the titles of those among these that are published; two queries at most."""
        ...


class PaymentProvider(Protocol):
    """A processor that takes money for the newsroom."""

    name: str
    """In addresses, accounts and settings: ``stripe``."""

    label: str
    """What givers know it by: ``Stripe``."""

    pauses_until: bool
    """Whether a pause may have an end, so that the next payment alone can be skipped."""

    def limits(self, currency: str) -> Limits:
        """Return which amounts it takes."""
        ...

    def is_ready(self) -> bool:
        """Tell whether the site has given all that this provider needs, for the mode it runs in."""
        ...

    def create_checkout(self, order: Order) -> CheckoutPage:
        """Open the page where the order is paid. The same key gives the same page, and at most one charge."""
        ...

    def find_checkout(self, order: Order) -> CheckoutPage | None:
        """Look for the page of an order whose key the processor may have forgotten (rule O2).

        A page that is over or was paid is found too, with an empty ``url``.
        """
        ...

    def read_checkout(self, external_id: str) -> CheckoutFacts:
        """Read a checkout as it is now."""
        ...

    def read_payment(self, external_id: str) -> PaymentFacts:
        """Read a payment as it is now, with its refunds, disputes and settlements listed in full."""
        ...

    def read_subscription(self, external_id: str) -> SubscriptionFacts | None:
        """Read a repeated gift as it is now; None for one that this site did not begin (rule W11)."""
        ...

    def read_notification(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notification:
        """Check a notification by its raw bytes and say what it is about. Raises :class:`NotForUs`."""
        ...

    def refund(self, order: RefundOrder) -> None:
        """Send money back, unless :meth:`find_refund` finds that it was. The same key sends it once."""
        ...

    def find_refund(self, order: RefundOrder) -> bool:
        """Tell whether there is a refund of this order, though the processor may have forgotten its key (rule O2)."""
        ...

    def change_amount(self, external_id: str, total: Money, *, key: str, return_url: str) -> str:
        """Take another amount from the next time on; nothing is taken now.

        Returns the processor's page on which the giver must agree first, from where he comes back to ``return_url``;
        empty where nobody is asked. Until he has agreed, the old amount is taken.
        """
        ...

    def pause(self, external_id: str, until: datetime | None, *, key: str) -> None:
        """Take nothing until then, or until it is resumed. Refused with a date where :attr:`pauses_until` is false."""
        ...

    def resume(self, external_id: str, *, key: str) -> None:
        """Go on after a pause."""
        ...

    def cancel(self, external_id: str, *, key: str) -> None:
        """End a repeated gift now. What was paid stays paid (rule R5)."""
        ...

    def card_page(self, external_id: str, return_url: str) -> str:
        """Return the processor's own page where the giver changes his card."""
        ...

    def changed_since(self, cursor: str) -> Found:
        """Return one page of what changed since a cursor, overlapping the time before it (rule X3).

        ``""``: from the beginning. A page is bounded however much there is; ``is_last`` says that nothing is left now.
        """
        ...

    def payouts_since(self, since: datetime) -> Iterator[Payout]:
        """Return the payouts that were made since an instant, the oldest first."""
        ...

    def balance_lines(self, *, payout: str = "", since: datetime | None = None) -> Iterator[BalanceLine]:
        """Return the lines of one payout, or all since an instant."""
        ...

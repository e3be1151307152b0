"""Facts that funding tells. Amounts in minor units, instants and months in ISO 8601; nobody's name or address."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.core.events import event


@event("funding.gift-recorded")
@dataclass(frozen=True)
class GiftRecorded:
    """Money arrived and is booked."""

    gift_id: str
    campaign: str
    amount_minor: int
    currency: str
    received_at: str
    month: str


@event("funding.gift-reversed")
@dataclass(frozen=True)
class GiftReversed:
    """A gift was taken back; ``month`` is the month of the gift, which the meter lowers."""

    gift_id: str
    campaign: str
    amount_minor: int
    currency: str
    month: str


@event("funding.pledge-noted")
@dataclass(frozen=True)
class PledgeNoted:
    """Somebody means to give. No money has moved."""

    pledge_id: str
    reference: str
    campaign: str
    amount_minor: int
    currency: str
    every: str


@event("funding.goal-changed")
@dataclass(frozen=True)
class GoalChanged:
    """A campaign's monthly goal is another one from ``since`` on."""

    campaign: str
    goal_minor: int
    currency: str
    since: str


@event("funding.campaign-changed")
@dataclass(frozen=True)
class CampaignChanged:
    """A campaign has another name, or was opened or closed."""

    campaign: str


@event("funding.provider-told")
@dataclass(frozen=True)
class ProviderTold:
    """A processor sent a notification, and it is kept. Nothing has been done about it yet."""

    notification: int
    provider: str


@event("funding.payment-changed")
@dataclass(frozen=True)
class PaymentChanged:
    """A payment is known, or stands otherwise than before."""

    payment_id: str
    pledge_id: str
    status: str


@event("funding.payment-needs-a-person")
@dataclass(frozen=True)
class PaymentNeedsAPerson:
    """What the processor says does not fit what was agreed; nothing more is booked until somebody has looked."""

    payment_id: str
    problem: str


@event("funding.reading-needs-a-person")
@dataclass(frozen=True)
class ReadingNeedsAPerson:
    """Something at a processor cannot be read or settled, however often it is tried."""

    provider: str
    kind: str
    external_id: str
    reason: str


@event("funding.books-differ")
@dataclass(frozen=True)
class BooksDiffer:
    """A comparison with a processor found differences that were not known; ``count`` of them."""

    reconciliation: int
    count: int


@event("funding.gift-changed")
@dataclass(frozen=True)
class GiftChanged:
    """Money of a gift went back or came again. ``delta_minor`` below zero: it counts for less in ``month``."""

    gift_id: str
    campaign: str
    delta_minor: int
    currency: str
    month: str
    why: str


@event("funding.dispute-opened")
@dataclass(frozen=True)
class DisputeOpened:
    """The giver's bank disputes a payment; told once for each dispute."""

    payment_id: str
    dispute: str


@event("funding.recurring-changed")
@dataclass(frozen=True)
class RecurringChanged:
    """A repeated gift began, ended, or stands otherwise than before. ``was``: its former status, if known."""

    recurring_id: str
    campaign: str
    status: str
    amount_minor: int
    currency: str
    every: str
    was: str = ""


@event("funding.refund-asked")
@dataclass(frozen=True)
class RefundAsked:
    """Staff want money sent back; the processor has not been asked yet."""

    request: int


@event("funding.month-closed")
@dataclass(frozen=True)
class MonthClosed:
    """A month is sealed; ``hash`` is that of its public text."""

    month: str
    hash: str


@event("funding.expenses-changed")
@dataclass(frozen=True)
class ExpensesChanged:
    """The newsroom tells otherwise than before what the money of ``month`` did."""

    campaign: str
    month: str


@event("funding.giver-changed")
@dataclass(frozen=True)
class GiverChanged:
    """A giver decided about his name or data: ``name_shown``, ``name_hidden``, ``forgotten``."""

    donor_id: str
    what: str


@event("funding.supporters-changed")
@dataclass(frozen=True)
class SupportersChanged:
    """Somebody is called a supporter in discussions from now on (``shown``), or no more. Whom, no fact tells."""

    shown: bool


@event("funding.name-hidden")
@dataclass(frozen=True)
class NameHidden:
    """Staff took the name of a gift off the page of thanks, or put it there again."""

    gift_id: str
    campaign: str
    hidden: bool


@event("funding.care-letter-asked")
@dataclass(frozen=True)
class CareLetterAsked:
    """A giver is to get a mail: ``link`` to his gifts, or the ``list`` of this year's."""

    donor_id: str
    what: str


@event("funding.recovery-mail-asked")
@dataclass(frozen=True)
class RecoveryMailAsked:
    """A giver is to be written to about a payment that failed: the ``first``, the ``second`` or the ``last`` mail."""

    failure_id: str
    step: str


@event("funding.receipt-issued")
@dataclass(frozen=True)
class ReceiptIssued:
    """A receipt, a correction or a reissued one has its number. ``is_to_mail``: its giver is to get it by mail."""

    receipt_id: str
    number: str
    kind: str
    is_to_mail: bool


@event("funding.receipt-asked-again")
@dataclass(frozen=True)
class ReceiptAskedAgain:
    """Staff want a receipt mailed once more; ``asked_at`` is an instant: what was mailed since needs no more."""

    receipt_id: str
    asked_at: str


@event("funding.statement-asked")
@dataclass(frozen=True)
class StatementAsked:
    """A giver is to be mailed his year; ``asked_at`` is an instant: what was mailed since needs no more."""

    statement_id: str
    asked_at: str

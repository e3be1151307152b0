"""When a giver is written to about a payment of a repeated gift that failed, and which payment that was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from masthead.funding.rules.months import months_apart, months_later


class Step(StrEnum):
    """Which of the three mails."""

    FIRST = "first"
    SECOND = "second"
    LAST = "last"


@dataclass(frozen=True)
class Mail:
    """One mail: ``after`` the failure was known here."""

    step: Step
    after: timedelta


# Three and no more: whoever has read three mails has decided.
MAILS = (
    # At once: most cards that fail have run out or were replaced, and their owner does not know.
    Mail(Step.FIRST, timedelta(0)),
    # Processors have tried again by then (Stripe after one to three days), so most need no second mail.
    Mail(Step.SECOND, timedelta(days=4)),
    # Before the processors give up: PayPal after some ten days, Stripe after two weeks unless told otherwise.
    Mail(Step.LAST, timedelta(days=9)),
)
# Also where a mail was late, for its server was away.
APART = timedelta(days=2)

# What is paid by this much after the clock here says that the arrears were over was paid before: clocks differ.
CLOCKS_DIFFER = timedelta(hours=1)


def due_mail(known_at: datetime, done: Sequence[datetime], now: datetime) -> Step | None:
    """Return which mail is due now, or None.

    ``known_at`` is when the failure was known here, ``done`` when each mail before was sent or left out, in turn.
    """
    if len(done) >= len(MAILS):
        return None
    mail = MAILS[len(done)]
    earliest = max([known_at + mail.after, *(at + APART for at in done)])
    return mail.step if now >= earliest else None


def last_due(next_at: datetime | None, every: str, now: datetime) -> datetime:
    """Return when the payment was due that failed: the latest date of the gift that is not after ``now``.

    ``next_at`` is any date on which it is taken, before or after. Without one all that is known is now.
    """
    if next_at is None:
        return now
    step = months_apart(every)
    periods = ((now.year - next_at.year) * 12 + now.month - next_at.month) // step + 1
    at = months_later(next_at, periods * step)
    while at > now:
        periods -= 1
        at = months_later(next_at, periods * step)
    return at

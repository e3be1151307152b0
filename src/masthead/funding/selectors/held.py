"""What of the processors' money waits for a person, and how far their changes were read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Cursor, Held, Payment


@dataclass(frozen=True)
class Question:
    """One thing that could not be booked: why, since when, whose turn it is, and of which pledge, if known."""

    provider: str
    kind: str
    external_id: str
    reason: str
    sentence: str
    since: datetime
    state: str
    because: str = ""
    reference: str = ""
    agreed: Money | None = None

    @property
    def is_aside(self) -> bool:
        """Tell whether a person has decided that nothing is to be done."""
        return self.state == Held.State.ASIDE

    @property
    def is_for_a_person(self) -> bool:
        """Tell whether nothing more happens by itself."""
        return self.state == Held.State.PERSON


def reason_words(code: str) -> str:
    """Say why something could not be booked; the code itself where no words are known."""
    return str(dict(Held.Reason.choices).get(code, code))


def questions() -> list[Question]:
    """Return all that waits in the site's mode, what needs a person first; then what was set aside, the latest first.

    A payment that was set aside is asked about again when its problem is another one than it was then.
    """
    payments = {(row.provider, row.external_id): row for row in _with_a_problem()}
    found = []
    for row in Held.objects.filter(is_live=conf.is_live()):
        payment = payments.get((row.provider, row.external_id)) if row.kind == "payment" else None
        if payment is not None and row.reason != payment.problem:
            continue
        payments.pop((row.provider, row.external_id), None)
        found.append(_of_row(row, payment))
    found += [_of_payment(payment) for payment in payments.values()]
    order = [Held.State.PERSON, Held.State.WAITING, Held.State.ASIDE]
    return sorted(found, key=lambda each: (order.index(Held.State(each.state)), -each.since.timestamp()))


def count_for_a_person() -> int:
    """Return how many things wait for a person in the site's mode."""
    return sum(each.is_for_a_person for each in questions())


def question(provider: str, kind: str, external_id: str) -> Question | None:
    """Return one of them."""
    wanted = (provider, kind, external_id)
    return next((each for each in questions() if (each.provider, each.kind, each.external_id) == wanted), None)


def cursors() -> list[Cursor]:
    """Return how far the changes of each processor were read in the site's mode."""
    return list(Cursor.objects.filter(is_live=conf.is_live()).order_by("provider"))


def _with_a_problem() -> Iterator[Payment]:
    wrong = Payment.objects.filter(is_live=conf.is_live()).exclude(problem="")
    return wrong.select_related("pledge").order_by("-changed_at").iterator()


def _of_payment(payment: Payment) -> Question:
    return Question(
        provider=payment.provider,
        kind="payment",
        external_id=payment.external_id,
        reason=reason_words(payment.problem),
        sentence="",
        since=payment.changed_at,
        state=Held.State.PERSON,
        reference=payment.pledge.reference,
        agreed=payment.pledge.total,
    )


def _of_row(row: Held, payment: Payment | None) -> Question:
    return Question(
        provider=row.provider,
        kind=row.kind,
        external_id=row.external_id,
        reason=reason_words(row.reason),
        sentence=row.sentence,
        since=row.first_at,
        state=row.state,
        because=row.because,
        reference=payment.pledge.reference if payment else "",
        agreed=payment.pledge.total if payment else None,
    )

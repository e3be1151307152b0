"""Keep who did what, in the transaction of the act."""

from __future__ import annotations

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.models import AuditEntry

Act = AuditEntry.Act


def note_act(act: Act, *, by: int | None, subject: str, amount: Money | None = None, detail: str = "") -> None:
    """Keep one act. Called inside the transaction that does it: neither is ever kept without the other.

    What nobody did (``by`` is None: a processor, an import, the command line) is no act; the books name its source.
    """
    if by is None:
        return
    AuditEntry.objects.create(
        act=act,
        by=by,
        at=now(),
        subject=subject,
        amount_minor=amount.amount_minor if amount else None,
        currency=amount.currency if amount else "",
        detail=detail,
    )

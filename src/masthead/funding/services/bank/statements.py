"""Bring in a file of statements: store its new lines, then settle what is open, each line in its own transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from masthead.core.clock import now
from masthead.funding.models import BankLine, BankStatement
from masthead.funding.providers.bank_transfer import StatementFile, StatementLine
from masthead.funding.rules.bank_matching import Reason
from masthead.funding.selectors.bank import concerns_gifts
from masthead.funding.services.bank.report import BankReport
from masthead.funding.services.bank.settle import OPEN, settle_line

# Settling one line may settle another: a return finds its gift, a pledge is open again.
_ROUNDS = 3
Value = TypeVar("Value")


def import_statements(*, file: StatementFile, uploaded_by: int | None = None) -> BankReport:
    """Bring in all lines of a file that are not known yet, and book those that are certain.

    The new lines are stored in one transaction, then each is settled in one of its own. Cut anywhere, the same file
    brought in again goes on where it stopped. Brought in twice, or by two people at once, it books nothing twice.
    """
    report, new = _store(file, uploaded_by)
    _settle(new, report, uploaded_by)
    report.count(sorted(_lines(new), key=lambda line: (line.valued_on, line.fingerprint)))
    return report


def preview_statements(*, file: StatementFile, uploaded_by: int | None = None) -> BankReport:
    """Return the report that :func:`import_statements` would give, and write nothing: it is done and undone."""
    with transaction.atomic():
        report = import_statements(file=file, uploaded_by=uploaded_by)
        report.is_dry_run = True
        transaction.set_rollback(True)
    return report


def _store(file: StatementFile, uploaded_by: int | None) -> tuple[BankReport, list[int]]:
    report = BankReport(format=file.format, accounts=file.accounts, lines=len(file.lines), pending=file.pending)
    new: list[int] = []
    with transaction.atomic():
        for account in file.accounts:
            lines = [line for line in file.lines if line.account == account]
            statement = _statement(file, account, lines, uploaded_by)
            rows = [_row(line, statement) for line in sorted(lines, key=lambda line: line.fingerprint)]
            kept = [row for row in rows if concerns_gifts(row)]
            report.outgoing += len(rows) - len(kept)
            new += _insert(kept, report)
    return report, new


def _insert(rows: list[BankLine], report: BankReport) -> list[int]:
    """Store rows that are not there, and return the keys of ours; rows of another import at the same time win."""
    names = [row.fingerprint for row in rows]
    BankLine.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
    ours = {row.public_id for row in rows}
    stored = [
        row
        for some in _pieces(names)
        for row in BankLine.objects.filter(fingerprint__in=some).values_list("pk", "public_id", "state", "reason")
    ]
    # A line that was stored and never judged belongs to a run that was cut: this one goes on with it.
    new = [pk for pk, public_id, state, reason in stored if public_id in ours or (state in OPEN and not reason)]
    report.unchanged += len(rows) - len(new)
    return new


def _lines(keys: Sequence[int]) -> list[BankLine]:
    return [line for some in _pieces(keys) for line in BankLine.objects.filter(pk__in=some)]


def _pieces(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Cut a list that may be longer than what one query takes."""
    return (values[start : start + 500] for start in range(0, len(values), 500))


def _settle(new: Sequence[int], report: BankReport, uploaded_by: int | None) -> None:
    mine = set(new)
    waiting = Q(state=BankLine.State.SUGGESTED) | Q(state=BankLine.State.UNMATCHED, reason__in=["", Reason.TO_COME])
    # Once a line is booked its payer's account is known, which may say something about the payer's other lines.
    payers = {line.payer_iban for line in _lines(new)} - {""}
    for _round in range(_ROUNDS):
        found = set(BankLine.objects.filter(waiting).values_list("valued_on", "fingerprint", "pk"))
        for some in _pieces(sorted(payers)):
            theirs = BankLine.objects.filter(state=BankLine.State.UNMATCHED, payer_iban__in=some)
            found |= set(theirs.values_list("valued_on", "fingerprint", "pk"))
        changed = 0
        for _day, _name, pk in sorted(found):
            if settle_line(line_id=pk, recorded_by=uploaded_by):
                changed += 1
                report.settled_earlier += pk not in mine
        if not changed:
            return


def _statement(file: StatementFile, account: str, lines: list[StatementLine], uploaded_by: int | None) -> BankStatement:
    days = [line.booked_on for line in lines]
    statement, _is_new = BankStatement.objects.get_or_create(
        file_digest=file.digest,
        account=account,
        defaults={
            "format": file.format,
            "first_day": min(days),
            "last_day": max(days),
            "lines_read": len(lines),
            "uploaded_by": uploaded_by,
            "uploaded_at": now(),
        },
    )
    return statement


def _row(line: StatementLine, statement: BankStatement) -> BankLine:
    return BankLine(
        statement=statement,
        fingerprint=line.fingerprint,
        account=line.account,
        amount_minor=line.amount.amount_minor,
        currency=line.amount.currency,
        booked_on=line.booked_on,
        valued_on=line.valued_on,
        payer_name=line.payer_name,
        payer_iban=line.payer_iban,
        text=line.text,
        end_to_end_id=line.end_to_end_id,
        is_return=line.is_return,
    )

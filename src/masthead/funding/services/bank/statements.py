"""Bring in a file of statements: store its new lines, then settle what is open, each line in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable

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


def import_statements(*, file: StatementFile, uploaded_by: int | None = None) -> BankReport:
    """Bring in all lines of a file that are not known yet, and book those that are certain.

    The new lines are stored in one transaction, then each is settled in one of its own. Cut anywhere, the same file
    brought in again goes on where it stopped. Brought in twice, or by two people at once, it books nothing twice.
    """
    report, new = _store(file, uploaded_by)
    _settle(new, report, uploaded_by)
    lines = BankLine.objects.filter(pk__in=new).order_by("valued_on", "fingerprint")
    report.count(list(lines))
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
    found = BankLine.objects.filter(fingerprint__in=names).values_list("pk", "public_id", "state", "reason")
    stored = list(found) if len(names) < 500 else _in_pieces(names)
    # A line that was stored and never judged belongs to a run that was cut: this one goes on with it.
    new = [pk for pk, public_id, state, reason in stored if public_id in ours or (state in OPEN and not reason)]
    report.unchanged += len(rows) - len(new)
    return new


def _in_pieces(names: list[str]) -> list[tuple[int, str, str, str]]:
    found: list[tuple[int, str, str, str]] = []
    for start in range(0, len(names), 500):
        piece = BankLine.objects.filter(fingerprint__in=names[start : start + 500])
        found += piece.values_list("pk", "public_id", "state", "reason")
    return found


def _settle(new: Iterable[int], report: BankReport, uploaded_by: int | None) -> None:
    mine = set(new)
    waiting = Q(state=BankLine.State.SUGGESTED) | Q(state=BankLine.State.UNMATCHED, reason__in=["", Reason.TO_COME])
    for _round in range(_ROUNDS):
        open_lines = BankLine.objects.filter(waiting).order_by("valued_on", "fingerprint").values_list("pk", flat=True)
        changed = 0
        for pk in list(open_lines):
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

"""Send each giver the statement of a year, once: whatever is killed, repeated or done by two at the same time.

What is asked for stands in ``AnnualStatement`` with its event, written together; the worker mails it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from masthead.core.clock import now
from masthead.funding import conf, policies
from masthead.funding.events import StatementAsked
from masthead.funding.models import AnnualStatement, Donor
from masthead.funding.selectors.statement_lists import givers, is_changed, is_over, latest_of
from masthead.funding.services.audit import Act, note_act
from masthead.funding.staff_errors import (
    MayNotSendStatements,
    NobodyToMail,
    NoStatementsInRehearsal,
    NotAGiverOfTheYear,
    StatementOnItsWay,
    YearNotBegun,
    YearNotOver,
)
from masthead.outbox.services import record_many

_AT_ONCE = 200
# So long the worker has for a mail before a person may ask for it again.
_PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class Sending:
    """What one call did: how many mails it asked for, and how many were asked for before."""

    asked: int
    asked_before: int


def send_statements(*, year: int, so_far: bool = False, only: str = "", by: policies.Person | None = None) -> Sending:
    """Ask for one mail to each giver of a year who has an address, or to the one at ``only``; never twice.

    Refuses whoever may not (``funding.may_not_send_statements``; ``by`` is None at the command line), a site that
    rehearses (``funding.no_statements_in_rehearsal``), a year that has not begun (``funding.year_not_begun``), one that
    is not over unless ``so_far`` (``funding.year_not_over``), and an address from which nobody gave
    (``funding.not_a_giver_of_the_year``). Records ``StatementAsked`` for each.
    """
    _may(by)
    is_so_far, keys = _wanted(year, so_far, only)
    asked = sum(_ask(year, is_so_far, keys[begin : begin + _AT_ONCE], by) for begin in range(0, len(keys), _AT_ONCE))
    return Sending(asked, len(keys) - asked)


def count_statements(*, year: int, so_far: bool = False, only: str = "") -> Sending:
    """Return what :func:`send_statements` would do now, and refuse what it refuses. Writes nothing."""
    is_so_far, keys = _wanted(year, so_far, only)
    rows = AnnualStatement.objects.filter(year=year, is_so_far=is_so_far, edition=1)
    had = set(rows.values_list("donor", flat=True))
    asked = sum(key not in had for key in keys)
    return Sending(asked, len(keys) - asked)


def send_statement_again(*, row: AnnualStatement, by: policies.Person) -> AnnualStatement:
    """Mail one giver his year once more: as a corrected statement when it would say something else now.

    Returns the row that is mailed. Refuses whoever may not, a giver who cannot be written to
    (``funding.nobody_to_mail``), and what was asked for within the hour and has not left yet
    (``funding.statement_on_its_way``).
    """
    _may(by)
    if not conf.is_live():
        raise NoStatementsInRehearsal()
    with transaction.atomic():
        # The giver's row is the lock: two who press at once go through here one after the other.
        donor = Donor.objects.select_for_update(no_key=True).get(pk=row.donor_id)
        last = latest_of(row)
        if not donor.email or donor.merged_into_id is not None:
            raise NobodyToMail()
        if last.mailed_at is None and last.asked_at > now() - _PATIENCE:
            raise StatementOnItsWay()
        if is_changed(last):
            last = AnnualStatement.objects.create(
                donor=donor,
                year=last.year,
                is_so_far=last.is_so_far,
                edition=last.edition + 1,
                asked_at=now(),
                asked_by=by.pk,
            )
        AnnualStatement.objects.filter(pk=last.pk).update(asked_at=now())
        record_many([_event(last)])
        note_act(Act.STATEMENTS_SENT, by=by.pk, subject=donor.public_id, detail=str(last.year))
    return last


def _ask(year: int, is_so_far: bool, keys: list[int], by: policies.Person | None) -> int:
    """Write what is missing of some givers in one transaction and return how many that were."""
    with transaction.atomic():
        # The givers' rows are the lock: of two who send at once the later finds what the earlier one wrote.
        list(Donor.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        known = AnnualStatement.objects.filter(year=year, is_so_far=is_so_far, donor__in=keys)
        had = set(known.values_list("donor", flat=True))
        rows = [
            AnnualStatement(
                donor_id=key, year=year, is_so_far=is_so_far, asked_at=now(), asked_by=by.pk if by else None
            )
            for key in keys
            if key not in had
        ]
        if rows:
            AnnualStatement.objects.bulk_create(rows)
            record_many([_event(row) for row in rows])
            note_act(Act.STATEMENTS_SENT, by=by.pk if by else None, subject=str(year), detail=str(len(rows)))
    return len(rows)


def _event(row: AnnualStatement) -> StatementAsked:
    return StatementAsked(statement_id=row.public_id, asked_at=now().isoformat())


def _may(by: policies.Person | None) -> None:
    if by is not None and not policies.may_send_statements(by):
        raise MayNotSendStatements()


def _wanted(year: int, so_far: bool, only: str) -> tuple[bool, list[int]]:
    """Return whether only a part of the year is over, and the givers who are meant."""
    is_so_far = _checked(year, so_far)
    wanted = givers(year).filter(email__iexact=only.strip()) if only else givers(year)
    keys = list(wanted.values_list("pk", flat=True))
    if only and not keys:
        raise NotAGiverOfTheYear(year=year)
    return is_so_far, keys


def _checked(year: int, so_far: bool) -> bool:
    """Return whether only a part of the year is over; refuse what cannot be sent."""
    if not conf.is_live():
        raise NoStatementsInRehearsal()
    if is_over(year):
        return False
    if year > now().astimezone(conf.zone()).year:
        raise YearNotBegun(year=year)
    if not so_far:
        raise YearNotOver(year=year)
    return True

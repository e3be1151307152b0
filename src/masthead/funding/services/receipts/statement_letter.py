"""Mail a giver his year. May be called twice (outbox)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from masthead.core import mail
from masthead.core.clock import now
from masthead.core.http import absolute_url
from masthead.core.pdf import file_name
from masthead.funding import conf
from masthead.funding.events import StatementAsked
from masthead.funding.links import care_token
from masthead.funding.models import AnnualStatement
from masthead.funding.selectors.statements import Statement, language_of, statement
from masthead.funding.services.care.letters import care_url_of
from masthead.funding.services.receipts.hearers import MOST_ATTACHED_BYTES
from masthead.funding.services.receipts.statements import pdf_of_statement, statement_values
from masthead.outbox.mail import send


def send_statement(event: StatementAsked, event_id: str) -> None:
    """Mail one statement in its giver's language, as the books stand now, and keep what it said.

    Nothing is sent to who cannot be written to any more, for money of a rehearsal, and when it was mailed since it was
    asked for. A worker that dies between mail and mark repeats the same ``Message-ID``.
    """
    row = AnnualStatement.objects.select_related("donor").filter(public_id=event.statement_id).first()
    if row is None or not conf.is_live() or not row.donor.email or row.donor.merged_into_id is not None:
        return
    if row.mailed_at and row.mailed_at >= datetime.fromisoformat(event.asked_at):
        return
    found = statement(row.donor, row.year)
    if not found.lines:
        return
    with translation.override(language_of(row.donor) or settings.LANGUAGE_CODE):
        _write(row, found, event_id)
    AnnualStatement.objects.filter(pk=row.pk).update(mailed_at=now(), said=found.fingerprint)


def _write(row: AnnualStatement, found: Statement, event_id: str) -> None:
    donor = row.donor
    care_url = care_url_of(donor)  # gives him a key if he has none yet
    donor.refresh_from_db(fields=["care_key"])
    instead_of = _day_before(row)
    document = pdf_of_statement(donor, found, instead_of=instead_of)
    values: dict[str, Any] = {
        **statement_values(found, instead_of=instead_of),
        "name": donor.name,
        "care_url": care_url,
        "pdf_url": absolute_url(reverse("funding:care-year-pdf", args=[care_token(donor), row.year])),
        "site": replace(settings.MASTHEAD.site, language=translation.get_language()),
    }
    headers = {"Message-ID": f"<{event_id}@{mail.host()}>", "Auto-Submitted": "auto-generated"}
    letter = mail.compose("funding/mail/statement", values, to=donor.email, headers=headers)
    if len(document) <= MOST_ATTACHED_BYTES:
        letter.attach(file_name(conf.site_name(), str(row.year)), document, "application/pdf")
    send(letter, name=event_id)


def _day_before(row: AnnualStatement) -> date | None:
    """Return the day on which the statement was mailed that this one corrects; None for a first one."""
    same = AnnualStatement.objects.filter(donor=row.donor_id, year=row.year, is_so_far=row.is_so_far)
    before = same.filter(edition__lt=row.edition).order_by("-edition").first()
    return before.mailed_at.astimezone(conf.zone()).date() if before and before.mailed_at else None

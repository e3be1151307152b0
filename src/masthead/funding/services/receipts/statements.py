"""A giver's year as a page and on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.core.pdf import pdf_of
from masthead.funding import conf
from masthead.funding.models import Donor
from masthead.funding.selectors.statement_lists import is_over
from masthead.funding.selectors.statements import Line, Statement
from masthead.funding.services.receipts.document import why_back
from masthead.funding.services.receipts.texts import statement_text


def statement_values(found: Statement, *, instead_of: date | None = None) -> dict[str, Any]:
    """Return what a statement says, in the language that is active.

    ``instead_of`` is the day on which the one was sent that it takes the place of.
    """
    return {
        "year": str(found.year),
        "is_so_far": not is_over(found.year),
        "instead_of": instead_of,
        "site_name": conf.site_name(),
        "made_on": now().astimezone(conf.zone()).date(),
        "lines": [_line(line) for line in found.lines],
        "totals": [amount(total) for total in found.totals],
    }


def pdf_of_statement(donor: Donor, found: Statement, *, instead_of: date | None = None) -> bytes:
    """Return a giver's year as PDF, as the books stand now, with the words of the issuer's country."""
    issuer = conf.issuer()
    language = translation.get_language() or settings.LANGUAGE_CODE
    values = {
        **statement_values(found, instead_of=instead_of),
        "issuer": issuer,
        "words": statement_text(issuer, found),
        "name": donor.name,
        "language": language,
        "is_rtl": translation.get_language_bidi(),
    }
    return pdf_of(render_to_string("funding/receipts/statement.html", values))


def _line(line: Line) -> dict[str, Any]:
    zone = conf.zone()
    return {
        "on": line.standing.received_at.astimezone(zone).date(),
        "number": line.number,
        "receipt_id": line.receipt_id,
        "paid": amount(line.standing.paid),
        "back": [
            {"on": each.at.astimezone(zone).date(), "why": why_back(each.why), "amount": amount(each.amount)}
            for each in line.standing.back
        ],
    }

"""A giver's year as a page and on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.core.pdf import pdf_of
from masthead.funding import conf
from masthead.funding.models import Donor
from masthead.funding.selectors.statements import Line, Statement, statement
from masthead.funding.services.receipts.document import why_back


def statement_values(found: Statement) -> dict[str, Any]:
    """Return what a statement says, in the language that is active."""
    return {
        "year": found.year,
        "site_name": conf.site_name(),
        "made_on": now().astimezone(conf.zone()).date(),
        "lines": [_line(line) for line in found.lines],
        "totals": [amount(total) for total in found.totals],
    }


def pdf_of_statement(donor: Donor, year: int) -> bytes:
    """Return a giver's year as PDF, as the books stand now."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    values = {
        **statement_values(statement(donor, year)),
        "issuer": conf.issuer(),
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

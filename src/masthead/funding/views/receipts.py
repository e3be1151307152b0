"""A giver's own receipts: by the link in his mails, without an account. Nothing here changes anything."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.core.clock import now
from masthead.core.http import private
from masthead.core.pdf import file_name
from masthead.funding import conf
from masthead.funding.models import Donor
from masthead.funding.selectors.receipts import receipt_of_giver
from masthead.funding.selectors.statements import statement, years_of
from masthead.funding.services.receipts import pdf_of_receipt, pdf_of_statement, statement_values
from masthead.funding.views.giver import Giver, of_giver


@require_safe
@of_giver
def receipt(request: HttpRequest, giver: Giver, public_id: str) -> HttpResponse:
    """Give one of a giver's receipts as PDF: the same bytes each time (rule S5)."""
    found = receipt_of_giver(giver.donor, public_id)
    if found is None:
        raise Http404
    return document(pdf_of_receipt(found), file_name(str(found)))


@require_safe
@of_giver
def year(request: HttpRequest, giver: Giver, year: int) -> HttpResponse:
    """Show a giver all that he gave in one year."""
    values = statement_values(statement(giver.donor, _known(giver.donor, year)))
    return render(request, "funding/care_year.html", {**values, "token": giver.token})


@require_safe
@of_giver
def year_pdf(request: HttpRequest, giver: Giver, year: int) -> HttpResponse:
    """Give the same as PDF."""
    told = statement(giver.donor, _known(giver.donor, year))
    return document(pdf_of_statement(giver.donor, told), file_name(conf.site_name(), str(year)))


def _known(donor: Donor, year: int) -> int:
    """Return a year in which he gave, or the present one."""
    if year not in {*years_of(donor), now().astimezone(conf.zone()).year}:
        raise Http404
    return year


def document(content: bytes, name: str) -> HttpResponse:
    """Give a PDF to one person, to keep."""
    reply = HttpResponse(content, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(reply)

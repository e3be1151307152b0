"""A giver's own receipts: by the link in his mails, without an account. Nothing here changes anything."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.core.clock import now
from masthead.core.http import private
from masthead.core.pdf import file_name
from masthead.funding import conf
from masthead.funding.links import read_care
from masthead.funding.models import Donor
from masthead.funding.selectors.care import giver_of
from masthead.funding.selectors.receipts import receipt_of_giver
from masthead.funding.selectors.statements import statement, years_of
from masthead.funding.services.receipts import pdf_of_receipt, pdf_of_statement, statement_values


@require_safe
def receipt(request: HttpRequest, token: str, public_id: str) -> HttpResponse:
    """Give one of a giver's receipts as PDF: the same bytes each time (rule S5)."""
    donor = giver_by(token)
    if donor is None:
        return void(request)
    found = receipt_of_giver(donor, public_id)
    if found is None:
        raise Http404
    return document(pdf_of_receipt(found), file_name(str(found)))


@require_safe
def year(request: HttpRequest, token: str, year: int) -> HttpResponse:
    """Show a giver all that he gave in one year."""
    donor = giver_by(token)
    if donor is None:
        return void(request)
    values = statement_values(statement(donor, _known(donor, year)))
    return private(render(request, "funding/care_year.html", {**values, "token": token}))


@require_safe
def year_pdf(request: HttpRequest, token: str, year: int) -> HttpResponse:
    """Give the same as PDF."""
    donor = giver_by(token)
    if donor is None:
        return void(request)
    return document(pdf_of_statement(donor, _known(donor, year)), file_name(conf.site_name(), str(year)))


def _known(donor: Donor, year: int) -> int:
    """Return a year in which he gave, or the present one."""
    if year not in {*years_of(donor), now().astimezone(conf.zone()).year}:
        raise Http404
    return year


def giver_by(token: str) -> Donor | None:
    """Return whose link it is, while it holds."""
    read = read_care(token)
    return giver_of(*read) if read else None


def void(request: HttpRequest) -> HttpResponse:
    """Say that the link does not hold."""
    return private(render(request, "funding/care_void.html", status=404))


def document(content: bytes, name: str) -> HttpResponse:
    """Give a PDF to one person, to keep."""
    reply = HttpResponse(content, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(reply)

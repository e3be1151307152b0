"""Show your working: a page, a table and the seal of each month. The same for everybody, and nobody's name in it."""

from __future__ import annotations

import csv
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.core.clock import now
from masthead.core.http import absolute_url, public
from masthead.funding import conf, working_words
from masthead.funding.models import SealedMonth
from masthead.funding.rules import sealing
from masthead.funding.rules.months import next_day
from masthead.funding.selectors import accounts_of_month, open_campaign, seals, shown_months
from masthead.funding.views.slots import BOOKS


@require_safe
def month_page(request: HttpRequest, month: date) -> HttpResponse:
    """Show one month of all campaigns with the rules beside the figures."""
    moment = now()
    months = _months(month, moment)
    place = months.index(month)
    seal = seals.seal_of(month)
    changes = sealing.changes_text(seal.hash, seals.changes_after(seal)) if seal else ""
    context = {
        "month": month,
        "is_present": place == 0,
        "campaigns": [working_words.of_account(found) for found in accounts_of_month(month, moment)],
        "seal": seal,
        "changes": working_words.of_changes(changes),
        "running": sealing.running_hash(changes) if changes else "",
        "closes_at": seals.closes_at(month),
        "later": months[place - 1] if place else None,
        "earlier": months[place + 1] if place + 1 < len(months) else None,
        "zone": seals.zone_of(month).key,
        "canonical": absolute_url(request.path),
    }
    return _kept(render(request, "funding/working_month.html", context))


@require_safe
def month_csv(request: HttpRequest, month: date) -> HttpResponse:
    """Give the same figures to machines: one line per campaign, amounts in major units with a full stop."""
    moment = now()
    _months(month, moment)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{sealing.month_text(month)}.csv"'
    writer = csv.writer(response)
    writer.writerow(working_words.CSV_COLUMNS)
    writer.writerows(working_words.csv_row(found) for found in accounts_of_month(month, moment))
    return _kept(response)


@require_safe
def sealed_text(request: HttpRequest, month: date) -> HttpResponse:
    """Give the text whose SHA-256 is the seal, made afresh from the books."""
    return _text(seals.sealed_text(_seal(month)), f"{sealing.month_text(month)}-sealed.txt")


@require_safe
def changes_text(request: HttpRequest, month: date) -> HttpResponse:
    """Give what was booked for a closed month afterwards, with its running hash."""
    seal = _seal(month)
    text = sealing.changes_text(seal.hash, seals.changes_after(seal))
    return _text(text, f"{sealing.month_text(month)}-changes.txt")


def _months(month: date, moment: datetime) -> list[date]:
    open_campaign()
    months = shown_months(moment)
    if month not in months:
        raise Http404
    return months


def _seal(month: date) -> SealedMonth:
    seal = seals.seal_of(month)
    if seal is None:
        raise Http404
    return seal


def _text(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return public(response, [BOOKS])


def _kept(response: HttpResponse) -> HttpResponse:
    return public(response, [BOOKS], until=next_day(now(), conf.zone()))

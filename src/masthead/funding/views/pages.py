"""The public pages of funding: the same for every visitor."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from masthead.core import ratelimit
from masthead.core.clock import now
from masthead.core.http import absolute_url, client_ip, ip_prefix, private, public
from masthead.funding import conf, presenters
from masthead.funding.forms import PledgeForm, typed
from masthead.funding.models import Campaign, Pledge
from masthead.funding.models.gift import BY_HAND
from masthead.funding.providers import ready_providers
from masthead.funding.rules.months import next_day
from masthead.funding.rules.progress import suggested
from masthead.funding.selectors import Meter, meter, months, open_campaign
from masthead.funding.selectors.seals import seal_hashes
from masthead.funding.services import note_pledge
from masthead.funding.views.slots import TAG, meter_of
from masthead.funding.working_words import counts_words

PLEDGES_PER_HOUR = 20
PLEDGES_PER_HOUR_OF_ALL = 2000


@csrf_exempt  # the page is cached for everybody, so its form carries no token: masthead.edge.middleware guards it
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """Explain how to give, and note a pledge."""
    campaign = open_campaign()
    if request.method == "POST":
        return private(_pledge_create(request, campaign))
    chosen = presenters.chosen(request.GET.dict(), campaign.currency)
    form = PledgeForm(campaign.currency, providers=ready_providers(), initial=chosen)
    return public(_support_page(request, campaign, form), [TAG])


@require_safe
def working(request: HttpRequest) -> HttpResponse:
    """Show the figures behind the meter, month by month."""
    campaign = open_campaign()
    context: dict[str, Any] = {"campaign": campaign, "months": months(campaign, now()), "meter": meter_of(request)}
    context |= _said(context["meter"])
    context["sealed"] = seal_hashes()
    context |= {"canonical": absolute_url(request.path), "zone": conf.zone().key}
    return _figures(render(request, "funding/working.html", context))


@require_safe
def working_csv(request: HttpRequest) -> HttpResponse:
    """Give the same figures to machines: amounts in major units with a full stop."""
    campaign = open_campaign()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}-months.csv"'
    writer = csv.writer(response)
    writer.writerow(presenters.CSV_COLUMNS)
    writer.writerows(presenters.csv_row(figures) for figures in months(campaign, now()))
    return _figures(response)


@require_safe
def meter_figures(request: HttpRequest) -> HttpResponse:
    """Give the meter as JSON, for other sites and for pictures."""
    current = meter(now())
    return _figures(JsonResponse(presenters.meter_json(current) if current else {"meter": None}))


def _said(current: Meter | None) -> dict[str, str]:
    """Return a meter in words, and what it counts."""
    if current is None:
        return {}
    return {"sentence": presenters.meter_sentence(current), "counts": counts_words(current.counts)}


def _figures(response: HttpResponse) -> HttpResponse:
    """Make figures public until the day is over: then a day less is left, or a new month begins."""
    return public(response, [TAG], until=next_day(now(), conf.zone()))


def _pledge_create(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    has_bank_details = bool(conf.bank()["iban"])
    data = typed(request.POST.dict())
    form = PledgeForm(campaign.currency, has_bank_details=has_bank_details, providers=ready_providers(), data=data)
    try:
        if form.is_valid():
            ratelimit.allow("pledge", ip_prefix(client_ip(request)), limit=PLEDGES_PER_HOUR, per_seconds=3600)
            ratelimit.allow("pledge", "all", limit=PLEDGES_PER_HOUR_OF_ALL, per_seconds=3600)
            return _go_on(note_pledge(campaign=campaign, **form.pledge()))
    except ratelimit.TooManyRequests as refusal:
        form.add_error(None, refusal.message())
        return _support_page(request, campaign, form, status=refusal.status)
    return _support_page(request, campaign, form, status=422)


def _go_on(pledge: Pledge) -> HttpResponse:
    """Lead to the transfer's details, or to the page before the processor's."""
    name = "funding:thanks" if pledge.method in BY_HAND else "funding:pay"
    return HttpResponseRedirect(reverse(name, args=[pledge.reference]), status=303)


def _support_page(request: HttpRequest, campaign: Campaign, form: PledgeForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "meter": meter_of(request),
        "bank": conf.bank(),
        "suggested": suggested(campaign.currency),
        "canonical": absolute_url(request.path),
    }
    context |= _said(meter_of(request))
    return render(request, "funding/support.html", context, status=status)

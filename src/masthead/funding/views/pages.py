"""The public pages of funding: the same for every visitor."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from masthead.core.clock import now
from masthead.core.http import absolute_url, public
from masthead.funding import conf, match_words, presenters, promised_words
from masthead.funding.forms import PledgeForm
from masthead.funding.models import Campaign
from masthead.funding.rules.months import next_day
from masthead.funding.selectors import Meter, months, open_campaign, promised, shown_campaigns
from masthead.funding.selectors.matches import matches_of
from masthead.funding.selectors.seals import seal_hashes
from masthead.funding.views.giving import Giving, ways_to_give
from masthead.funding.views.slots import BOOKS, TAG, campaign_tag, meter_of
from masthead.funding.working_words import counts_words


@csrf_exempt  # the page is cached for everybody, so its form carries no token: masthead.edge.middleware guards it
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """Explain how to give, and note a pledge."""
    campaign = open_campaign()
    return Giving(request, campaign, _support_page).reply([TAG, campaign_tag(campaign.slug)])


@require_safe
def working(request: HttpRequest) -> HttpResponse:
    """Show the figures behind the meter, month by month."""
    campaign = open_campaign()
    context: dict[str, Any] = {"campaign": campaign, "months": months(campaign, now()), "meter": meter_of(request)}
    current = context["meter"]
    context |= said_of(current)
    context["promised"] = promised_words.sentences(promised(current), current.period) if current else []
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
    current = meter_of(request)
    return public(JsonResponse(presenters.meter_json(current) if current else {"meter": None}), [TAG])


def said_of(current: Meter | None) -> dict[str, str]:
    """Return a meter in words, and what it counts."""
    if current is None:
        return {}
    return {"sentence": presenters.meter_sentence(current), "counts": counts_words(current.counts)}


def _figures(response: HttpResponse) -> HttpResponse:
    """Make figures public until the day is over: then a day less is left, or a new month begins."""
    return public(response, [BOOKS], until=next_day(now(), conf.zone()))


def _support_page(request: HttpRequest, campaign: Campaign, form: PledgeForm, *, status: int) -> HttpResponse:
    current = meter_of(request)
    context = {**ways_to_give(request, campaign, form), "meter": current, **said_of(current)}
    context["matches"] = [match_words.sentences(found) for found in matches_of(campaign.slug, now())]
    context["own_path"] = presenters.campaign_path(campaign.slug, is_main=False)
    others = [each for each in shown_campaigns() if each.pk != campaign.pk]
    context["others"] = [(str(each), presenters.campaign_path(each.slug, is_main=False)) for each in others]
    return render(request, "funding/support.html", context, status=status)

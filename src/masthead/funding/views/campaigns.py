"""One campaign: its page, its figures for machines, and its picture. The same for everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language_info
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from masthead.core.clock import now
from masthead.core.http import absolute_url, made_of, public
from masthead.funding import conf, match_words, presenters, promised_words
from masthead.funding.campaign_errors import NoCampaign
from masthead.funding.forms import PledgeForm
from masthead.funding.models import Campaign
from masthead.funding.rules.months import next_day
from masthead.funding.selectors import Meter, meter_of_campaign, promised, shown_campaign
from masthead.funding.selectors.matches import matches_of
from masthead.funding.views.giving import Giving, ways_to_give
from masthead.funding.views.pages import said_of
from masthead.funding.views.slots import TAG, campaign_bar, campaign_tag


@csrf_exempt  # as the page of the active campaign: masthead.edge.middleware guards it
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a campaign is for and where it stands, and note a pledge to it."""
    return Giving(request, shown_campaign(slug), _page).reply([TAG, campaign_tag(slug)])


@require_safe
def campaign_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a campaign's meter to machines."""
    shown_campaign(slug)
    current = meter_of_campaign(slug, now())
    told: dict[str, Any] = {"meter": None, "promised": None}
    if current:
        told = {**presenters.meter_json(current), "promised": promised_words.as_json(promised(current), current.period)}
    response = JsonResponse(told)
    return public(response, tags_and_time(request, slug, current))


@require_safe
def campaign_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw a campaign's meter as a picture to pass on (SVG), with the same words and lengths as the bar."""
    shown_campaign(slug)
    current = meter_of_campaign(slug, now())
    if current is None:
        raise NoCampaign()
    language = request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else settings.LANGUAGE_CODE
    is_rtl = get_language_info(language.split("-")[0])["bidi"]
    site = settings.MASTHEAD.site
    values = presenters.picture_values(current, site_name=site.name, is_rtl=is_rtl)
    text = render_to_string("funding/meter.svg", {**values, "language": language, "accent": site.accent})
    response = HttpResponse(text.encode(), content_type="image/svg+xml")
    return public(response, tags_and_time(request, slug, current))


def tags_and_time(request: HttpRequest, slug: str, current: Meter | None) -> list[str]:
    """Return the tags of what shows one campaign, and let it stand until the calendar changes its figures."""
    made_of(request, [], until=current.stands_until if current else next_day(now(), conf.zone()))
    return [TAG, campaign_tag(slug)]


def _page(request: HttpRequest, campaign: Campaign, form: PledgeForm, *, status: int) -> HttpResponse:
    current = meter_of_campaign(campaign.slug, now())
    links = {name: reverse(f"funding:campaign-{name}", args=[campaign.slug]) for name in ("feed", "picture", "json")}
    if campaign.has_wall:
        links["wall"] = reverse("funding:campaign-wall", args=[campaign.slug])
    own_path = presenters.campaign_path(campaign.slug, is_main=campaign.is_active)
    context = {
        **ways_to_give(request, campaign, form),
        **said_of(current),
        "campaign": campaign,
        "name": current.name if current else str(campaign),
        "meter": current,
        "matches": [match_words.sentences(found) for found in matches_of(campaign.slug, now())],
        "promised": promised_words.sentences(promised(current), current.period) if current else [],
        # The active one's bar stands above every page already.
        "bar": campaign_bar(request, current) if current and not campaign.is_active else "",
        "links": links,
        "canonical": absolute_url(own_path),
    }
    tags_and_time(request, campaign.slug, current)
    return render(request, "funding/campaign.html", context, status=status)

"""The page of thanks of a campaign: the same for everybody, gone at once when a name is hidden."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from masthead.core.http import absolute_url, public
from masthead.funding import presenters
from masthead.funding.selectors import shown_campaign
from masthead.funding.selectors.wall import wall
from masthead.funding.views.slots import TAG, campaign_tag

WALL = "wall"


@require_safe
def wall_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank those by name who agreed to it, the newest first, some at a time."""
    campaign = shown_campaign(slug)
    found = wall(slug, before=request.GET.get("before", "")[:16]) if campaign.has_wall else None
    if found is None:
        raise Http404
    path = reverse("funding:campaign-wall", args=[slug])
    context = {
        "campaign": campaign,
        "names": [(each.name, presenters.day_of(each.received_at)) for each in found.names],
        "next_url": f"{path}?before={found.after}" if found.after else "",
        "is_first": "before" not in request.GET,
        "give_url": presenters.campaign_path(slug, is_main=campaign.is_active),
        "canonical": absolute_url(path),
    }
    return public(render(request, "funding/wall.html", context), [TAG, WALL, campaign_tag(slug)])

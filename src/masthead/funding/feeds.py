"""A campaign's progress as an Atom feed: one entry for each month or year, which changes while its figures move."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from masthead.core.clock import now
from masthead.core.http import absolute_url, public
from masthead.funding import presenters
from masthead.funding.selectors import Meter, shown_campaign, standings
from masthead.funding.views.campaigns import tags_and_time


class ProgressFeed(Atom1Feed):
    """Atom (RFC 4287) of figures."""

    def latest_post_date(self) -> datetime:
        """Return when the newest entry changed; of a feed without entries, a moment that does not move."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


@require_safe
def campaign_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell where a campaign stands and where it came to in the months or years before."""
    campaign = shown_campaign(slug)
    found = standings(slug, now())
    address = absolute_url(presenters.campaign_path(slug, is_main=campaign.is_active))
    site = settings.MASTHEAD.site
    feed = ProgressFeed(
        title=f"{found[0].name if found else campaign} · {site.name}",
        link=address,
        description="",
        language=site.language,
        feed_url=absolute_url(reverse("funding:campaign-feed", args=[slug])),
        author_name=site.name,
    )
    for each in found:
        feed.add_item(**_entry(each, address))
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return public(response, tags_and_time(request, slug, found[0] if found else None))


def _entry(each: Meter, address: str) -> dict[str, Any]:
    began = each.period.first.isoformat() if each.period.first else "all"
    return {
        "title": f"{each.name}: {presenters.meter_sentence(each)}",
        "link": address,
        "description": presenters.meter_sentence(each),
        "unique_id": absolute_url(f"/support/{each.campaign}/#{each.period.kind}-{began}"),
        "updateddate": each.unchanged_since,
    }

"""What funding puts into the pages of others: the meter, the support block, the quieter link."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from masthead.core.clock import now
from masthead.funding.presenters import meter_values, paid_sentence, support_choices
from masthead.funding.selectors import Meter, active_campaign, meter


@dataclass(frozen=True)
class MeterBar:
    """``page.top``: the meter of the active campaign; nothing when there is none. Two queries."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> Meter | None:
        """Read the meter once for the page."""
        return meter_of(request)

    def render(self, request: HttpRequest, key: str, prepared: Meter | None, **options: object) -> str:
        """Draw the bar."""
        if prepared is None:
            return ""
        return render_to_string("funding/_meter.html", meter_values(prepared, site_name=settings.MASTHEAD.site.name))


@dataclass(frozen=True)
class SupportBlock:
    """``article.support``: one sentence, three amounts, once or every month."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> Collecting | None:
        """See whether and in what money somebody collects; no query where the page shows a meter."""
        return collecting(request)

    def render(self, request: HttpRequest, key: str, prepared: Collecting | None, **options: object) -> str:
        """Print the block; nothing while nobody collects."""
        if prepared is None:
            return ""
        context = {
            "site_name": settings.MASTHEAD.site.name,
            "sentence": paid_sentence(prepared.gifts),
            "choices": support_choices(prepared.currency),
        }
        return render_to_string("funding/_support_block.html", context)


@dataclass(frozen=True)
class SupportLink:
    """``article.support_after``: the quieter link below the story."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> Collecting | None:
        """See whether somebody collects."""
        return collecting(request)

    def render(self, request: HttpRequest, key: str, prepared: Collecting | None, **options: object) -> str:
        """Print the link; nothing while nobody collects."""
        if prepared is None:
            return ""
        return render_to_string("funding/_support_link.html", {"site_name": settings.MASTHEAD.site.name})


@dataclass(frozen=True)
class Collecting:
    """A campaign is open: in which currency, and how many gifts this month has, where the meter shows it."""

    currency: str
    gifts: int


def collecting(request: HttpRequest) -> Collecting | None:
    """Return what the support block needs, or None while nobody collects."""
    current = meter_of(request)
    if current is not None:
        return Collecting(current.currency, current.gifts)
    campaign = active_campaign()
    return Collecting(campaign.currency, 0) if campaign else None


def meter_of(request: HttpRequest) -> Meter | None:
    """Return the meter, read once per request so that all figures of one page agree."""
    if not hasattr(request, "funding_meter"):
        request.funding_meter = meter(now())  # type: ignore[attr-defined]
    found: Meter | None = request.funding_meter  # type: ignore[attr-defined]
    return found

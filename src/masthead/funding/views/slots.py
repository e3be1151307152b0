"""What funding puts into the pages of others: the meter, the support block, the quieter link."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from masthead.core.clock import now
from masthead.funding.presenters import meter_values, support_choices
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

    def prepare(self, request: HttpRequest, keys: list[str]) -> Meter | None:
        """Read the meter, which the page has read already."""
        return meter_of(request)

    def render(self, request: HttpRequest, key: str, prepared: Meter | None, **options: object) -> str:
        """Print the block; nothing while nobody collects."""
        if prepared is None:
            return ""
        sentence = ngettext(
            "%(count)s gift has paid for this month’s reporting so far.",
            "%(count)s gifts have paid for this month’s reporting so far.",
            prepared.gifts,
        ) % {"count": prepared.gifts}
        context = {
            "site_name": settings.MASTHEAD.site.name,
            "sentence": sentence if prepared.gifts else "",
            "choices": support_choices(prepared.currency),
        }
        return render_to_string("funding/_support_block.html", context)


@dataclass(frozen=True)
class SupportLink:
    """``article.support_after``: the quieter link below the story."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> bool:
        """See whether somebody collects."""
        return meter_of(request) is not None or active_campaign() is not None

    def render(self, request: HttpRequest, key: str, prepared: bool, **options: object) -> str:
        """Print the link; nothing while nobody collects."""
        if not prepared:
            return ""
        return render_to_string("funding/_support_link.html", {"site_name": settings.MASTHEAD.site.name})


def meter_of(request: HttpRequest) -> Meter | None:
    """Return the meter, read once per request so that all figures of one page agree."""
    if not hasattr(request, "funding_meter"):
        request.funding_meter = meter(now())  # type: ignore[attr-defined]
    found: Meter | None = request.funding_meter  # type: ignore[attr-defined]
    return found

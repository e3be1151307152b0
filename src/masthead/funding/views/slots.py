"""What funding puts into the pages of others: the meter, the support block, the quieter link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from masthead.core import worded
from masthead.core.clock import now
from masthead.core.http import made_of
from masthead.core.money import Money
from masthead.core.stencil import Stencil
from masthead.edge import fragments
from masthead.funding import conf
from masthead.funding.presenters import meter_values, paid_sentence, support_choices
from masthead.funding.rules.months import next_day
from masthead.funding.rules.periods import MONTH
from masthead.funding.selectors import Meter, active_campaign, amounts_of, meter

TAG = "meter"
BOOKS = "books"


@dataclass(frozen=True)
class MeterPiece:
    """A piece that shows where the meter stands. It loads nothing ahead: it is kept with what it shows."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def kept(self, request: HttpRequest, name: str, make: Callable[[HttpRequest], str]) -> str:
        """Return the piece as it stands today: at midnight a day less is left, and a month may begin."""
        return fragments.kept(request, name, "", tags=(TAG,), make=lambda: make(request))


class MeterBar(MeterPiece):
    """``page.top``: the meter of the active campaign; nothing when there is none. Two queries.

    Above it, on a site that rehearses, that no money here is real (rule L7).
    """

    def render(self, request: HttpRequest, key: str, prepared: None, **options: object) -> str:
        """Draw the bar."""
        return self.kept(request, "page.top", _meter_bar)


class SupportBlock(MeterPiece):
    """``article.support``: one sentence, three amounts, once or every month."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: object) -> str:
        """Print the block; nothing while nobody collects. It hands on from which story it leads."""
        return fragments.kept(request, "article.support", key, tags=(TAG,), make=lambda: _support_block(request, key))


class SupportLink(MeterPiece):
    """``article.support_after``: the quieter link below the story."""

    def render(self, request: HttpRequest, key: str, prepared: None, **options: object) -> str:
        """Print the link; nothing while nobody collects. It hands on from which story it leads."""
        return fragments.kept(
            request, "article.support_after", key, tags=(TAG,), make=lambda: _support_link(request, key)
        )


def _meter_bar(request: HttpRequest) -> str:
    found = meter_of(request)
    banner = "" if conf.is_live() else render_to_string("funding/_rehearsal.html")
    if found is None:
        return banner
    return banner + _drawn(found)


def _drawn(current: Meter) -> str:
    values = meter_values(current, site_name=settings.MASTHEAD.site.name)
    bar = _bar(get_language(), tuple(values), has_left=bool(values["left_text"]))
    return bar.fill(**values)


@worded.kept
def _bar(_language: str | None, names: tuple[str, ...], *, has_left: bool) -> Stencil:
    def draw(texts: dict[str, str]) -> str:
        return render_to_string("funding/_meter.html", texts if has_left else {**texts, "left_text": ""})

    return Stencil(names, draw)


def _support_block(request: HttpRequest, story: str) -> str:
    open_campaign = collecting(request)
    if open_campaign is None:
        return ""
    sentence = paid_sentence(open_campaign.gifts) if open_campaign.is_monthly else ""
    form = (settings.MASTHEAD.site.name, open_campaign.amounts, settings.MASTHEAD.funding.money_format)
    block = _block(get_language(), *form, has_sentence=bool(sentence))
    return block.fill(sentence=sentence, story=story)


@worded.kept
def _block(
    _language: str | None, site_name: str, amounts: tuple[Money, ...], _money_format: str, *, has_sentence: bool
) -> Stencil:
    """Return the block of these amounts: only its sentence changes with the gifts, and the story."""

    def draw(texts: dict[str, str]) -> str:
        context = {
            "site_name": site_name,
            "sentence": texts["sentence"] if has_sentence else "",
            "choices": support_choices(amounts),
            "story": texts["story"],
        }
        return render_to_string("funding/_support_block.html", context)

    return Stencil(["sentence", "story"], draw)


def _support_link(request: HttpRequest, story: str) -> str:
    if collecting(request) is None:
        return ""
    values = {"site_name": settings.MASTHEAD.site.name, "story": story}
    return render_to_string("funding/_support_link.html", values)


@dataclass(frozen=True)
class Collecting:
    """A campaign is open: what it offers, and how many gifts its period has, where the meter shows it."""

    amounts: tuple[Money, ...]
    gifts: int
    is_monthly: bool


def collecting(request: HttpRequest) -> Collecting | None:
    """Return what the support block needs, or None while nobody collects."""
    current = meter_of(request)
    if current is not None:
        return Collecting(current.amounts, current.gifts, current.period.kind == MONTH)
    campaign = active_campaign()
    return Collecting(tuple(amounts_of(campaign)), 0, is_monthly=False) if campaign else None


def campaign_tag(slug: str) -> str:
    """Return the tag of whatever shows a campaign's figures."""
    return f"campaign:{slug}"


def tags_of(current: Meter | None) -> list[str]:
    """Return the tags of what shows the active campaign's meter; without one it changes when a campaign is opened."""
    return [TAG, campaign_tag(current.campaign)] if current else [TAG]


def campaign_bar(request: HttpRequest, current: Meter) -> str:
    """Draw the meter of one campaign, for its page and for pages of other sites."""
    made_of(request, [campaign_tag(current.campaign)], until=current.stands_until)
    return _drawn(current)


def meter_of(request: HttpRequest) -> Meter | None:
    """Return the meter, read once per request so that all figures of one page agree.

    The page is noted to be made of it, until the day is over: then a day less is left.
    """
    known: tuple[datetime, Meter | None] | None = getattr(request, "funding_meter", None)
    if known is None:
        moment = now()
        known = moment, meter(moment)
        request.funding_meter = known  # type: ignore[attr-defined]
    # Noted each time, for each piece of the page that asks is kept apart.
    current = known[1]
    made_of(request, tags_of(current), until=current.stands_until if current else next_day(known[0], conf.zone()))
    return current

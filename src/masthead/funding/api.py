"""The meter for programs, below ``/api/v1/``: the figures that the bar shows, from the same books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Router, Schema

from masthead.core.clock import now
from masthead.core.http import absolute_url, public
from masthead.funding import conf, match_words, models, presenters, promised_words
from masthead.funding.rules.months import next_day
from masthead.funding.selectors import Meter, meter_of_campaign, months, promised, shown_campaign, shown_campaigns
from masthead.funding.selectors.matches import matches_of
from masthead.funding.views.slots import BOOKS, TAG, campaign_tag

router = Router(tags=["campaigns"])


class MeterFigures(Schema):
    """Where a campaign stands in the period that counts now."""

    campaign: str
    name: str
    month: str | None = Field(description="As `2026-11`; null where it counts over another time.")
    period: str = Field(description="`month`, `year`, `dates` or `open` (without end).")
    first_day: str | None = Field(description="First day that counts, as `2026-11-01`; null without end.")
    last_day: str | None = Field(description="Last day that counts; null without end.")
    counts: str = Field(description="`gross`: before fees; `net`: after what processors kept.")
    currency: str
    raised_minor: int = Field(description="In minor units of the currency.")
    raised: str = Field(description="As the site writes it.")
    goal_minor: int
    goal: str
    percent: int = Field(description="Rounded down; above 100 when more came than was asked.")
    bar_percent: str = Field(description="Length of the bar, as `32.7`.")
    gifts: int
    days_left: int | None = Field(description="Today included; 0 after the end, null without one.")
    as_of: str = Field(description="When one of these figures last changed.")
    text: str = Field(description="All of it in one sentence.")


class PromisedFigures(Schema):
    """What gifts that repeat promise: never part of what was raised."""

    gifts: int
    every_month_minor: int = Field(description="A gift of every year counts one twelfth of itself.")
    every_month: str
    payments_to_come: int | None = Field(description="Known to come until the last day; null without end.")
    to_come_minor: int | None
    forecast_minor: int | None = Field(description="Where the meter then stands if all of it comes and nothing else.")
    until: str | None
    text: str = Field(description="All of it in words, with the assumption; empty without a promise.")


class MatchFigures(Schema):
    """What a sponsor promised to add to each gift; part of what was raised only as far as it has arrived."""

    sponsor: str
    first_day: str
    last_day: str
    cap_minor: int
    matched_minor: int = Field(description="Called for by gifts of these days.")
    left_minor: int
    arrived_minor: int = Field(description="Booked, and counted by the meter.")
    outstanding_minor: int = Field(description="Called for and not here: it counts nothing.")
    text: str


class Campaign(Schema):
    """What is collected for."""

    slug: str
    name: str
    currency: str
    is_main: bool = Field(description="Its meter stands on every page.")
    text: str = Field(description="What it is for, as plain text.")
    meter: MeterFigures | None = Field(description="Null while no goal is set.")
    promised: PromisedFigures | None = Field(description="Null while no goal is set.")
    matches: list[MatchFigures]
    support_url: str


class Campaigns(Schema):
    """The campaigns that readers can give to, or none; the one on every page is the first."""

    items: list[Campaign]


class Month(Schema):
    """One month of a campaign, straight from the books; amounts as in the page that shows the working."""

    month: str
    currency: str
    gifts: int
    given: str
    reversals: int
    taken_back: str
    net: str
    goal: str
    percent: int


class Months(Schema):
    """All months that have bookings, the newest first."""

    items: list[Month]


Slug = Annotated[str, Path(pattern=r"^[-\w]{1,60}$", description="Short name of the campaign.")]


@router.get("/campaigns", response=Campaigns, summary="Campaigns with their meter")
def campaigns(request: HttpRequest, response: HttpResponse) -> Campaigns:
    """What the site collects for now."""
    shown = [_campaign(each) for each in shown_campaigns()]
    _keep(response, [TAG, BOOKS], [each.meter for each in shown])
    return Campaigns(items=[each.told for each in shown])


@router.get("/campaigns/{slug}", response=Campaign, summary="One campaign with its meter")
def campaign(request: HttpRequest, response: HttpResponse, slug: Slug) -> Campaign:
    """The campaign of this short name, while readers can give to it."""
    shown = _campaign(shown_campaign(slug))
    _keep(response, [TAG, campaign_tag(slug)], [shown.meter])
    return shown.told


@router.get("/campaigns/{slug}/months", response=Months, summary="The months of a campaign")
def campaign_months(request: HttpRequest, response: HttpResponse, slug: Slug) -> Months:
    """The figures behind the meter, month by month."""
    shown = shown_campaign(slug)
    _keep(response, [TAG, campaign_tag(slug)], [])
    rows = [dict(zip(presenters.CSV_COLUMNS, presenters.csv_row(row), strict=True)) for row in months(shown, now())]
    return Months(items=[Month.model_validate(row) for row in rows])


@dataclass(frozen=True)
class _Shown:
    told: Campaign
    meter: Meter | None


def _campaign(shown: models.Campaign) -> _Shown:
    current = meter_of_campaign(shown.slug, now())
    told = Campaign(
        slug=shown.slug,
        name=current.name if current else str(shown),
        currency=shown.currency,
        is_main=shown.is_active,
        text=shown.text,
        meter=_figures(current) if current else None,
        promised=_promised(current) if current else None,
        matches=[MatchFigures(**match_words.as_json(found)) for found in matches_of(shown.slug, now())],
        support_url=absolute_url(presenters.campaign_path(shown.slug, is_main=shown.is_active)),
    )
    return _Shown(told, current)


def _figures(current: Meter) -> MeterFigures:
    return MeterFigures(**presenters.meter_json(current)["meter"], bar_percent=current.bar_percent)


def _promised(current: Meter) -> PromisedFigures:
    return PromisedFigures(**promised_words.as_json(promised(current), current.period))


def _keep(response: HttpResponse, tags: list[str], meters: list[Meter | None]) -> None:
    """Let the edge keep figures until the day is over: then a day less is left, or a new period begins."""
    public(response, tags, until=min([next_day(now(), conf.zone()), *(each.stands_until for each in meters if each)]))

"""The meter for programs, below ``/api/v1/``: the figures that the bar shows, from the same books."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Path, Router, Schema

from masthead.core.clock import now
from masthead.core.http import absolute_url, public
from masthead.funding import conf, presenters
from masthead.funding.errors import NoCampaign
from masthead.funding.rules.months import next_day
from masthead.funding.selectors import Meter, active_campaign, meter, months

router = Router(tags=["campaigns"])
TAG = "meter"


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


class Campaign(Schema):
    """What is collected for."""

    slug: str
    name: str
    currency: str
    meter: MeterFigures | None = Field(description="Null while no goal is set.")
    support_url: str


class Campaigns(Schema):
    """The campaigns that the site shows: one at a time, or none."""

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
    _keep(response)
    shown = active_campaign()
    return Campaigns(items=[_campaign(shown.slug, shown.title, shown.currency)] if shown else [])


@router.get("/campaigns/{slug}", response=Campaign, summary="One campaign with its meter")
def campaign(request: HttpRequest, response: HttpResponse, slug: Slug) -> Campaign:
    """The campaign of this short name, while the site shows it."""
    shown = active_campaign()
    if shown is None or shown.slug != slug:
        raise NoCampaign()
    _keep(response)
    return _campaign(shown.slug, shown.title, shown.currency)


@router.get("/campaigns/{slug}/months", response=Months, summary="The months of a campaign")
def campaign_months(request: HttpRequest, response: HttpResponse, slug: Slug) -> Months:
    """The figures behind the meter, month by month."""
    shown = active_campaign()
    if shown is None or shown.slug != slug:
        raise NoCampaign()
    _keep(response)
    rows = [dict(zip(presenters.CSV_COLUMNS, presenters.csv_row(row), strict=True)) for row in months(shown, now())]
    return Months(items=[Month.model_validate(row) for row in rows])


def _campaign(slug: str, title: str, currency: str) -> Campaign:
    current = meter(now())
    return Campaign(
        slug=slug,
        name=current.name if current else title or slug,
        currency=currency,
        meter=_figures(current) if current else None,
        support_url=absolute_url(reverse("funding:support")),
    )


def _figures(current: Meter) -> MeterFigures:
    return MeterFigures(**presenters.meter_json(current)["meter"], bar_percent=current.bar_percent)


def _keep(response: HttpResponse) -> None:
    """Let the edge keep figures until the day is over: then a day less is left, or a new period begins."""
    public(response, [TAG], until=next_day(now(), conf.zone()))

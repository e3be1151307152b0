"""Over which time a campaign counts: by the site's calendar, whatever clocks do, and what held before stays known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding.campaign_errors import DaysMissing, DaysReversed, DaysUnasked, TitleMissing
from masthead.funding.models import CampaignGoal
from masthead.funding.presenters import meter_json, meter_sentence, meter_values
from masthead.funding.rules.months import month_of
from masthead.funding.rules.periods import Period, Terms, period_at
from masthead.funding.selectors import Meter, accounts_of_month, goal_history, meter, months
from masthead.funding.services import note_pledge, put_campaign, reverse_gift, set_goal, settle_payment
from masthead.funding.testing import make_campaign, make_gift
from tests.funding import lives
from tests.settings import CONFIG

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
ZONES = st.sampled_from(["America/New_York", "Pacific/Kiritimati", "Pacific/Apia", "Asia/Kolkata", "Europe/Berlin"])
INSTANTS = st.datetimes(datetime(2011, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows
DAYS = st.dates(date(2011, 1, 1), date(2036, 12, 31))
YEARLY, OPEN = Terms("year"), Terms("open")
APPEAL = Terms("dates", "gross", date(2026, 11, 10), date(2026, 11, 22))


def usd(minor: int) -> Money:
    """Return dollars."""
    return Money(minor, "USD")


def standing(moment: datetime = NOW) -> Meter:
    """Return the meter, which must be there."""
    current = meter(moment)
    assert current is not None
    return current


def in_new_york(*parts: int) -> datetime:
    """Return an instant by the site's clock."""
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


@given(INSTANTS, ZONES, st.sampled_from(["month", "year"]))
def test_every_instant_belongs_to_one_month_and_one_year(moment: datetime, key: str, kind: str) -> None:
    """M1, M2: half-open, by the wall calendar, also where a day was left out (Apia, 2011) or clocks change."""
    zone = ZoneInfo(key)
    own = period_at(Terms(kind), moment, zone)
    day = moment.astimezone(zone).date()
    assert own.first is not None
    assert own.last is not None
    assert own.starts_at is not None
    assert own.ends_at is not None
    assert own.contains(moment)
    assert own.starts_at <= moment < own.ends_at
    assert (own.first.day, own.first.year) == (1, day.year)
    assert (own.first.month, own.last.month) == ((1, 12) if kind == "year" else (day.month, day.month))
    following = period_at(Terms(kind), own.ends_at, zone)
    assert (following.starts_at, following.contains(moment)) == (own.ends_at, False)
    assert not own.contains(own.ends_at)
    assert own.contains(own.ends_at - timedelta(microseconds=1))


@given(INSTANTS, ZONES, DAYS, st.integers(0, 400))
def test_a_time_by_dates_holds_exactly_the_instants_of_its_days(
    moment: datetime, key: str, first: date, length: int
) -> None:
    zone = ZoneInfo(key)
    period = period_at(Terms("dates", "gross", first, first + timedelta(days=length)), moment, zone)
    assert period.starts_at is not None
    assert period.ends_at is not None
    assert period.contains(moment) == (period.starts_at <= moment < period.ends_at)
    left = period.days_left(moment)
    assert left is not None
    assert (left > 0) == (moment < period.ends_at)
    assert left <= length + 1
    assert period.has_begun(moment) == (period.starts_at <= moment)


def test_without_end_everything_belongs_and_no_day_is_the_last() -> None:
    period = period_at(OPEN, NOW, NEW_YORK)
    assert (period.starts_at, period.ends_at, period.days_left(NOW)) == (None, None, None)
    assert (period.contains(NOW), period.has_begun(NOW)) == (True, True)


def test_clock_changes_and_leap_days_count_as_days() -> None:
    """M2: the year 2028 has 366 days, and a day has 23 or 25 hours."""
    leap = period_at(YEARLY, in_new_york(2028, 2, 1), NEW_YORK)
    assert leap.days_left(in_new_york(2028, 1, 1)) == 366
    november = Period("dates", NEW_YORK, date(2026, 11, 1), date(2026, 11, 1))
    assert november.starts_at is not None
    assert november.ends_at is not None
    assert november.ends_at - november.starts_at == timedelta(hours=25)
    assert november.days_left(in_new_york(2026, 11, 1, 23, 59)) == 1


@pytest.mark.django_db
def test_a_year_turns_at_midnight_by_the_site_s_clock() -> None:
    with frozen(in_new_york(2026, 2, 1)):
        campaign = make_campaign(terms=YEARLY)
    for moment, minor in [
        ((2026, 1, 1), 1),
        ((2026, 7, 4), 20),
        ((2026, 12, 31, 23, 59, 59, 999_999), 300),
        ((2027, 1, 1), 4_000),
    ]:
        with frozen(in_new_york(2027, 2, 1)):
            make_gift(campaign=campaign, amount=usd(minor), received_at=in_new_york(*moment))
    last_instant = standing(in_new_york(2026, 12, 31, 23, 59, 59, 999_999))
    assert (last_instant.raised, last_instant.days_left, last_instant.name) == (usd(321), 1, "Fund of 2026")
    first_instant = standing(in_new_york(2027, 1, 1))
    assert (first_instant.raised, first_instant.days_left, first_instant.name) == (usd(4_000), 365, "Fund of 2027")
    assert first_instant.month is None


@pytest.mark.django_db
def test_from_one_day_to_another_both_days_count_and_later_facts_belong_to_the_day_of_the_gift() -> None:
    """M6: a reversal on another day lowers what its gift raised, and only that."""
    with frozen(in_new_york(2026, 11, 1)):
        campaign = make_campaign(title="Boat", terms=APPEAL)
    with frozen(in_new_york(2026, 12, 1)):
        before = make_gift(campaign=campaign, amount=usd(1), received_at=in_new_york(2026, 11, 9, 23, 59, 59))
        make_gift(campaign=campaign, amount=usd(20), received_at=in_new_york(2026, 11, 10))
        last = make_gift(campaign=campaign, amount=usd(300), received_at=in_new_york(2026, 11, 22, 23, 59, 59))
        make_gift(campaign=campaign, amount=usd(4_000), received_at=in_new_york(2026, 11, 23))
    assert standing(in_new_york(2026, 12, 1)).raised == usd(320)
    with frozen(in_new_york(2026, 11, 30)):
        reverse_gift(gift=last, reason="bounced")
        reverse_gift(gift=before, reason="bounced")
    assert standing(in_new_york(2026, 12, 1)).raised == usd(20)


@pytest.mark.django_db
def test_another_time_zone_moves_no_day_of_a_campaign_by_dates() -> None:
    """M4."""
    with frozen(in_new_york(2026, 11, 1)):
        campaign = make_campaign(title="Boat", terms=APPEAL)
    with frozen(in_new_york(2026, 11, 22, 23, 30)):
        make_gift(campaign=campaign)
    tokyo = replace(CONFIG, site=replace(CONFIG.site, time_zone="Asia/Tokyo"))
    with override_settings(MASTHEAD=tokyo):
        shown = standing(in_new_york(2026, 11, 22, 23, 40))
    assert (shown.raised, shown.days_left) == (usd(2_500), 1)
    assert shown.stands_until <= in_new_york(2026, 11, 23)


@pytest.mark.django_db
def test_without_end_everything_ever_given_counts() -> None:
    with frozen(NOW):
        campaign = make_campaign(title="Archive", terms=OPEN)
        for year in (2019, 2024, 2026):
            make_gift(campaign=campaign, amount=usd(100), received_at=datetime(year, 1, 1, tzinfo=UTC))
    shown = standing()
    assert (shown.raised, shown.days_left, meter_sentence(shown)) == (
        usd(300),
        None,
        "3\xa0$ of 5,000\xa0$ raised",
    )
    assert meter_values(shown, site_name="x")["left_text"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize("terms", [Terms(), YEARLY, OPEN, APPEAL, Terms("open", "net"), replace(APPEAL, counts="net")])
def test_a_meter_costs_two_queries_over_any_time(
    terms: Terms, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with frozen(NOW):
        campaign = make_campaign(title="Boat", terms=terms)
        for _ in range(5):
            make_gift(campaign=campaign)
    meter(NOW)
    with django_assert_num_queries(2):
        assert standing().raised == usd(12_500)


@pytest.mark.django_db
def test_what_held_before_stays_known() -> None:
    """M10: goal, time and what counts, each with the instant from which it held."""
    october, november = datetime(2026, 10, 10, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC)
    with frozen(october):
        campaign = make_campaign(title="Boat")
        make_gift(campaign=campaign)
    with frozen(november):
        set_goal(campaign_id=campaign.pk, goal=usd(900_000), terms=Terms("year", "net"))
        set_goal(campaign_id=campaign.pk, goal=usd(900_000), terms=Terms("year", "net"))
        set_goal(campaign_id=campaign.pk, goal=usd(900_000))
    assert [(goal.since, goal.terms.period) for goal in goal_history(campaign)] == [
        (november, "year"),
        (october, "month"),
    ]
    assert (standing(october).period.kind, standing(november - timedelta(seconds=1)).goal) == ("month", usd(500_000))
    assert (standing(november).period.kind, standing(november).counts) == ("year", "net")
    rows = {row.month.month: row.goal.amount_minor for row in months(campaign, NOW)}
    assert rows == {11: 0, 10: 500_000}
    (found,) = accounts_of_month(month_of(november, NEW_YORK), NOW)
    assert (found.goal, found.counts, [goal.terms.period for goal in found.goals]) == (usd(0), "net", ["year", "month"])


@pytest.mark.django_db
def test_after_fees_the_costs_are_taken_off_as_far_as_no_cover_paid_them() -> None:
    """M7: covered fees are never counted as extra."""
    with frozen(NOW):
        campaign = make_campaign(terms=Terms("month", "net"))
        make_gift(campaign=campaign, amount=usd(1_000))
        for key, cover, fee in [("pi_1", 0, 103), ("pi_2", 200, 109)]:
            pledge = note_pledge(campaign=campaign, amount=usd(2_500), cover=usd(cover), name="Ada", method="stripe")
            opened = lives.opened(pledge.public_id, external_id=key)
            settle_payment(lives.paid(opened, usd(2_500 + cover), fee=usd(fee), at=NOW))
        shown = standing()
        assert shown.raised == usd(1_000 + 2 * 2_500 - (103 + 109 - 200))
        assert meter_sentence(shown) == "59.88\xa0$ of 5,000\xa0$ raised after fees, 9 days left"
        assert meter_values(shown, site_name="x")["left_text"] == "after fees, 9 days left"
        (row,) = months(campaign, NOW)
        assert (row.net, row.counted, row.percent) == (usd(6_000), shown.raised, shown.percent)
        (account,) = accounts_of_month(row.month, NOW)
        assert (account.counted, account.percent) == (shown.raised, shown.percent)
        set_goal(campaign_id=campaign.pk, goal=usd(500_000), terms=Terms("month", "gross"))
        assert standing().raised == usd(6_000)


@pytest.mark.django_db
def test_fees_of_gifts_that_went_back_may_leave_less_than_nothing() -> None:
    """The text says what the books say; the bar and the meter's value stay within their range."""
    with frozen(NOW):
        campaign = make_campaign(terms=Terms("month", "net"))
        pledge = note_pledge(campaign=campaign, amount=usd(2_500), name="Ada", method="stripe")
        paid = lives.paid(lives.opened(pledge.public_id, external_id="pi_1"), usd(2_500), fee=usd(103))
        settle_payment(lives.refunded(paid, "re_1", usd(2_500)))
        shown = standing()
    values = meter_values(shown, site_name="x")
    assert (shown.raised, shown.percent, shown.bar_percent, values["now"]) == (usd(-103), 0, "0.0", "0")
    assert values["raised_text"] == "\N{MINUS SIGN}1.03\xa0$"
    assert meter_json(shown)["meter"]["counts"] == "net"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "title", "refusal"),
    [
        (Terms("dates", "gross", date(2026, 11, 1)), "Boat", DaysMissing),
        (Terms("dates", "gross", None, date(2026, 11, 1)), "Boat", DaysMissing),
        (Terms("dates", "gross", date(2026, 11, 2), date(2026, 11, 1)), "Boat", DaysReversed),
        (Terms("month", "gross", date(2026, 11, 2)), "Boat", DaysUnasked),
        (Terms("open", "gross", None, date(2026, 11, 1)), "Boat", DaysUnasked),
        (OPEN, "", TitleMissing),
        (APPEAL, "", TitleMissing),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_nothing_is_written(
    terms: Terms, title: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as refused:
        put_campaign(slug="boat", goal=usd(1), title=title, terms=terms)
    assert refused.value.message()
    assert CampaignGoal.objects.count() == 0


@pytest.mark.django_db
def test_the_database_refuses_days_that_do_not_fit() -> None:
    goal: dict[str, Any] = {"campaign": make_campaign(), "amount_minor": 1}
    for wrong in (
        {"period": "dates"},
        {"period": "dates", "starts_on": date(2026, 11, 2), "ends_on": date(2026, 11, 1)},
        {"period": "month", "starts_on": date(2026, 11, 2)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignGoal.objects.create(**goal, **wrong)


@pytest.mark.django_db
def test_before_it_begins_and_after_its_end_the_meter_says_so() -> None:
    with frozen(in_new_york(2026, 11, 1)):
        campaign = make_campaign(title="Boat", terms=APPEAL)
    assert meter_sentence(standing(in_new_york(2026, 11, 9, 12))).endswith("raised, begins on Nov. 10, 2026")
    assert standing(in_new_york(2026, 11, 9, 12)).days_left == 13
    assert meter_sentence(standing(in_new_york(2026, 11, 23))).endswith("raised, ended on Nov. 22, 2026")
    with frozen(in_new_york(2026, 11, 2)):
        set_goal(campaign_id=campaign.pk, goal=usd(1), terms=Terms("open", "net"))
    shown = standing()
    assert meter_sentence(shown) == "0\xa0$ of 0.01\xa0$ raised after fees"
    assert meter_values(shown, site_name="x")["left_text"] == "after fees"

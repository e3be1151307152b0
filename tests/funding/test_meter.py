"""The meter is a view on the books: whatever was booked in whatever order, it is their sum."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.campaign_errors import GoalNegative
from masthead.funding.errors import AlreadyReversed, CurrencyDiffers
from masthead.funding.models import Campaign, Gift
from masthead.funding.rules.months import month_of
from masthead.funding.selectors import Meter, ledger_problems, meter, months, open_campaign
from masthead.funding.services import put_campaign, reverse_gift, set_goal
from masthead.funding.testing import make_campaign, make_gift
from tests.properties import examples
from tests.settings import CONFIG

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def standing(moment: datetime = NOW) -> Meter:
    """Return the meter, which must be there."""
    current = meter(moment)
    assert current is not None
    return current


def in_new_york(*parts: int) -> datetime:
    """Return an instant by the site's clock."""
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


def test_the_meter_tells_all_that_the_bar_shows() -> None:
    with frozen(NOW):
        make_campaign()
        make_gift(amount=Money(163_900, "USD"))
    current = standing()
    assert current.name == "November fund"
    assert (current.raised, current.goal, current.half) == (
        Money(163_900, "USD"),
        Money(500_000, "USD"),
        Money(250_000, "USD"),
    )
    assert (current.percent, current.bar_percent, current.days_left, current.gifts) == (32, "32.7", 9, 1)
    assert current.as_of == NOW


def test_a_campaign_may_have_a_title_of_its_own_and_months_speak_the_page_s_language() -> None:
    with frozen(NOW):
        make_campaign(title="The boat")
        assert standing().name == "The boat"
        make_campaign()
    with translation.override("de"):
        assert standing().name == "Fonds für November"
    with translation.override("fr"):
        assert standing(NOW + timedelta(days=20)).name == "Cagnotte de décembre"


@pytest.mark.parametrize("count", [0, 1, 40])
def test_the_meter_costs_two_queries_whatever_was_given(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    with frozen(NOW):
        make_campaign()
        for _ in range(count):
            make_gift()
    with django_assert_num_queries(2):
        meter(NOW)
    campaign = open_campaign()
    with django_assert_num_queries(2):
        months(campaign, NOW)


def test_without_an_active_campaign_there_is_no_meter(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_campaign(active=False)
    with django_assert_num_queries(1):
        assert meter(NOW) is None


def test_a_month_turns_at_midnight_by_the_site_s_clock_without_any_job() -> None:
    """M1, M8: the last instant counts, the next one starts at zero."""
    with frozen(in_new_york(2026, 12, 15)):
        campaign = make_campaign()
    with frozen(in_new_york(2026, 12, 31, 23, 59, 59, 999_999)):
        make_gift(campaign=campaign, amount=Money(700, "USD"))
        assert standing(in_new_york(2026, 12, 31, 23, 59, 59, 999_999)).raised.amount_minor == 700
        assert standing(in_new_york(2027, 1, 1)).raised.amount_minor == 0
    with frozen(in_new_york(2027, 1, 1)):
        make_gift(campaign=campaign, amount=Money(11, "USD"))
    assert standing(in_new_york(2027, 1, 31)).raised.amount_minor == 11
    assert standing(in_new_york(2027, 1, 1)).days_left == 31
    assert standing(in_new_york(2027, 1, 31, 23)).days_left == 1


@pytest.mark.parametrize("month", [(2026, 3), (2026, 11), (2028, 2)])
def test_every_hour_of_a_month_counts_once(month: tuple[int, int]) -> None:
    """M2: months in which clocks change, and a leap February, neither lose nor double an hour."""
    first = datetime(*month, 1, tzinfo=NEW_YORK).astimezone(UTC)
    end = (first + timedelta(days=32)).astimezone(NEW_YORK).replace(day=1, hour=0, minute=0).astimezone(UTC)
    hours = int((end - first) / timedelta(hours=1))
    with frozen(first - timedelta(days=40)):
        campaign = make_campaign()
    with frozen(end + timedelta(days=1)), transaction.atomic():
        for hour in range(-2, hours + 2):
            make_gift(campaign=campaign, amount=Money(1, "USD"), received_at=first + timedelta(hours=hour))
    assert standing(end - timedelta(seconds=1)).raised.amount_minor == hours
    assert standing(end).raised.amount_minor == 2


def test_another_time_zone_rewrites_no_month() -> None:
    """M4: the month of a booking is fixed when it is booked."""
    late = in_new_york(2026, 10, 31, 23, 30)
    with frozen(in_new_york(2026, 10, 15)):
        campaign = make_campaign()
    with frozen(late):
        gift = make_gift(campaign=campaign)
    tokyo = replace(CONFIG, site=replace(CONFIG.site, time_zone="Asia/Tokyo"))
    with override_settings(MASTHEAD=tokyo), frozen(NOW):
        assert [(row.month.month, row.net.amount_minor) for row in months(campaign, NOW)] == [(11, 0), (10, 2500)]
        reverse_gift(gift=gift, reason="bounced")
        assert [(row.month.month, row.net.amount_minor) for row in months(campaign, NOW)] == [(11, 0), (10, 0)]


def test_more_than_the_goal_is_said_and_not_drawn() -> None:
    """C9: the text exceeds, the bar does not."""
    with frozen(NOW):
        make_campaign(goal=Money(10_000, "USD"))
        make_gift(amount=Money(25_000, "USD"))
    assert (standing().percent, standing().bar_percent) == (250, "100.0")


def test_a_goal_of_zero_hides_the_meter_and_changes_keep_their_time() -> None:
    """M10: each month shows the goal that was last set for it."""
    october, november = datetime(2026, 10, 10, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC)
    with frozen(october):
        campaign = make_campaign(goal=Money(400_000, "USD"))
    with frozen(november):
        set_goal(campaign_id=campaign.pk, goal=Money(500_000, "USD"))
        set_goal(campaign_id=campaign.pk, goal=Money(500_000, "USD"))
        make_gift(received_at=october)
    assert campaign.goals.count() == 2
    assert standing(november - timedelta(seconds=1)).goal == Money(400_000, "USD")
    assert standing(november).goal == Money(500_000, "USD")
    assert [row.goal.amount_minor for row in months(campaign, NOW)] == [500_000, 400_000]
    with frozen(NOW):
        set_goal(campaign_id=campaign.pk, goal=Money(0, "USD"))
    assert meter(NOW) is None


def test_months_before_the_first_goal_have_none() -> None:
    """M3: imported money of earlier months stands in its own month."""
    with frozen(NOW):
        campaign = make_campaign()
        make_gift(received_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
    rows = {row.month: (row.net.amount_minor, row.goal.amount_minor, row.percent) for row in months(campaign, NOW)}
    assert rows == {date(2026, 11, 1): (0, 500_000, 0), date(2024, 2, 1): (2500, 0, 0)}


def test_a_goal_is_not_negative_and_not_of_another_currency() -> None:
    campaign = make_campaign()
    with pytest.raises(GoalNegative) as negative:
        set_goal(campaign_id=campaign.pk, goal=Money(-1, "USD"))
    assert "below zero" in negative.value.message()
    with pytest.raises(CurrencyDiffers):
        put_campaign(slug="fund", goal=Money(1, "EUR"))
    assert campaign.goals.count() == 1


def test_one_campaign_is_active_at_a_time() -> None:
    make_campaign(slug="old")
    make_campaign(slug="new")
    assert list(Campaign.objects.filter(is_active=True).values_list("slug", flat=True)) == ["new"]
    put_campaign(slug="old", goal=Money(500_000, "USD"))
    assert open_campaign().slug == "old"


MOMENTS = st.datetimes(datetime(2026, 8, 28), datetime(2026, 11, 22), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("gift"), st.integers(1, 10**9), MOMENTS),
        st.tuples(st.just("reversal"), st.integers(0, 20), MOMENTS),
    ),
    max_size=12,
)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.sampled_from(["America/New_York", "Pacific/Kiritimati", "Asia/Kolkata", "UTC"]))
def test_whatever_happens_the_figures_are_the_sum_of_the_books(
    steps: list[tuple[str, int, datetime]], zone: str
) -> None:
    """L2, L4, M6, M9: any sequence of gifts and reversals, in any zone, booked at any time."""
    here = replace(CONFIG, site=replace(CONFIG.site, time_zone=zone))
    expected: dict[date, int] = defaultdict(int)
    with transaction.atomic(), override_settings(MASTHEAD=here), frozen(NOW):
        campaign, gifts, reversed_ones = make_campaign(), [], set()
        for kind, number, moment in steps:
            if kind == "gift":
                gifts.append((make_gift(campaign=campaign, amount=Money(number, "USD"), received_at=moment), number))
                expected[month_of(moment, ZoneInfo(zone))] += number
            elif gifts:
                gift, minor = gifts[number % len(gifts)]
                if gift.pk in reversed_ones:
                    with pytest.raises(AlreadyReversed):
                        reverse_gift(gift=gift, reason="bounced")
                    continue
                reverse_gift(gift=gift, reason="bounced")
                reversed_ones.add(gift.pk)
                expected[gift.journal.month] -= minor
        shown = {row.month: row.net.amount_minor for row in months(campaign, NOW)}
        this_month = month_of(NOW, ZoneInfo(zone))
        assert shown == {this_month: 0, **expected}
        assert standing().raised.amount_minor == shown[this_month] >= 0
        assert ledger_problems() == []
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_gifts_that_arrive_at_once_all_count_and_none_counts_twice() -> None:
    """M9, L3: eight writers, four of which bring the same bank line."""
    past = datetime(2020, 2, 28, 12, tzinfo=UTC)  # other threads see the real clock
    with frozen(past - timedelta(days=1)):
        campaign = make_campaign()
    barrier = threading.Barrier(8)
    failures: list[Exception] = []

    def give(number: int) -> None:
        try:
            barrier.wait(10)
            make_gift(
                campaign=campaign,
                amount=Money(100, "USD"),
                received_at=past - timedelta(hours=number),
                external_id="line-3" if number < 4 else f"own-{number}",
            )
        except Exception as failure:  # noqa: BLE001 - shown by the test itself
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert standing(past).raised.amount_minor == 500
    assert Gift.objects.count() == 5
    assert ledger_problems() == []


@pytest.mark.django_db(transaction=True)
def test_a_gift_reversed_by_two_at_once_is_reversed_once() -> None:
    gift = make_gift()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def take_back() -> None:
        try:
            mine = Gift.objects.select_related("journal", "campaign").get(pk=gift.pk)
            barrier.wait(10)
            reverse_gift(gift=mine, reason="bounced")
            outcomes.append("reversed")
        except AlreadyReversed:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=take_back) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["refused", "reversed"]
    assert ledger_problems() == []

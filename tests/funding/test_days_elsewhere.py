"""Days and months are those of the zone that is asked for, whatever zone the process itself lives in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from masthead.funding.rules import months
from masthead.funding.rules.periods import DATES, MONTH, OPEN, YEAR, Period, Terms, period_at

# Neither is the test site's own zone, and both show another day than it at this instant.
KIRITIMATI, KOLKATA = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Asia/Kolkata")
EVENING = datetime(2026, 11, 30, 20, tzinfo=UTC)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


@pytest.mark.parametrize(("zone", "behind"), [(KIRITIMATI, 14), (KOLKATA, 5.5)])
def test_m1_a_month_and_a_day_begin_at_midnight_of_the_zone_and_are_told_in_utc(zone: ZoneInfo, behind: float) -> None:
    midnight = datetime(2026, 12, 1, tzinfo=UTC) - timedelta(hours=behind)
    for begun in (months.month_start(FIRST, zone), months.day_start(EVENING, zone), period_of(zone).starts_at):
        assert begun == midnight
        assert begun is not None
        assert begun.tzinfo is UTC
    assert months.next_day(EVENING, zone) == midnight + timedelta(days=1)
    assert months.next_day(EVENING, zone).tzinfo is UTC
    assert period_of(zone).ends_at == midnight + timedelta(days=31)


def period_of(zone: ZoneInfo) -> Period:
    """Return December in a zone."""
    return Period(MONTH, zone, FIRST, LAST)


def test_m3_money_of_a_day_counts_at_noon_of_the_zone() -> None:
    later = datetime(2026, 12, 5, tzinfo=UTC)
    assert months.received_instant(FIRST, KIRITIMATI, later) == datetime(2026, 11, 30, 22, tzinfo=UTC)
    # It is the first of December there already, before noon: the gift of today is not in the future.
    assert months.received_instant(FIRST, KIRITIMATI, EVENING) == EVENING
    # A day that is not today there stays at noon, even where the process's own calendar still shows it.
    assert months.received_instant(date(2026, 11, 30), KIRITIMATI, EVENING) == datetime(2026, 11, 29, 22, tzinfo=UTC)


def test_m1_a_campaign_has_begun_and_ends_by_the_days_of_its_zone() -> None:
    period = period_at(Terms(DATES, starts_on=FIRST, ends_on=FIRST), EVENING, KIRITIMATI)
    assert period.zone is KIRITIMATI
    assert period.has_begun(EVENING)
    assert period.days_left(EVENING) == 1
    assert period.days_left(EVENING + timedelta(days=1)) == 0
    assert not period.has_begun(datetime(2026, 11, 30, 9, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize("kind", [MONTH, YEAR])
def test_m1_months_and_years_of_a_campaign_are_told_in_its_zone(kind: str) -> None:
    period = period_at(Terms(kind), EVENING, KIRITIMATI)
    assert period.zone is KIRITIMATI
    assert period.contains(EVENING)


def test_m1_a_campaign_without_end_is_told_in_its_zone_too() -> None:
    assert period_at(Terms(OPEN), EVENING, KOLKATA).zone is KOLKATA


@pytest.mark.parametrize(("every", "apart"), [("month", 1), ("year", 12), ("once", 1)])
def test_a_rhythm_that_is_not_told_yet_is_taken_for_monthly(every: str, apart: int) -> None:
    assert months.months_apart(every) == apart


@pytest.mark.parametrize(
    ("moment", "later", "expected"),
    [
        (datetime(2026, 1, 31, 8, tzinfo=UTC), 1, datetime(2026, 2, 28, 8, tzinfo=UTC)),
        (datetime(2027, 12, 1, 8, tzinfo=UTC), 2, datetime(2028, 2, 1, 8, tzinfo=UTC)),
        (datetime(2026, 10, 31, 8, tzinfo=UTC), 1, datetime(2026, 11, 30, 8, tzinfo=UTC)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one(moment: datetime, later: int, expected: datetime) -> None:
    assert months.months_later(moment, later) == expected

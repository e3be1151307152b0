"""Dates and amounts of other systems' tables, at the edges of what each can mean: read exactly, or refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from masthead.core.money import Money
from masthead.funding.rules.written import Unreadable, Written, read_figure, read_written

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 3, 12, tzinfo=NEW_YORK)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return an instant of the third by New York's clocks."""
    return datetime(2026, 11, 3, hour, minute, second, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-03", NOON),
        ("OCT 3, 2026", datetime(2026, 10, 3, 12, tzinfo=NEW_YORK)),
        ("3 November 2026, 10:00", at(10)),
        ("10:00, 3 November 2026", at(10)),
        ("3 November 2026\t10:00:07", at(10, 0, 7)),
        ("2026-11-03T10:00", at(10)),
        ("2026-11-03 10:00:07.250", at(10, 0, 7)),
        # Half days: twelve is the first hour of each.
        ("2026-11-03 12:05 am", at(0, 5)),
        ("2026-11-03 1:05 AM", at(1, 5)),
        ("2026-11-03 11:59 am", at(11, 59)),
        ("2026-11-03 12:05 PM", at(12, 5)),
        ("2026-11-03 1:05 pm", at(13, 5)),
        ("2026-11-03 11:59:58 pm", at(23, 59, 58)),
        # A written distance from UTC counts, not the site's zone.
        ("3 Nov 2026 10:00 UTC", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("2026-11-03T10:00:00 UTC", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("2026-11-03T10:00:00 GMT", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("2026-11-03T10:00:00Z", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("2026-11-03 10:00 -05:30", datetime(2026, 11, 3, 10, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
        ("2026-11-03T10:00+1030", datetime(2026, 11, 3, 10, tzinfo=timezone(timedelta(hours=10, minutes=30)))),
    ],
)
def test_m3_a_written_time_is_the_instant_that_it_says_and_a_day_alone_its_noon(text: str, instant: datetime) -> None:
    read = read_written(text, "ymd").instant(NEW_YORK)
    assert (read, read.utcoffset()) == (instant, instant.utcoffset())


def test_m2_the_noon_of_a_day_alone_is_of_its_own_summer_or_winter() -> None:
    for day, hour in ((date(2026, 7, 1), 16), (date(2026, 12, 1), 17)):
        assert Written(day).instant(NEW_YORK) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("1/2/2026", "dmy", date(2026, 2, 1)),
        ("1/2/2026", "mdy", date(2026, 1, 2)),
        ("01/02/26", "mdy", date(2026, 1, 2)),
        ("2026-1-2", "ymd", date(2026, 1, 2)),
    ],
)
def test_figures_of_a_date_are_read_in_the_order_that_was_chosen(text: str, order: str, day: date) -> None:
    assert read_written(text, order) == Written(day)


@pytest.mark.parametrize(
    ("text", "order", "named"),
    [
        ("2026-11-003", "ymd", "2026-11-003"),
        ("003/11/2026", "dmy", "003/11/2026"),
        ("011/03/2026", "mdy", "011/03/2026"),
        ("26-11-03", "ymd", "26-11-03"),
        ("3/11/226", "dmy", "3/11/226"),
        ("20261103X", "ymd", "20261103X"),
        ("31 Feb 2026", "dmy", "31 Feb 2026"),
        ("Smarch 3, 2026 10:00", "mdy", "Smarch 3, 2026"),
        ("soon", "dmy", "soon"),
        ("3 Nov 2026 13:00 pm", "dmy", "13:00 pm"),
        ("3 Nov 2026 0:30 am", "dmy", "0:30 am"),
        ("3 Nov 2026 25:00", "dmy", "25:00"),
    ],
)
def test_what_is_no_date_is_refused_by_name(text: str, order: str, named: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_written(text, order)
    assert refusal.value.args == (named,)


@pytest.mark.parametrize(
    ("text", "currency", "sign", "minor"),
    [
        ("$25.00", "USD", ".", 2500),
        ("25,00 €", "EUR", ",", 2500),
        ("1,000.50", "USD", ".", 100050),
        ("1.000,50", "EUR", ",", 100050),
        ("1'000.50", "CHF", ".", 100050),
        # A minus on either side, and an accountant's brackets.
        ("-25.00", "USD", ".", -2500),
        ("−25.00", "USD", ".", -2500),
        ("25.00-", "USD", ".", -2500),
        ("25,00−", "EUR", ",", -2500),
        ("(25.00)", "USD", ".", -2500),
        ("-$25.00", "USD", ".", -2500),
        ("($25.00)", "USD", ".", -2500),
        ("25,00 €-", "EUR", ",", -2500),
        ("$-25.00", "USD", ".", -2500),
        ("+25.00", "USD", ".", 2500),
        # Noughts beyond the minor unit say nothing.
        ("25.0000", "USD", ".", 2500),
        ("2500.00", "JPY", ".", 2500),
        ("5.1200", "KWD", ".", 5120),
        ("0.120", "USD", ".", 12),
        # Four digits are not grouped, so that the sign behind them is a decimal sign.
        ("1000.000", "USD", ".", 100000),
        ("100.000", "KWD", ".", 100000),
        ("5.12", "KWD", ".", 5120),
    ],
)
def test_c1_a_written_amount_is_read_to_the_minor_unit(text: str, currency: str, sign: str, minor: int) -> None:
    assert read_figure(text, currency, sign) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "sign"),
    [
        ("", "USD", "."),
        ("much", "USD", "."),
        ("25.001", "USD", "."),
        ("25.0001", "USD", "."),
        ("0.125", "USD", "."),
        ("2500.5", "JPY", "."),
        ("1.000", "USD", "."),
        ("100.000", "USD", "."),
        ("100,000", "EUR", ","),
        # Letters group no figures, and other scripts' digits are not guessed.
        ("1X000.00", "USD", "."),
        ("1X000,00", "EUR", ","),
        ("٢٥.00", "USD", "."),
        ("-X-25.00", "USD", "."),
        ("-$-25.00", "USD", "."),
        ("9" * 30, "USD", "."),
    ],
)
def test_what_is_no_amount_is_refused_by_name(text: str, currency: str, sign: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_figure(text, currency, sign)
    assert refusal.value.args == (text,)

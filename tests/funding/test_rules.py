"""The arithmetic of months, books, bars, references and typed amounts."""

from __future__ import annotations

import contextlib
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.money import MINOR_DIGITS, CurrenciesDiffer, Money, Style, format_money
from masthead.funding.rules import ledger, months, progress, reference
from masthead.funding.rules.ledger import Posting
from masthead.funding.rules.typed_amount import NotAnAmount, read_amount

ZONES = st.sampled_from(sorted(zoneinfo.available_timezones() - {"Factory", "localtime"}))
MOMENTS = st.integers(631_152_000, 2_840_140_800).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)  # 1990 to 2059
AMOUNTS = st.integers(1, 10**12)


@pytest.mark.parametrize(
    ("moment", "zone", "month"),
    [
        ("2026-11-30T23:59:59.999999+00:00", "UTC", date(2026, 11, 1)),
        ("2026-12-01T00:00:00+00:00", "UTC", date(2026, 12, 1)),
        ("2026-12-01T04:59:59.999999+00:00", "America/New_York", date(2026, 11, 1)),
        ("2026-12-01T05:00:00+00:00", "America/New_York", date(2026, 12, 1)),
        ("2028-02-29T23:59:59+00:00", "UTC", date(2028, 2, 1)),
        ("2026-10-31T10:00:00+00:00", "Pacific/Kiritimati", date(2026, 11, 1)),
        # Clocks went back from 00:01 to 23:01 on the first of November: the month began, stopped and began again.
        ("2009-11-01T02:30:30+00:00", "America/St_Johns", date(2009, 11, 1)),
        ("2009-11-01T02:45:00+00:00", "America/St_Johns", date(2009, 10, 1)),
        ("2009-11-01T03:30:00+00:00", "America/St_Johns", date(2009, 11, 1)),
    ],
)
def test_a_month_ends_where_the_wall_calendar_turns(moment: str, zone: str, month: date) -> None:
    """M1, M2: half-open by the site's calendar, whatever the clocks do."""
    assert months.month_of(datetime.fromisoformat(moment), ZoneInfo(zone)) == month


@given(MOMENTS, ZONES)
def test_each_instant_belongs_to_one_month_in_every_zone(moment: datetime, key: str) -> None:
    """M1, M2: no instant of a random zone falls between two months or into a month far away."""
    zone = ZoneInfo(key)
    month = months.month_of(moment, zone)
    local = moment.astimezone(zone)
    assert month.day == 1
    assert month <= local.date() < months.next_month(month)


@given(ZONES, st.integers(1990, 2059), st.integers(1, 12), st.integers(1, 3599))
def test_the_last_second_and_the_first_fall_into_different_months(
    key: str, year: int, number: int, seconds: int
) -> None:
    """M1: 23:59:59 of the last day and 00:00:00 of the first are never one month."""
    zone = ZoneInfo(key)
    first = datetime(year, number, 1, tzinfo=zone)
    last = datetime(year, number, 1, tzinfo=zone) - timedelta(seconds=seconds)
    assert months.month_of(first, zone) == date(year, number, 1)
    assert months.month_of(last, zone) < date(year, number, 1)


@given(MOMENTS, ZONES)
def test_days_left_count_today_and_end_with_the_month(moment: datetime, key: str) -> None:
    """M1: on the last day one day is left, and tomorrow is another month."""
    zone = ZoneInfo(key)
    left = months.days_left(moment, zone)
    today = moment.astimezone(zone).date()
    assert 1 <= left <= 31
    assert (today + timedelta(days=left)).day == 1
    assert (today + timedelta(days=left - 1)).month == today.month


def test_an_instant_without_a_zone_belongs_to_no_month() -> None:
    with pytest.raises(ValueError, match="zone"):
        months.month_of(datetime(2026, 11, 1), ZoneInfo("UTC"))  # noqa: DTZ001 - the naive one is refused


def test_money_of_a_day_counts_at_noon_and_today_at_most_now() -> None:
    """M3: the day decides; a gift of this morning is not in the future."""
    zone = ZoneInfo("America/New_York")
    now = datetime(2026, 11, 22, 13, tzinfo=UTC)
    assert months.received_instant(date(2026, 11, 22), zone, now) == now
    assert months.received_instant(date(2026, 11, 22), zone, now + timedelta(hours=9)).hour == 17
    assert months.received_instant(date(2026, 7, 1), zone, now) == datetime(2026, 7, 1, 16, tzinfo=UTC)


@given(AMOUNTS, st.sampled_from(["bank_transfer", "cash"]))
def test_a_gift_and_its_mirror_sum_to_zero(minor: int, method: str) -> None:
    """L2: on their own and together."""
    postings = ledger.gift_postings(method=method, campaign="fund", amount=Money(minor, "EUR"))
    undone = ledger.mirrored(postings)
    assert ledger.is_journal(postings)
    assert ledger.is_journal(undone)
    assert ledger.imbalance(p.amount for p in [*postings, *undone]) == {}


@pytest.mark.parametrize(
    "sides",
    [
        [],
        [Money(0, "USD"), Money(0, "USD")],
        [Money(5, "USD")],
        [Money(5, "USD"), Money(-4, "USD")],
        [Money(5, "USD"), Money(-5, "EUR")],
    ],
)
def test_what_does_not_sum_to_zero_in_each_currency_is_no_journal(sides: list[Money]) -> None:
    """L2."""
    assert not ledger.is_journal([Posting("a", side) for side in sides])


@pytest.mark.parametrize(
    ("raised", "goal", "percent", "bar", "rest"),
    [
        (0, 500_000, 0, "0.0", "100.0"),
        (163_900, 500_000, 32, "32.7", "67.3"),
        (498_000, 500_000, 99, "99.6", "0.4"),
        (499_999, 500_000, 99, "99.9", "0.1"),
        (500_000, 500_000, 100, "100.0", "0.0"),
        (750_000, 500_000, 150, "100.0", "0.0"),
        (100, 0, 0, "0.0", "100.0"),
    ],
)
def test_percent_is_rounded_down_and_the_bar_ends_at_the_goal(
    raised: int, goal: int, percent: int, bar: str, rest: str
) -> None:
    """C9: 99.6 % never reads 100 %; the text may exceed what the bar cannot."""
    pair = Money(raised, "USD"), Money(goal, "USD")
    assert progress.percent(*pair) == percent
    assert progress.bar_percent(*pair) == bar
    assert progress.rest_of(bar) == rest


def test_a_share_of_another_currency_is_refused() -> None:
    """C2."""
    with pytest.raises(CurrenciesDiffer):
        progress.percent(Money(1, "USD"), Money(1, "EUR"))


@pytest.mark.parametrize(
    ("currency", "amounts"),
    [("USD", ["10", "25", "60"]), ("JPY", ["1000", "2500", "6000"]), ("KWD", ["10", "25", "60"])],
)
def test_three_amounts_are_offered_in_every_kind_of_currency(currency: str, amounts: list[str]) -> None:
    assert [money.plain for money in progress.suggested(currency)] == amounts


def test_ticks_derive_from_the_goal() -> None:
    """M10: the middle is half the goal, in whole units of the smallest coin."""
    assert progress.half(Money(500_000, "USD")) == Money(250_000, "USD")
    assert progress.half(Money(5, "JPY")) == Money(2, "JPY")


def test_the_standards_own_example_is_reproduced() -> None:
    """ISO 11649: the creditor reference 539007547034 has the check digits 18."""
    assert reference.with_check_digits("539007547034") == "RF18539007547034"


def test_a_reference_is_known_however_it_was_typed() -> None:
    assert reference.spaced("RF18539007547034") == "RF18 5390 0754 7034"
    for typed in (" rf18 5390 0754 7034 ", "RF18-5390-0754-7034", "RFl8 539O O754 7O34"):
        assert reference.normalised(typed) == "RF18539007547034"


@pytest.mark.parametrize(
    "typed", ["", "RF", "RF1853900754703", "RF185390075470344", "XX18539007547034", "RF18\u0661" * 3]
)
def test_what_is_no_reference_is_none(typed: str) -> None:
    assert reference.normalised(typed) is None


BODIES = st.text("0123456789", min_size=12, max_size=12)


@given(BODIES, st.integers(2, 15), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, digit: str) -> None:
    """ISO 7064: modulus 97-10 finds every single wrong digit."""
    code = reference.with_check_digits(body)
    wrong = code[:place] + digit + code[place + 1 :]
    assert reference.normalised(wrong) == (code if wrong == code else None)


@given(BODIES, st.integers(2, 14))
def test_two_swapped_digits_are_always_noticed(body: str, place: int) -> None:
    """ISO 7064: modulus 97-10 finds every swap of neighbours."""
    code = reference.with_check_digits(body)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert reference.normalised(wrong) == (code if wrong == code else None)


def test_new_references_are_valid_and_differ() -> None:
    made = {reference.new_reference() for _ in range(200)}
    assert len(made) == 200
    assert all(reference.normalised(code) == code for code in made)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("25", "USD", 2500),
        (" 25.5 ", "USD", 2550),
        ("25,50", "EUR", 2550),
        ("$25", "USD", 2500),
        ("25 $", "USD", 2500),
        ("USD 1,639.00", "USD", 163900),
        ("1.639,00 €", "EUR", 163900),
        ("1 639,00 $ US", "USD", 163900),
        ("1\u00a0639", "USD", 163900),
        ("1'639.50", "CHF", 163950),
        ("1,639", "USD", 163900),
        ("1.639", "EUR", 163900),
        ("1,234,567", "USD", 123456700),
        ("2500", "JPY", 2500),
        ("2,500", "JPY", 2500),
        ("5.12", "KWD", 5120),
        ("1,234.567", "KWD", 1234567),
        ("1,234,567", "KWD", 1234567000),
        ("007", "USD", 700),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, currency: str, minor: int) -> None:
    assert read_amount(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", "USD"),
        ("a lot", "USD"),
        ("-5", "USD"),
        ("−5", "USD"),
        ("+5", "USD"),
        ("5 or 6", "USD"),
        ("1e3", "USD"),
        ("5..5", "USD"),
        (".5", "USD"),
        ("1,2,3", "USD"),
        ("1234,567", "USD"),
        ("0,639", "USD"),
        ("25 50", "USD"),
        ("12.345.6", "USD"),
        ("1.2345", "USD"),
        ("0.5", "JPY"),
        ("1,639", "KWD"),
        ("9" * 19, "USD"),
        ("5%3", "USD"),
        ("5%", "USD"),
        ("25-", "USD"),
        (",639", "USD"),
    ],
)
def test_what_could_mean_two_things_is_refused_by_name(typed: str, currency: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        read_amount(typed, currency)
    assert refusal.value.args == (typed,)


@given(AMOUNTS, st.sampled_from(sorted(MINOR_DIGITS)), st.sampled_from(["1,639 $", "$1,639"]))
def test_what_we_write_can_be_typed_back(minor: int, currency: str, style: Style) -> None:
    """C5, C10: except where a figure of three decimals could be thousands, which is refused and never misread."""
    money = Money(minor, currency)
    try:
        assert read_amount(format_money(money, style=style), currency) == money
    except NotAnAmount:
        assert MINOR_DIGITS[currency] == 3


@given(st.text(max_size=40), st.sampled_from(["USD", "JPY", "KWD"]))
def test_any_text_is_an_amount_or_a_refusal(typed: str, currency: str) -> None:
    with contextlib.suppress(NotAnAmount):
        assert read_amount(typed, currency).amount_minor >= 0

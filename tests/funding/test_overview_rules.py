"""Months, supporters and cohorts: worked examples by hand, and what holds for every history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.money import CurrenciesDiffer, Money
from masthead.funding.rules.gift_months import Given, gift_month
from masthead.funding.rules.retention import cohorts
from masthead.funding.rules.supporters import IncomeMonth, State, income_months, people_months, standings

MONTHS = [date(2026, number, 1) for number in range(8, 13)]
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = MONTHS
STARTS = [datetime(2026, month.month, 1, tzinfo=UTC) for month in MONTHS] + [datetime(2027, 1, 1, tzinfo=UTC)]
JULY = STARTS[0] - timedelta(days=9)
PEOPLE = st.sampled_from("abcd")


def usd(minor: int) -> Money:
    """Return dollars from cents."""
    return Money(minor, "USD")


def gave(person: str, came: int, left: int | None = None, *, repeats: bool = False) -> Given:
    """Return a gift of November."""
    return Given(NOVEMBER, person, usd(came), usd(came if left is None else left), repeats)


def test_a_month_by_hand() -> None:
    row = gift_month(
        NOVEMBER,
        "USD",
        [gave("a", 1000), gave("a", 2500, repeats=True), gave("b", 6000, 3001), gave("c", 5000, 0), gave("d", 400)],
    )
    assert (row.raised, row.gifts, row.givers) == (usd(6901), 4, 3)
    assert row.average == usd(1725), "1725.25, rounded down"
    assert row.median == usd(1750), "between 10.00 and 25.00"
    assert row.repeated_percent == 36, "36.2"
    assert (row.refunds, row.refunded) == (2, usd(7999))


@pytest.mark.parametrize(
    ("gifts", "median"), [([700], 700), ([1, 700], 350), ([1, 700, 900], 700), ([1, 500, 700, 9000], 600)]
)
def test_the_median_is_the_one_in_the_middle_or_half_of_the_two(gifts: list[int], median: int) -> None:
    assert gift_month(NOVEMBER, "USD", [gave("a", came) for came in gifts]).median == usd(median)


def test_a_month_without_gifts_tells_no_average() -> None:
    row = gift_month(NOVEMBER, "USD", [gave("a", 2500, 0)])
    assert (row.raised, row.gifts, row.average, row.median, row.repeated_percent) == (usd(0), 0, None, None, None)


def test_c2_two_currencies_never_meet_in_a_month() -> None:
    with pytest.raises(CurrenciesDiffer):
        gift_month(NOVEMBER, "USD", [gave("a", 1000), Given(NOVEMBER, "b", Money(1, "EUR"), Money(1, "EUR"), False)])


@given(st.lists(st.tuples(PEOPLE, st.integers(1, 10**6), st.integers(0, 100), st.booleans()), max_size=30))
def test_what_holds_for_every_month(gifts: list[tuple[str, int, int, bool]]) -> None:
    """C9: no share is more than it is; M6: what went back is off, whoever gave it."""
    rows = [gave(person, came, came * part // 100, repeats=repeats) for person, came, part, repeats in gifts]
    row = gift_month(NOVEMBER, "USD", rows)
    assert row.raised + row.refunded == usd(sum(came for _person, came, _part, _repeats in gifts))
    assert row.givers <= row.gifts <= len(gifts)
    if row.average is None or row.median is None or row.repeated_percent is None:
        assert row.gifts == 0
        return
    standing = [each.left.amount_minor for each in rows if each.left.amount_minor]
    assert min(standing) <= row.median.amount_minor <= max(standing)
    assert row.average.amount_minor * row.gifts <= row.raised.amount_minor
    assert (row.repeated_percent == 100) == all(each.repeats for each in rows if each.left.amount_minor)


def test_cohorts_by_hand() -> None:
    found = cohorts(
        [
            *[("a", AUGUST), ("b", AUGUST), ("c", AUGUST), ("a", SEPTEMBER), ("a", SEPTEMBER), ("b", NOVEMBER)],
            *[("d", NOVEMBER), ("old", date(2025, 3, 1)), ("old", NOVEMBER)],
        ],
        [("a", AUGUST), ("a", OCTOBER), ("d", OCTOBER), ("nobody", AUGUST)],
        MONTHS,
    )
    assert [(row.month, row.people, row.kept) for row in found] == [
        (AUGUST, 3, (3, 1, 1, 1, 0)),
        (SEPTEMBER, 0, (0, 0, 0, 0)),
        (OCTOBER, 0, (0, 0, 0)),
        (NOVEMBER, 1, (1, 0)),
        (DECEMBER, 0, (0,)),
    ]
    assert found[0].percents == (100, 33, 33, 33, 0)
    assert found[0].cells[:2] == [(3, 100, 10), (1, 33, 3)]
    assert found[1].percents == (0, 0, 0, 0)


def test_what_was_given_after_the_last_month_is_kept_in_none() -> None:
    [august, september] = cohorts([("a", AUGUST), ("a", SEPTEMBER), ("a", OCTOBER), ("b", OCTOBER)], [], MONTHS[:2])
    assert (august.kept, september.kept) == ((1, 1), (0,))


GAVE = st.lists(st.tuples(PEOPLE, st.sampled_from([date(2026, 3, 1), *MONTHS])), max_size=40)


@given(GAVE, GAVE)
def test_every_cohort_begins_whole_and_never_shows_more(
    gifts: list[tuple[str, date]], stayed: list[tuple[str, date]]
) -> None:
    found = cohorts(gifts, stayed, MONTHS)
    assert sum(row.people for row in found) <= len({person for person, _month in gifts})
    for row in found:
        assert row.kept[0] == row.people
        assert all(0 <= count <= row.people for count in row.kept)
        assert all((percent == 100) == (count == row.people > 0) for count, percent, _shade in row.cells)
        assert all(0 <= shade <= 10 for _count, _percent, shade in row.cells)
    assert found == cohorts(gifts[::-1] * 2, stayed[::-1] * 2, MONTHS), "order and copies change nothing"


def state(gift: int, person: str, day: str, status: str, /, *terms: Any) -> State:
    """Return how a gift stood from a day of 2026 on."""
    since = datetime.fromisoformat(f"2026-{day}T12:00:00+00:00")
    minor = terms[0] if terms else 2500
    return State(gift, person, since, status, usd(minor), "year" if "year" in terms else "month")


HISTORY = [
    state(1, "a", "07-03", "active"),
    state(1, "a", "09-10", "active", 4000),
    state(1, "a", "11-10", "ended", 4000),
    state(2, "b", "08-05", "active", 12_000, "year"),
    state(2, "b", "10-02", "past_due", 12_000, "year"),
    state(2, "b", "11-02", "active", 12_000, "year"),
    state(3, "c", "08-09", "active"),
    state(3, "c", "10-09", "paused"),
    state(3, "c", "11-09", "ended"),
    state(4, "d", "09-09", "pending"),
    state(4, "d", "09-10", "ended"),
    state(5, "a", "11-12", "active", 1000),
    state(6, "e", "10-01", "active"),
    state(6, "e", "10-31", "ended"),
]


def test_people_by_hand() -> None:
    """S4: who rests is there and adds nothing; who never was active was never there; a change of gifts is no churn."""
    rows = people_months(MONTHS, standings(HISTORY, STARTS))
    shown = [(row.start, row.new, row.ended, row.end, row.stopped, row.churn_percent) for row in rows]
    assert shown == [
        (1, 2, 0, 3, 0, 0),
        (3, 0, 0, 3, 0, 0),
        (3, 0, 0, 3, 2, 0),
        (3, 0, 1, 2, 0, 33),
        (2, 0, 0, 2, 0, 0),
    ]


def test_income_by_hand() -> None:
    def parts(row: IncomeMonth) -> list[int]:
        found = (row.start, row.new, row.back, row.more, row.less, row.stopped, row.ended, row.end)
        return [each.amount_minor for each in found]

    rows = income_months(MONTHS, standings(HISTORY, STARTS), "USD")
    assert [parts(row) for row in rows] == [
        [2500, 3500, 0, 0, 0, 0, 0, 6000],
        [6000, 0, 0, 1500, 0, 0, 0, 7500],
        [7500, 0, 0, 0, 0, -3500, 0, 4000],
        [4000, 0, 1000, 0, -3000, 0, 0, 2000],
        [2000, 0, 0, 0, 0, 0, 0, 2000],
    ]
    assert rows[3].change == usd(-2000)
    assert all(row.end == Money(0, "EUR") for row in income_months(MONTHS, standings(HISTORY, STARTS), "EUR"))


def yearly(person: str, minor: int, began: datetime) -> State:
    """Return the yearly gift of a person, of which each minor unit is a twelfth every month."""
    return State(ord(person), person, began, "active", usd(minor), "year")


def test_months_are_told_with_their_names_and_all_gifts_of_a_person_count() -> None:
    history = [state(1, "a", "08-05", "active"), state(2, "a", "08-06", "active", 1000)]
    found = standings(history, STARTS[:3])
    assert [row.month for row in people_months(MONTHS[:2], found)] == [AUGUST, SEPTEMBER]
    rows = income_months(MONTHS[:2], found, "USD")
    assert [(row.month, row.new, row.end) for row in rows] == [
        (AUGUST, usd(3500), usd(3500)),
        (SEPTEMBER, usd(0), usd(3500)),
    ]


def test_c7_eleven_twelfths_of_a_minor_unit_are_none_yet() -> None:
    [row] = income_months([AUGUST], standings([yearly("a", 11, JULY)], STARTS[:2]), "USD")
    assert (row.start, row.end, row.change) == (usd(0), usd(0), usd(0))


@pytest.mark.parametrize(
    ("raised", "begun", "more", "new"),
    [(12, 13, 1, 1), (14, 11, 1, 1), (11, 14, 1, 1), (12, 11, 1, 1), (11, 11, 0, 1), (12, 1, 1, 0), (1, 12, 0, 1)],
)
def test_c7_what_rounding_leaves_goes_to_what_lost_most_by_it(raised: int, begun: int, more: int, new: int) -> None:
    """In twelfths: a yearly gift of one is raised by so many in August, and another begins with so many."""
    august = STARTS[0] + timedelta(days=3)
    history = [yearly("a", 1, JULY), yearly("a", 1 + raised, august), yearly("b", begun, august)]
    [row] = income_months([AUGUST], standings(history, STARTS[:2]), "USD")
    assert (row.more, row.new) == (usd(more), usd(new))
    assert (row.start, row.end) == (usd(0), usd(more + new))


def test_a_gift_that_begins_at_midnight_of_the_first_is_of_the_new_month() -> None:
    """M1."""
    begins = [State(1, "a", STARTS[1], "active", usd(100), "month")]
    rows = people_months(MONTHS, standings(begins, STARTS))
    assert [row.new for row in rows] == [0, 1, 0, 0, 0]


STATES = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.integers(0, 200),
        st.sampled_from(["pending", "active", "paused", "past_due", "ended"]),
        st.integers(1, 10**5),
        st.sampled_from(["month", "year"]),
        st.sampled_from(["USD", "EUR"]),
    ),
    max_size=40,
)


@given(STATES)
def test_months_follow_each_other_and_all_parts_are_the_change(
    drawn: list[tuple[int, int, str, int, str, str]],
) -> None:
    """Whatever happens to five gifts of three persons."""
    began = datetime(2026, 7, 1, tzinfo=UTC)
    history = [
        State(gift, f"p{gift % 3}", began + timedelta(days=day), status, Money(minor, currency), every)
        for gift, day, status, minor, every, currency in sorted(drawn, key=lambda row: row[:2])
    ]
    found = standings(history, STARTS)
    people = people_months(MONTHS, found)
    for before, after in pairwise(people):
        assert before.end == after.start
    for row in people:
        assert row.start + row.new - row.ended == row.end
        assert 0 <= row.stopped <= row.end
        assert row.churn_percent is None or 0 <= row.churn_percent <= 100
    for currency in ("USD", "EUR"):
        for income in income_months(MONTHS, found, currency):
            moved = income.new + income.back + income.more + income.less + income.stopped + income.ended
            assert income.start + moved == income.end
            assert income.end.amount_minor >= 0
            assert min(income.new, income.back, income.more).amount_minor >= 0
            assert max(income.less, income.stopped, income.ended).amount_minor <= 0

"""What is promised every month and what is known to come: apart from what was raised, and said with its assumption."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Campaign, Recurring
from masthead.funding.ports import SubscriptionFacts, SubscriptionStatus
from masthead.funding.rules.forecast import Promise, every_month, known_payments, still_to_come
from masthead.funding.rules.months import months_later
from masthead.funding.rules.periods import Terms
from masthead.funding.selectors import Meter, meter
from masthead.funding.selectors.promised import Promised, promised
from masthead.funding.services import agree_on, note_pledge, settle_recurring
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.funding.reading import shown

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
BEGAN = datetime(2026, 6, 27, 9, tzinfo=UTC)


def usd(minor: int) -> Money:
    """Return dollars."""
    return Money(minor, "USD")


def promise(
    minor: int, every: str = "month", *, next_at: datetime | None = NOW, ends_at: datetime | None = None
) -> Promise:
    """Return a repeated gift."""
    return Promise(usd(minor), every, next_at, ends_at)


def test_a_yearly_gift_counts_one_twelfth_and_all_of_them_are_rounded_once() -> None:
    """S4, C7."""
    assert every_month([promise(1_000), promise(1_201, "year"), promise(1_201, "year")], "USD") == usd(1_200)
    assert every_month([], "USD") == usd(0)


def test_what_ends_before_its_next_payment_is_not_promised() -> None:
    ends = NOW - timedelta(seconds=1)
    assert every_month([promise(1_000, ends_at=ends), promise(70, next_at=None, ends_at=NOW)], "USD") == usd(0)
    assert every_month([promise(1_000, ends_at=NOW + timedelta(days=1)), promise(70, next_at=None)], "USD") == usd(
        1_070
    )


@pytest.mark.parametrize(
    ("every", "next_at", "ends_at", "expected"),
    [
        ("month", NOW, None, 13),
        ("month", NOW + timedelta(seconds=1), None, 14),
        ("month", datetime(2026, 11, 30, 23, tzinfo=UTC), None, 14),
        ("month", datetime(2026, 1, 31, 12, tzinfo=UTC), None, 14),
        ("month", NOW + timedelta(days=1), datetime(2027, 1, 1, tzinfo=UTC), 2),
        ("year", NOW + timedelta(days=1), None, 2),
        ("year", datetime(2028, 1, 1, tzinfo=UTC), None, 0),
        ("month", None, None, 0),
    ],
)
def test_known_payments_fall_on_the_same_day_each_time(
    every: str, next_at: datetime | None, ends_at: datetime | None, expected: int
) -> None:
    """A date that is past by now is no renewal to come: what came of it is in the books, or is not."""
    until = datetime(2028, 1, 1, tzinfo=UTC)
    assert known_payments(promise(1, every, next_at=next_at, ends_at=ends_at), NOW, until) == expected


def test_a_forecast_never_counts_for_ever() -> None:
    far = NOW + timedelta(days=365 * 60)
    assert known_payments(promise(1, next_at=NOW + timedelta(seconds=1)), NOW, far) == 400


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows
PROMISES = st.lists(
    st.builds(
        lambda minor, every, next_at, ends_at: Promise(usd(minor), every, next_at, ends_at),
        st.integers(1, 10**6),
        st.sampled_from(["month", "year"]),
        st.none() | MOMENTS,
        st.none() | MOMENTS,
    ),
    max_size=6,
)


@given(PROMISES, MOMENTS, MOMENTS)
def test_every_known_date_between_two_instants_counts_once(
    promises: list[Promise], one: datetime, two: datetime
) -> None:
    first, last = sorted([one, two])
    wanted = [
        each.gift.amount_minor
        for each in promises
        if each.next_at is not None
        for number in range(60)
        for at in [months_later(each.next_at, number * (12 if each.every == "year" else 1))]
        if first < at < last and (each.ends_at is None or at < each.ends_at)
    ]
    assert still_to_come(promises, "USD", first, last) == (len(wanted), usd(sum(wanted)))


@pytest.fixture
def fund(db: None) -> Iterator[Campaign]:
    """A monthly fund in November."""
    with frozen(NOW):
        yield make_campaign()


def repeated(
    campaign: Campaign, minor: int, *, cover: int = 0, key: str, every: str = "month", **told: Any
) -> Recurring:
    """Return a repeated gift as a processor tells of it."""
    pledge = note_pledge(
        campaign=campaign, amount=usd(minor), cover=usd(cover), name="Ada", every=every, method="stripe"
    )
    facts = SubscriptionFacts(
        provider="stripe",
        external_id=key,
        is_live=True,
        pledge=pledge.public_id,
        status=SubscriptionStatus.ACTIVE,
        amount=usd(minor + cover),
        every=every,  # type: ignore[arg-type]
        started_at=BEGAN,
        next_at=datetime(2026, 11, 27, 9, tzinfo=UTC),
        ends_at=None,
        ended_at=None,
        resumes_at=None,
        card="",
        read_at=NOW,
    )
    found = settle_recurring(replace(facts, **told))
    assert found is not None
    return found


def standing() -> tuple[Meter, Promised]:
    """Return the meter and what is promised."""
    current = meter(NOW)
    assert current is not None
    return current, promised(current)


def test_only_living_gifts_are_promised_without_what_covers_the_fee(fund: Campaign) -> None:
    """S4, M7: paused, past due, pending, ended and of another campaign, mode or currency: nothing."""
    repeated(fund, 2_500, cover=110, key="sub_1")
    repeated(fund, 12_000, key="sub_2", every="year", next_at=datetime(2027, 3, 1, tzinfo=UTC))
    for number, status in enumerate(SubscriptionStatus):
        if status != SubscriptionStatus.ACTIVE:
            repeated(fund, 9_900, key=f"sub_x{number}", status=status)
    repeated(fund, 9_900, key="sub_3", ends_at=datetime(2026, 11, 27, 9, tzinfo=UTC))
    repeated(make_campaign(slug="other", title="Other", active=False), 9_900, key="sub_4")
    make_gift(campaign=fund, amount=usd(10_000))
    current, found = standing()
    assert (found.gifts, found.every_month, found.has_yearly) == (2, usd(3_500), True)
    assert (found.payments, found.to_come, found.forecast) == (1, usd(2_500), usd(12_500))
    assert current.raised == usd(10_000), "never mixed"


def test_terms_that_the_processor_did_not_take_promise_nothing(fund: Campaign) -> None:
    """What is taken next is what the processor says, split as it was agreed for that sum."""
    found = repeated(fund, 2_500, cover=110, key="sub_1")
    agree_on(found, usd(50_000), usd(0))
    assert standing()[1].every_month == usd(2_500)
    Recurring.objects.update(amount_minor=2_700)
    assert standing()[1].every_month == usd(2_700), "no terms make this sum: all of it, as the processor says"


def test_without_end_there_is_no_forecast(db: None) -> None:
    with frozen(NOW):
        repeated(make_campaign(title="Archive", terms=Terms("open")), 2_500, key="sub_1")
        _current, found = standing()
    assert (found.every_month, found.payments, found.to_come, found.forecast) == (usd(2_500), None, None, None)


def test_without_end_pages_say_what_is_promised_and_nothing_of_what_comes_of_it(
    client: CheckingClient, db: None
) -> None:
    with frozen(NOW):
        repeated(make_campaign(slug="archive", title="Archive", terms=Terms("open")), 2_500, key="sub_1")
        page = shown(client.get("/support/archive/"))
        told = client.get("/api/v1/campaigns/archive").json()["promised"]
    assert "25 $ is promised every month, by 1 gift that repeats. None of this is part of what was raised." in page
    assert "known to come" not in page
    assert (told["every_month_minor"], told["payments_to_come"], told["forecast_minor"], told["until"]) == (
        2_500,
        None,
        None,
        None,
    )


def test_it_costs_one_query_whatever_the_count(
    fund: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(7):
        repeated(fund, 2_500, key=f"sub_{number}")
    current = meter(NOW)
    assert current is not None
    with django_assert_num_queries(1):
        assert promised(current).gifts == 7


def test_pages_and_programs_are_told_with_the_assumption_and_apart(client: CheckingClient, fund: Campaign) -> None:
    assert "promised" not in shown(client.get("/support/fund/"))
    repeated(fund, 2_500, key="sub_1")
    repeated(fund, 1_200, key="sub_2", every="year", next_at=datetime(2027, 3, 1, tzinfo=UTC))
    for address in ("/support/fund/", "/support/working/"):
        page = shown(client.get(address))
        assert "26 $ is promised every month, by 2 gifts that repeat." in page
        assert "one twelfth" in page
        assert "1 payment is known to come until Nov. 30, 2026 and brings 25 $." in page
        assert "the meter then stands at 25 $, before fees of these." in page
        assert "None of this is part of what was raised." in page
        assert "0 $ of 5,000 $ raised" in page
    told = client.get("/api/v1/campaigns/fund").json()["promised"]
    assert (told["gifts"], told["every_month_minor"], told["to_come_minor"], told["forecast_minor"]) == (
        2,
        2600,
        2500,
        2500,
    )
    assert told["until"] == "2026-11-30"
    assert json.loads(client.get("/support/fund/meter.json").content)["promised"] == told


def test_a_new_date_of_the_next_payment_is_told_so_that_no_forecast_is_stale(fund: Campaign) -> None:
    pledge = repeated(fund, 2_500, key="sub_1").pledge
    before = Event.objects.filter(type="funding.recurring-changed").count()
    for _again in range(2):
        later = datetime(2026, 12, 27, 9, tzinfo=UTC)
        repeated(fund, 2_500, key="sub_1", pledge=pledge.public_id, next_at=later)
    assert Event.objects.filter(type="funding.recurring-changed").count() == before + 1

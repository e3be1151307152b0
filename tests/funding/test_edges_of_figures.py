"""Each figure of meter and month by hand, in a zone that is not the process's, beside rehearsals and other money."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Campaign, Journal
from masthead.funding.rules.bookings import exchange_account
from masthead.funding.rules.facts import DisputeStatus, RefundStatus
from masthead.funding.rules.ledger import Posting, asset_account, campaign_account
from masthead.funding.rules.periods import Terms
from masthead.funding.selectors import MonthAccount, accounts_of_month, meter, months, seals, shown_months
from masthead.funding.services import (
    close_due_months,
    note_pledge,
    put_campaign,
    put_expense,
    reverse_gift,
    set_goal,
    settle_payment,
)
from masthead.funding.services.post_journal import post_journal
from masthead.funding.testing import make_campaign, make_gift
from tests.funding import lives
from tests.funding.lives import BEGAN, usd
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
EVENING = datetime(2026, 11, 30, 20, tzinfo=UTC)
"""Ten in the morning of the first of December in Kiritimati, where a day begins at ten in the morning of UTC."""


@pytest.fixture
def far_away(settings: Settings) -> None:
    """A site where it is December already."""
    settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))


def by_card(number: int, amount: Money, *, every: str = "once", campaign: str = "fund") -> Any:
    """Return the facts of a payment that came: a dollar and three cents of it are the fee."""
    with frozen(BEGAN):
        pledge = note_pledge(
            campaign=Campaign.objects.get(slug=campaign), amount=amount, every=every, name="Don", method="stripe"
        )
    facts = lives.paid(lives.opened(pledge.public_id, external_id=f"pi_{number}"), amount)
    settle_payment(facts)
    return facts


def corrected(key: str, *postings: Posting, month: date = NOVEMBER) -> Journal:
    """Post what a person mends."""
    kind = Journal.Kind.CORRECTION
    return post_journal(
        kind=kind, source="staff", external_id=key, value_at=BEGAN, month=month, postings=list(postings)
    )


def account(month: date = NOVEMBER, at: datetime = EVENING) -> MonthAccount:
    """Return what the campaign on every page got in a month."""
    return accounts_of_month(month, at)[0]


def test_c9_a_month_by_hand_with_all_that_can_happen_to_its_gifts() -> None:
    """R1, R3, D1, D4, C6, M7, W10: what came, what went back and came again, and what it cost."""
    with frozen(BEGAN - timedelta(days=2)):
        make_campaign()
    back = lives.refunded(by_card(1, usd(2500)), "re_1", usd(1000))
    settle_payment(back)
    settle_payment(lives.refunded(back, "re_2", usd(500)))
    settle_payment(lives.refunded(back, "re_2", usd(500), RefundStatus.FAILED))
    settle_payment(lives.failed_late(by_card(2, usd(3000), every="year")))
    for number, amount, end in ((3, usd(4000), DisputeStatus.WON), (4, usd(2000), DisputeStatus.LOST)):
        for step in lives.disputed(by_card(number, amount), f"dp_{number}", amount, DisputeStatus.OPEN, end):
            settle_payment(step)
    with frozen(EVENING):
        corrected("rate", Posting(exchange_account("fund"), usd(70)), Posting(asset_account("stripe"), usd(-70)))
        found = account()
    assert (found.campaign, found.name, found.month) == ("fund", "fund", NOVEMBER)
    assert (found.gifts.count, found.gifts.amount) == (4, usd(11_500))
    assert (found.repeated.count, found.repeated.amount) == (1, usd(3000))
    assert (found.refunds.count, found.refunds.amount) == (2, usd(4000))
    assert (found.disputes.count, found.disputes.amount) == (1, usd(2000))
    assert (found.reversals.count, found.reversals.amount, found.other) == (0, usd(0), usd(0))
    assert (found.raised, found.counted, found.counts, found.percent) == (usd(5500), usd(5500), "gross", 1)
    assert (found.cover, found.fees, found.dispute_costs, found.exchange) == (usd(0), usd(412), usd(1500), usd(70))
    assert (found.costs, found.after_fees) == (usd(1982), usd(3518))
    assert found.as_of == EVENING
    with frozen(EVENING):
        set_goal(campaign_id=Campaign.objects.get().pk, goal=usd(11_000), terms=Terms(counts="net"))
        after = account()
    assert (after.counted, after.counts, after.percent) == (usd(3518), "net", 31)


def test_l7_c2_m1_rehearsals_other_months_and_other_currencies_are_no_part_of_a_month(settings: Settings) -> None:
    with frozen(BEGAN):
        make_campaign()
        make_gift(amount=usd(700))
        make_gift(amount=usd(90), received_at=BEGAN - timedelta(days=30))
        settings.MASTHEAD = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
        make_gift(amount=usd(50_000))
        assert account().raised == usd(50_000)
        settings.MASTHEAD = MASTHEAD
    sides = (Posting(campaign_account("fund"), Money(-800, "EUR")), Posting(asset_account("cash"), Money(800, "EUR")))
    corrected("euros", *sides)
    assert (account().raised, account().gifts.count) == (usd(700), 1)
    assert account(date(2026, 10, 1)).raised == usd(90)


def test_a_month_tells_of_the_campaign_on_every_page_and_of_those_that_got_something() -> None:
    """The first comes first, the others by name; none of them before it was opened, unless gifts came over for then."""
    october = date(2026, 10, 1)
    with frozen(BEGAN):
        boat = put_campaign(slug="boat", goal=usd(100), title="The boat", active=False)
        put_campaign(slug="ark", goal=usd(100), active=False)
        put_campaign(slug="zoo", goal=usd(0))
        make_gift(campaign=boat, amount=usd(300), received_at=BEGAN - timedelta(days=30))
        make_gift(campaign=boat, amount=usd(200))
        make_gift(campaign=Campaign.objects.get(slug="ark"), amount=usd(100))
    now = BEGAN + timedelta(days=1)
    assert [(each.campaign, each.name, each.raised) for each in accounts_of_month(NOVEMBER, now)] == [
        ("zoo", "zoo", usd(0)),
        ("ark", "ark", usd(100)),
        ("boat", "The boat", usd(200)),
    ]
    (before,) = accounts_of_month(october, now)
    assert (before.campaign, before.raised, before.goals, before.goal) == ("boat", usd(300), (), usd(0))
    assert (before.gifts.count, before.pending) == (1, None)
    nothing, *_others = accounts_of_month(NOVEMBER, now)
    assert (nothing.gifts.count, nothing.fees, nothing.after_fees, nothing.as_of) == (0, usd(0), usd(0), BEGAN)
    assert nothing.pending is not None
    assert (nothing.pending.count, nothing.pending.amount) == (0, usd(0))
    assert [each.goal for each in accounts_of_month(NOVEMBER, now)] == [usd(0), usd(100), usd(100)]
    assert shown_months(now) == [NOVEMBER, october]


@pytest.mark.usefixtures("far_away")
def test_m1_the_months_that_are_shown_are_those_of_the_site() -> None:
    december = date(2026, 12, 1)
    with frozen(EVENING):
        make_campaign()
        make_gift(amount=usd(100), received_at=EVENING - timedelta(days=1))
        assert shown_months(EVENING) == [december, NOVEMBER]
        assert account(december).pending is not None
        assert account(NOVEMBER).pending is None


@pytest.mark.usefixtures("far_away")
def test_m1_m10_a_meter_turns_at_midnight_of_the_site_and_shows_the_goal_that_was_set_by_then() -> None:
    midnight = datetime(2026, 11, 30, 10, tzinfo=UTC)
    with frozen(midnight - timedelta(hours=2)):
        campaign = make_campaign(goal=usd(100_000))
        make_gift(amount=usd(900))
    with frozen(midnight + timedelta(hours=1)):
        set_goal(campaign_id=campaign.pk, goal=usd(300_000))
    with frozen(midnight - timedelta(hours=1)):  # a clock that was put back
        set_goal(campaign_id=campaign.pk, goal=usd(200_000))
    found = meter(EVENING)
    assert found is not None
    assert (found.month, found.raised, found.goal) == (date(2026, 12, 1), usd(0), usd(300_000))
    assert found.unchanged_since == midnight + timedelta(hours=1)
    assert found.stands_until == midnight + timedelta(days=1)
    later = meter(EVENING + timedelta(days=1))
    assert later is not None
    assert later.unchanged_since == midnight + timedelta(days=1)
    rows = [(each.month.month, each.net, each.goal) for each in months(campaign, EVENING)]
    assert rows == [(12, usd(0), usd(300_000)), (11, usd(900), usd(200_000))]


def test_m4_a_meter_changes_at_the_midnight_of_its_own_zone_and_at_that_of_the_site(settings: Settings) -> None:
    """A campaign by dates keeps the zone it was opened in, wherever the site moves."""
    days = Terms("dates", "gross", date(2026, 11, 20), date(2026, 12, 10))
    with frozen(BEGAN):
        make_campaign(title="Boat", terms=days)
    new_york, kiritimati = datetime(2026, 12, 1, 5, tzinfo=UTC), datetime(2026, 12, 1, 10, tzinfo=UTC)
    for zone, until in (("Pacific/Kiritimati", new_york), ("Pacific/Apia", new_york), ("Asia/Tokyo", None)):
        settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone=zone))
        found = meter(EVENING)
        assert found is not None
        assert found.stands_until == (until or datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=5))
        assert found.unchanged_since == datetime(2026, 11, 30, 5, tzinfo=UTC)
        assert found.days_left == 11
    settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))
    late = meter(datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert late is not None
    assert late.stands_until == kiritimati


def test_m7_m9_gifts_count_while_something_of_them_is_left_and_costs_only_where_the_goal_says_so() -> None:
    with frozen(BEGAN):
        campaign = make_campaign()
    settle_payment(lives.refunded(by_card(1, usd(2500)), "re_1", usd(2500)))
    settle_payment(lives.refunded(by_card(2, usd(2500)), "re_2", usd(1)))
    found = meter(EVENING)
    assert found is not None
    assert (found.gifts, found.raised) == (1, usd(2499))
    (row,) = [each for each in months(campaign, EVENING) if each.month == NOVEMBER]
    assert (row.gifts, row.given, row.reversals, row.taken_back) == (2, usd(5000), 2, usd(2501))
    assert (row.net, row.counted) == (usd(2499), usd(2499))
    with frozen(EVENING):
        set_goal(campaign_id=campaign.pk, goal=usd(500_000), terms=Terms(counts="net"))
    (after,) = months(campaign, EVENING)
    assert (after.net, after.counted) == (usd(2499), usd(2499 - 2 * 103))
    net = meter(EVENING)
    assert net is not None
    assert net.raised == usd(2499 - 2 * 103)


def test_l4_a_month_in_which_only_a_cost_was_booked_has_figures_too() -> None:
    with frozen(BEGAN):
        campaign = make_campaign()
        corrected("rate", Posting(exchange_account("fund"), usd(70)), Posting(asset_account("stripe"), usd(-70)))
    (row,) = months(campaign, EVENING)
    assert (row.gifts, row.given, row.taken_back, row.counted) == (0, usd(0), usd(0), usd(0))


@pytest.mark.usefixtures("far_away")
def test_m10_the_goals_of_a_month_are_the_one_it_began_with_and_all_that_were_set_in_it() -> None:
    """The instant at which a month begins belongs to it; of two goals at one instant the second one holds."""
    midnight = datetime(2026, 11, 30, 10, tzinfo=UTC)
    with frozen(midnight - timedelta(hours=1)):
        campaign = make_campaign(goal=usd(100))
        make_gift(amount=usd(1))
    for moment, minor in ((midnight, 200), (midnight + timedelta(hours=1), 300), (midnight + timedelta(hours=1), 400)):
        with frozen(moment):
            set_goal(campaign_id=campaign.pk, goal=usd(minor))
    with frozen(midnight - timedelta(minutes=30)):  # a clock that was put back
        set_goal(campaign_id=campaign.pk, goal=usd(150))
    assert [goal.amount.amount_minor for goal in account(date(2026, 12, 1)).goals] == [400, 300, 200]
    assert account(date(2026, 12, 1)).as_of == midnight + timedelta(hours=1)
    assert [goal.amount.amount_minor for goal in account(NOVEMBER).goals] == [150, 100]


def test_m4_a_closed_month_keeps_its_days_wherever_the_site_moves(settings: Settings) -> None:
    october = date(2026, 10, 1)
    begins, ends = datetime(2026, 10, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)
    with frozen(begins - timedelta(days=9)):
        campaign = make_campaign(goal=usd(100))
    for moment, minor in ((begins - timedelta(hours=1), 200), (ends - timedelta(hours=1), 300), (ends, 400)):
        with frozen(moment):
            set_goal(campaign_id=campaign.pk, goal=usd(minor))
    with frozen(ends + timedelta(days=20)):
        make_gift(amount=usd(1), received_at=begins)
        close_due_months()
        settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))
        ZoneInfo.clear_cache()  # as in a program that has just begun
        assert [goal.amount.amount_minor for goal in account(october).goals] == [300, 200]


def test_m5_what_is_on_its_way_is_told_of_its_own_campaign_mode_and_currency(settings: Settings) -> None:
    with frozen(BEGAN):
        fund = make_campaign()
        boat = put_campaign(slug="boat", goal=usd(100), active=False)
    waiting = (
        (fund, usd(2500), True),
        (fund, usd(700), True),
        (boat, usd(400), True),
        (fund, Money(5000, "EUR"), True),
        (fund, usd(9000), False),
    )
    for number, (campaign, amount, is_live) in enumerate(waiting):
        funding = replace(MASTHEAD.funding, mode="live" if is_live else "rehearsal")
        settings.MASTHEAD = replace(MASTHEAD, funding=funding)
        with frozen(BEGAN):
            pledge = note_pledge(campaign=campaign, amount=amount, name="Don", method="stripe")
        settle_payment(lives.opened(pledge.public_id, external_id=f"pi_{number}", is_live=is_live))
    settings.MASTHEAD = MASTHEAD
    found = account().pending
    assert found is not None
    assert (found.count, found.amount) == (2, usd(3200))


def test_what_a_campaign_paid_for_stands_with_it_the_dearest_first_then_as_it_was_written() -> None:
    with frozen(BEGAN):
        fund = make_campaign()
        boat = put_campaign(slug="boat", goal=usd(100), active=False)
        for campaign, what, minor in (
            (fund, "Court", 500),
            (fund, "Boat", 900),
            (boat, "Oars", 70),
            (fund, "Ink", 500),
        ):
            put_expense(campaign=campaign, month=NOVEMBER, what=what, amount=usd(minor))
    assert account().expenses == (("Boat", usd(900)), ("Court", usd(500)), ("Ink", usd(500)))
    assert account().spent == usd(1900)


@pytest.mark.usefixtures("far_away")
def test_x4_m1_a_month_is_over_and_is_closed_by_the_calendar_of_the_site() -> None:
    midnight = datetime(2026, 11, 30, 10, tzinfo=UTC)
    with frozen(midnight - timedelta(hours=1)):
        campaign = make_campaign(goal=usd(100))
        gift = make_gift(amount=usd(1))
    with frozen(midnight + timedelta(hours=1)):
        set_goal(campaign_id=campaign.pk, goal=usd(200))
    assert seals.next_to_close(midnight - timedelta(seconds=1)) is None
    assert seals.next_to_close(midnight) == NOVEMBER
    assert seals.closes_at(NOVEMBER) == midnight + timedelta(days=7)
    goals = list(campaign.goals.order_by("pk").values_list("pk", flat=True))
    assert seals.unsealed(NOVEMBER) == ([gift.journal_id], goals[:1])
    assert seals.unsealed(date(2026, 12, 1)) == ([gift.journal_id], goals)


def test_x4_a_seal_tells_its_zone_and_hides_the_rest_under_its_salt(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever guesses what was given by whom cannot check it without the salt. Rehearsals are sealed by nothing."""
    moment = datetime(2026, 10, 5, tzinfo=UTC)
    with frozen(moment):
        make_campaign()
        made = [make_gift(amount=usd(700), external_id=key) for key in ("k1", "k2", "k3")]
        settings.MASTHEAD = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
        make_gift(amount=usd(50_000), external_id="played")
        settings.MASTHEAD = MASTHEAD
        reverse_gift(gift=made[0], reason="bounced", recorded_by=7)
    with frozen(EVENING):
        close_due_months()
    settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))
    (seal,) = seals.seals()
    text = seals.sealed_text(seal)
    assert {"zone America/New_York", "journals 4"} <= set(text.splitlines())
    kept = list(Journal.objects.filter(pk__in=seal.journals).order_by("pk"))
    rows = [
        {
            "journal": row.pk,
            "source": row.source,
            "external_id": row.external_id,
            "value_at": "2026-10-05T00:00:00.000000+00:00",
            "reverses": row.reverses_id,
            "about": row.about_id,
            "note": row.note,
            "recorded_by": row.recorded_by,
            "recorded_at": "2026-10-05T00:00:00.000000+00:00",
        }
        for row in kept
    ]
    private = "".join(f"{line}\n" for line in [seal.salt, *(json.dumps(row, sort_keys=True) for row in rows)])
    assert f"private {hashlib.sha256(private.encode()).hexdigest()}" in text.splitlines()
    assert {kept[-1].recorded_by, kept[-1].reverses_id, kept[-1].note} == {7, made[0].journal_id, "bounced"}
    monkeypatch.setattr(seals, "_AT_ONCE", 3)
    assert seals.sealed_text(seal) == text

"""Matching gifts: a promise is no money, and what it comes to follows from the books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding.campaign_errors import DaysReversed, MatchOfAnother, SponsorMissing
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers
from masthead.funding.models import Campaign, Gift, Match
from masthead.funding.rules.matching import Matched, matched
from masthead.funding.selectors import meter
from masthead.funding.selectors.matches import MatchStanding, matches_of
from masthead.funding.services import (
    note_pledge,
    promise_match,
    put_campaign,
    record_sponsor_gift,
    reverse_gift,
    settle_payment,
    withdraw_match,
)
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.funding import lives
from tests.funding.reading import shown
from tests.funding.test_gift_slips import photo
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 10), date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


def usd(minor: int) -> Money:
    """Return dollars."""
    return Money(minor, "USD")


@pytest.fixture
def fund() -> Campaign:
    """A monthly fund."""
    return make_campaign()


@pytest.fixture
def match(fund: Campaign) -> Match:
    """The Harbour Trust adds up to 50 dollars from the 10th to the 30th."""
    return promise_match(campaign=fund, sponsor="Harbour Trust", cap=usd(5_000), starts_on=FIRST, ends_on=LAST)


def standing(moment: datetime = NOW) -> MatchStanding:
    """Return the only promise."""
    [found] = matches_of("fund", moment)
    return found


def sent(match: Match, minor: int, **facts: Any) -> Gift:
    """Book money of the sponsor."""
    usual: dict[str, Any] = {"method": "bank_transfer", "received_at": NOW, "donor_name": "Harbour Trust"}
    return record_sponsor_gift(match=match, campaign=match.campaign, amount=usd(minor), **{**usual, **facts})


def raised() -> int:
    """Return what the meter says."""
    current = meter(NOW)
    assert current is not None
    return current.raised.amount_minor


@given(st.integers(1, 10**9), st.integers(-(10**9), 10**9), st.integers(0, 10**9))
def test_what_is_matched_and_what_is_left_make_the_cap(cap: int, given_minor: int, arrived: int) -> None:
    found = matched(cap=usd(cap), given=usd(given_minor), arrived=usd(arrived))
    assert found.matched + found.left == usd(cap)
    assert usd(0) <= found.matched <= max(usd(0), usd(given_minor))
    assert found.outstanding == max(usd(0), found.matched - usd(arrived))


def test_a_gift_calls_for_as_much_again_and_the_meter_counts_it_only_when_it_is_here(match: Match) -> None:
    make_gift(amount=usd(3_000))
    assert standing().figures == Matched(usd(5_000), usd(3_000), usd(2_000), usd(0), usd(3_000))
    assert raised() == 3_000, "a promise is no money"
    sent(match, 1_000)
    assert standing().figures == Matched(usd(5_000), usd(3_000), usd(2_000), usd(1_000), usd(2_000))
    assert raised() == 4_000
    sent(match, 2_000)
    assert standing().figures.outstanding == usd(0)
    assert raised() == 6_000


def test_gifts_beyond_the_cap_and_of_other_days_call_for_nothing(match: Match) -> None:
    for minor, moment in [
        (100, datetime(2026, 11, 9, 23, 59, 59, tzinfo=NEW_YORK)),
        (20, datetime(2026, 11, 10, tzinfo=NEW_YORK)),
    ]:
        make_gift(amount=usd(minor), received_at=moment)
    assert standing().figures.matched == usd(20)
    with frozen(datetime(2026, 12, 2, tzinfo=UTC)):
        make_gift(amount=usd(3), received_at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=NEW_YORK))
        make_gift(amount=usd(4_000), received_at=datetime(2026, 12, 1, tzinfo=NEW_YORK))
    assert standing().figures.matched == usd(23)
    make_gift(amount=usd(9_000))
    assert (standing().figures.matched, standing().figures.left) == (usd(5_000), usd(0))


def test_what_goes_back_calls_for_nothing_any_more_and_what_has_arrived_stays(match: Match) -> None:
    """Reversed by hand, refunded in part, and the sponsor's own money taken back: each lowers its own side."""
    gift = make_gift(amount=usd(1_000))
    pledge = note_pledge(campaign=match.campaign, amount=usd(2_000), name="Ada", method="stripe")
    paid = lives.paid(lives.opened(pledge.public_id), usd(2_000), at=NOW - timedelta(days=2))
    settle_payment(paid)
    own = sent(match, 3_000)
    assert standing().figures == Matched(usd(5_000), usd(3_000), usd(2_000), usd(3_000), usd(0))
    settle_payment(lives.refunded(paid, "re_1", usd(500)))
    reverse_gift(gift=gift, reason="bounced")
    assert standing().figures == Matched(usd(5_000), usd(1_500), usd(3_500), usd(3_000), usd(0))
    reverse_gift(gift=own, reason="bounced")
    assert standing().figures == Matched(usd(5_000), usd(1_500), usd(3_500), usd(0), usd(1_500))
    assert raised() == 1_500


def test_the_order_of_gift_and_sponsor_changes_nothing(match: Match) -> None:
    sent(match, 2_500)
    assert standing().figures.matched == usd(0), "a sponsor's money calls for no more of it"
    make_gift(amount=usd(2_500))
    assert standing().figures == Matched(usd(5_000), usd(2_500), usd(2_500), usd(2_500), usd(0))


def test_the_same_money_told_twice_is_one_gift(match: Match) -> None:
    first = sent(match, 2_500, external_id="line-1")
    assert sent(match, 2_500, external_id="line-1").pk == first.pk
    assert standing().figures.arrived == usd(2_500)


def test_it_costs_three_queries_whatever_was_given(
    match: Match, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_gift()
    with django_assert_num_queries(3):
        standing()


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"sponsor": " "}, SponsorMissing),
        ({"cap": usd(0)}, AmountNotPositive),
        ({"cap": Money(1, "EUR")}, CurrencyDiffers),
        ({"ends_on": FIRST - timedelta(days=1)}, DaysReversed),
    ],
)
def test_a_promise_that_cannot_be_is_refused(fund: Campaign, told: dict[str, Any], refusal: type[DomainError]) -> None:
    facts = {"sponsor": "Trust", "cap": usd(1), "starts_on": FIRST, "ends_on": LAST, **told}
    with pytest.raises(refusal) as refused:
        promise_match(campaign=fund, **facts)
    assert refused.value.message()
    assert not Match.objects.exists()


def test_a_sponsor_s_money_belongs_to_the_campaign_it_was_promised_to(match: Match) -> None:
    other = make_campaign(slug="boat", title="Boat", active=False)
    with pytest.raises(MatchOfAnother) as refused:
        record_sponsor_gift(match=match, campaign=other, amount=usd(1), method="cash", received_at=NOW)
    assert "another campaign" in refused.value.message()
    assert not Gift.objects.exists()


def test_the_database_refuses_what_makes_no_sense(match: Match) -> None:
    for wrong in ({"cap_minor": 0}, {"ends_on": FIRST - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.filter(pk=match.pk).update(**wrong)


@pytest.mark.parametrize(
    ("moment", "money", "words"),
    [
        (datetime(2026, 11, 5, tzinfo=UTC), (0, 0), "From Nov. 10, 2026 to Nov. 30, 2026 each gift is doubled by"),
        (NOW, (3_800, 0), "Each gift is doubled by Harbour Trust up to 50 $, until Nov. 30, 2026; 12 $ is left."),
        (NOW, (3_800, 800), "8 $ has arrived and counts; 30 $ is still to come and counts nothing"),
        (NOW, (3_800, 3_800), "The sponsor’s money has arrived and is part of what was raised."),
        (NOW, (9_000, 0), "doubled by Harbour Trust up to 50 $; nothing of it is left."),
        (datetime(2026, 12, 5, tzinfo=UTC), (3_800, 0), "by 38 $ of at most 50 $."),
    ],
)
def test_its_page_and_programs_say_how_the_promise_stands(
    client: CheckingClient, match: Match, moment: datetime, money: tuple[int, int], words: str
) -> None:
    given_minor, arrived = money
    with frozen(datetime(2026, 12, 5, tzinfo=UTC)):
        if given_minor:
            make_gift(amount=usd(given_minor), received_at=NOW)
        if arrived:
            sent(match, arrived)
    with frozen(moment):
        page, support = shown(client.get("/support/fund/")), shown(client.get("/support/"))
        [told] = client.get("/api/v1/campaigns/fund").json()["matches"]
    assert words in page
    assert words in support
    assert words in told["text"].replace("\xa0", " ")
    assert (told["matched_minor"], told["arrived_minor"]) == (min(5_000, given_minor), arrived)


def test_staff_note_a_promise_book_its_money_and_withdraw_it(client: CheckingClient, fund: Campaign) -> None:
    don = signed_in("change_campaign", "view_gift", "add_gift")
    assert "No promise yet" in shown(don.get("/admin/funding/matches/"))
    told = {"campaign": "fund", "sponsor": "Trust", "cap": "50", "starts_on": "2026-11-10", "ends_on": "2026-11-30"}
    reply = don.post("/admin/funding/matches/promise/", {**told, "ends_on": "2026-11-01"})
    assert "The last day comes before the first." in shown(reply)
    assert "Readers are told that Trust adds up to 50 $." in shown(
        don.post("/admin/funding/matches/promise/", told, follow=True)
    )
    match = Match.objects.get()
    record = "/admin/funding/gifts/record/"
    gift = {"amount": "25", "method": "cash", "received_on": "2026-11-22", "donor_name": "Trust", "key": "k1"}
    assert don.post(record, {**gift, "match": match.public_id}).status_code == 302
    assert Gift.objects.get().match == match
    make_gift(amount=usd(1_000))
    assert "; 40 $ is left." in shown(don.get("/admin/funding/matches/"))
    withdraw = f"/admin/funding/matches/{match.public_id}/withdraw/"
    assert signed_in("view_gift").post(withdraw).status_code == 302
    assert matches_of("fund", NOW)
    assert don.post(withdraw).status_code == 302
    assert matches_of("fund", NOW) == []
    assert don.post(withdraw).status_code == 404
    assert raised() == 3_500, "what has arrived stays"
    assert "doubled" not in shown(client.get("/support/fund/"))


def test_a_sponsor_s_cheque_is_booked_with_its_photo_and_for_its_own_campaign_alone(match: Match) -> None:
    put_campaign(slug="boat", goal=usd(1), title="Boat", active=False, beside=True)
    don = signed_in("change_campaign", "view_gift", "add_gift")
    told = {"amount": "25", "method": "cheque", "received_on": "2026-11-22", "donor_name": "Trust", "key": "k1"}
    record = "/admin/funding/gifts/record/"
    reply = don.post(record, {**told, "campaign": "boat", "match": match.public_id})
    assert "promised to add to another campaign" in shown(reply)
    assert not Gift.objects.exists()
    slip = SimpleUploadedFile("cheque.jpg", photo(), content_type="image/jpeg")
    assert don.post(record, {**told, "campaign": "fund", "match": match.public_id, "slip": slip}).status_code == 302
    gift = Gift.objects.get()
    assert (gift.match, gift.slip.width > 0) == (match, True)


def test_without_a_campaign_there_is_nothing_to_add_to() -> None:
    assert signed_in("change_campaign").get("/admin/funding/matches/promise/").status_code == 404


def test_a_promise_and_its_end_are_told_to_pages(match: Match) -> None:
    before = Event.objects.filter(type="funding.campaign-changed").count()
    withdraw_match(match=match)
    assert Event.objects.filter(type="funding.campaign-changed").count() == before + 1

"""Who is called a supporter: by his own wish, while he gives, and nobody else ever (rules S6 and L7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import override_settings

from masthead.accounts.testing import make_user
from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.links import badge_path
from masthead.funding.models import Donor, Gift, Pledge, Recurring
from masthead.funding.selectors import supporters
from masthead.funding.selectors.supporters import days_unasked
from masthead.funding.services import (
    choose_badge,
    merge_donors,
    note_pledge,
    part_donor,
    reverse_gift,
    turn_due_badges,
)
from masthead.funding.services.care import care_url_of, forget_giver
from masthead.funding.services.recurring import begun_by
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.funding import lives
from tests.funding.reading import shown
from tests.funding.repeating import begun, stands
from tests.funding.test_donors import donor, given

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    cache.clear()
    with frozen(NOW):
        yield


def called(*addresses: str) -> frozenset[str]:
    """Return who of these is called a supporter."""
    return supporters(addresses or (ADA,))


def giver() -> Donor:
    """Return one who gave and chose to be called so."""
    ada = donor()
    given(ada)
    choose_badge(donor=ada, shown=True)
    return ada


def repeated(status: str, *, is_live: bool = True) -> Recurring:
    """Return a repeated gift of Ada's that stands so."""
    pledge = note_pledge(campaign=make_campaign(), amount=Money(500, "USD"), name="Ada", email=ADA, method="stripe")
    Pledge.objects.filter(pk=pledge.pk).update(is_live=is_live)
    pledge.refresh_from_db()
    facts = replace(lives.opened(pledge.public_id, is_live=is_live), subscription=f"sub_{pledge.pk}")
    recurring = begun_by(pledge, facts)
    Recurring.objects.filter(pk=recurring.pk).update(status=status)
    return recurring


def told() -> list[bool]:
    """Return what was told of supporters, the earliest first."""
    rows = Event.objects.filter(type="funding.supporters-changed").order_by("pk")
    return [row.payload["shown"] for row in rows]


def test_giving_is_private_until_one_chooses_and_again_when_one_chooses_otherwise() -> None:
    ada = donor()
    given(ada)
    assert called() == frozenset()
    choose_badge(donor=ada, shown=True)
    assert called(ADA, "ben@example.org") == {ADA}
    choose_badge(donor=ada, shown=True)
    choose_badge(donor=ada, shown=False)
    assert called() == frozenset()
    assert told() == [True, False]


def test_the_fact_names_nobody() -> None:
    giver()
    assert Event.objects.get(type="funding.supporters-changed").payload == {"shown": True}


def test_who_chooses_before_the_money_is_here_is_called_so_when_it_comes() -> None:
    ada = donor(email="Ada@Example.org")
    choose_badge(donor=ada, shown=True)
    assert called() == frozenset()
    make_gift(contact="ADA@example.org")
    deliver_all()
    assert called() == {ADA}


def test_the_badge_goes_with_the_only_gift_and_stays_with_another() -> None:
    ada = giver()
    first, second = Gift.objects.get(), given(ada)
    reverse_gift(gift=first, reason="bounced")
    deliver_all()
    assert called() == {ADA}
    reverse_gift(gift=second, reason="bounced")
    deliver_all()
    assert called() == frozenset()
    assert told() == [True, False]


def test_it_goes_by_itself_twelve_months_after_the_last_gift() -> None:
    giver()
    with frozen(NOW.replace(year=2027)):
        assert turn_due_badges() == 0
    with frozen(NOW.replace(year=2027) + timedelta(days=1)):
        assert turn_due_badges() == 1
        assert turn_due_badges() == 0
    assert called() == frozenset()
    assert Donor.objects.get().wants_badge, "the wish stands for when he gives again"


@pytest.mark.parametrize(
    ("status", "is_called"),
    [("active", True), ("paused", False), ("pending", False), ("past_due", False), ("ended", False)],
)
def test_a_repeated_gift_counts_while_it_is_active(status: str, is_called: bool) -> None:
    recurring = repeated(status)
    assert recurring.donor is not None
    choose_badge(donor=recurring.donor, shown=True)
    assert bool(called()) == is_called


def test_a_badge_follows_a_repeated_gift_that_stops_and_goes_on() -> None:
    recurring = begun(make_campaign(), email=ADA)
    choose_badge(donor=Donor.objects.get(), shown=True)
    for status, is_called in (("paused", False), ("active", True), ("past_due", False), ("ended", False)):
        stands(recurring, status, NOW)
        deliver_all()
        assert bool(called()) == is_called


def test_a_repeated_gift_of_nobody_known_makes_nobody_a_supporter() -> None:
    giver()
    begun(make_campaign(), email="", name="Ada")
    deliver_all()
    assert Recurring.objects.get().donor is None
    assert called() == {ADA}
    assert told() == [True]


def test_l7_money_of_a_rehearsal_makes_nobody_a_supporter() -> None:
    """Neither while the site rehearses nor later."""
    recurring = repeated("active", is_live=False)
    assert recurring.donor is not None
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=rehearsing())):
        given(recurring.donor)
        choose_badge(donor=recurring.donor, shown=True)
        assert called() == frozenset()
    assert turn_due_badges() == 0
    assert called() == frozenset()


def rehearsing() -> Any:
    """Return the settings of a site that rehearses."""
    return replace(settings.MASTHEAD.funding, mode="rehearsal")


def test_merging_spreads_a_badge_to_no_other_address_and_parting_gives_it_back() -> None:
    """Staff may err about who is who, and nobody may learn by it who gives."""
    ada, other = giver(), donor("Ada", "work@example.org")
    given(other)
    merge_donors(donor=other, into=ada, by=None)
    assert called(ADA, "work@example.org") == {ADA}
    part_donor(donor=other, by=None)
    merge_donors(donor=ada, into=other, by=None)
    assert called(ADA, "work@example.org") == frozenset()
    part_donor(donor=ada, by=None)
    assert called(ADA, "work@example.org") == {ADA}
    assert told() == [True, False, True]


def test_gifts_of_a_merged_row_count_for_who_he_is() -> None:
    ada, other = donor(), donor("Ada", "work@example.org")
    given(other)
    choose_badge(donor=ada, shown=True)
    merge_donors(donor=other, into=ada, by=None)
    assert called() == {ADA}
    part_donor(donor=other, by=None)
    assert called() == frozenset()


def test_who_is_forgotten_is_called_nothing() -> None:
    ada = giver()
    forget_giver(donor=ada)
    assert told() == [True, False]
    assert not Donor.objects.filter(wants_badge=True).exists()


@pytest.mark.parametrize("values", [{"wants_badge": False}, {"email": ""}])
def test_the_store_refuses_a_badge_that_nobody_wished(values: dict[str, object]) -> None:
    giver()
    with pytest.raises(IntegrityError), transaction.atomic():
        Donor.objects.update(**values)


def test_many_are_asked_for_at_once(django_assert_num_queries: Any) -> None:
    giver()
    with django_assert_num_queries(1):
        assert called(*(f"reader{number}@example.org" for number in range(200)), ADA) == {ADA}
    with django_assert_num_queries(0):
        assert supporters([]) == frozenset()


# --- the choice --------------------------------------------------------------------------------------------------


def test_the_care_page_asks_and_nothing_is_chosen_beforehand(client: CheckingClient) -> None:
    ada = donor()
    given(ada)
    link = care_url_of(ada).removeprefix("http://testserver")
    assert "Nobody sees there that you give." in shown(client.get(link))
    said = shown(client.post(link, {"do": "badge"}, follow=True))
    assert "in the discussions you are called a supporter while you give" in said
    assert "“Supporter” stands beside your name, as you wished." in said
    assert called() == {ADA}
    said = shown(client.post(link, {"do": "no-badge"}, follow=True))
    assert "nobody sees in the discussions any more that you give" in said
    assert called() == frozenset()


def test_a_member_s_own_page_asks_whose_proven_address_gives(client: CheckingClient) -> None:
    given(donor())
    client.force_login(make_user(ADA))
    for path in ("/accounts/profile/", "/-/comments/mine/"):
        page = client.get(path)
        assert "Nobody sees there that you give." in shown(page)
        assert b"/support/care/" not in page.content, "the link that ends gifts comes by mail alone"
    reply = client.post(badge_path(Donor.objects.get()), {"do": "badge", "back": "/accounts/profile/"})
    assert reply["Location"] == "/accounts/profile/#supporter"
    assert called() == {ADA}
    assert "as you wished" in shown(client.get("/accounts/profile/"))
    client.post(badge_path(Donor.objects.get()), {"do": "no-badge", "back": "https://evil.example/"})
    assert called() == frozenset()


@pytest.mark.parametrize(("is_proven", "address"), [(False, ADA), (True, "ben@example.org")])
def test_an_address_that_is_not_proven_or_does_not_give_is_asked_nothing(
    client: CheckingClient, is_proven: bool, address: str
) -> None:
    given(donor())
    client.force_login(make_user(address, is_proven=is_proven))
    for path in ("/accounts/profile/", "/-/comments/mine/"):
        assert "supporter" not in client.get(path).content.decode().lower()


def test_a_choice_holds_for_a_day_and_opens_nothing_else(client: CheckingClient) -> None:
    ada = donor()
    given(ada)
    path = badge_path(ada)
    assert client.get(path).status_code == 405
    assert client.get(path.replace("/supporter/", "/care/")).status_code == 404
    assert client.post(path.replace(".", ".x"), {"do": "badge"}).status_code == 400
    with frozen(NOW + timedelta(days=2)):
        late = client.post(path, {"do": "badge"})
    assert late.status_code == 400
    assert "Load it again" in shown(late)
    assert called() == frozenset()


# --- asked no more -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("every", "days"), [("month", 100), ("year", 400)])
def test_stories_ask_no_more_while_a_gift_repeats_and_again_when_it_ended(
    client: CheckingClient, every: str, days: int
) -> None:
    recurring = repeated("active")
    Recurring.objects.update(every=every)
    ada = recurring.donor
    assert ada is not None
    link = care_url_of(ada).removeprefix("http://testserver")
    for status, wanted in (("active", days), ("paused", days), ("past_due", 0), ("ended", 0)):
        Recurring.objects.update(status=status)
        assert f'<gave-note data-days="{wanted}">' in client.get(link).content.decode()


def test_a_single_gift_spares_its_giver_for_the_rest_of_31_days() -> None:
    ada = donor()
    assert days_unasked(ada, NOW) == 0
    gift = given(ada)
    assert days_unasked(ada, NOW) == 31
    assert days_unasked(ada, NOW + timedelta(days=30, hours=23)) == 1
    assert days_unasked(ada, NOW + timedelta(days=40)) == 0
    reverse_gift(gift=gift, reason="bounced")
    assert days_unasked(ada, NOW) == 0


def test_who_erases_all_that_is_his_withdraws_the_wish_too(client: CheckingClient) -> None:
    giver()
    client.force_login(make_user(ADA))
    client.post("/-/comments/mine/erase/")
    assert called() == frozenset()
    assert not Donor.objects.get().wants_badge

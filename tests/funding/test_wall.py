"""The page of thanks: names of those who agreed and of nobody else, gone at once when somebody says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.events import from_payload
from masthead.core.money import Money
from masthead.funding.models import Campaign, Donor, Gift
from masthead.funding.selectors.wall import PER_PAGE, wall
from masthead.funding.services import hide_name, note_pledge, put_campaign, reverse_gift, settle_payment
from masthead.funding.services.care import forget_giver, show_name
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from masthead.project.wiring.edge import purge_of
from tests.client import CheckingClient
from tests.funding import lives
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
WALL = "/support/fund/supporters/"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


@pytest.fixture
def fund() -> Campaign:
    """A fund that thanks by name."""
    return put_campaign(slug="fund", goal=Money(500_000, "USD"), wall=True)


def by_card(campaign: Campaign, name: str, key: str, *, shown_name: bool = True, **facts: Any) -> Gift:
    """Return a gift by card whose giver said whether he may be named."""
    pledge = note_pledge(
        campaign=campaign,
        amount=Money(2_500, "USD"),
        name=name,
        email=f"{key}@example.org",
        show_name=shown_name,
        method="stripe",
    )
    at = facts.get("at", NOW)
    settle_payment(lives.paid(lives.opened(pledge.public_id, external_id=key), Money(2_500, "USD"), at=at))
    return Gift.objects.select_related("journal", "campaign").get(pledge=pledge)


def giver(gift: Gift) -> Donor:
    """Return who gave."""
    assert gift.donor is not None
    return gift.donor


def names() -> list[str]:
    """Return the names on the first page."""
    found = wall("fund")
    assert found is not None
    return [each.name for each in found.names]


def test_only_those_who_agreed_stand_there_the_newest_first(client: CheckingClient, fund: Campaign) -> None:
    """S6: nothing of anybody else, neither name nor address nor sum."""
    by_card(fund, "Ada Venn", "pi_1", at=NOW - timedelta(days=3))
    by_card(fund, "Secret Giver", "pi_2", shown_name=False)
    make_gift(campaign=fund, donor_name="Other Secret", public_name="The Harbour Club")
    page = client.get(WALL)
    assert names() == ["The Harbour Club", "Ada Venn"]
    assert "Ada Venn Nov. 19, 2026" in shown(page)
    for private in ("Secret", "example.org", "25 $"):
        assert private not in page.content.decode().split("<main")[1]
    assert "Who is thanked by name" in shown(client.get("/support/fund/"))


def test_without_the_newsroom_s_wish_there_is_no_such_page(client: CheckingClient) -> None:
    make_gift(campaign=make_campaign(), public_name="Ada Venn")
    assert client.get(WALL).status_code == 404
    assert WALL not in client.get("/support/fund/").content.decode()
    assert client.get("/support/nothing/supporters/").status_code == 404


def test_what_was_returned_or_belongs_to_another_campaign_or_a_rehearsal_is_not_there(fund: Campaign) -> None:
    """L7: money of a rehearsal thanks nobody in public."""
    reverse_gift(gift=make_gift(campaign=fund, public_name="Bounced"), reason="bounced")
    make_gift(campaign=make_campaign(slug="boat", title="Boat", active=False), public_name="Of the boat")
    Gift.objects.filter(pk=make_gift(campaign=fund, public_name="Rehearsed").pk).update(is_live=False)
    assert names() == []


def test_who_gives_again_and_again_stands_there_once(fund: Campaign) -> None:
    first = by_card(fund, "Ada Venn", "pi_1")
    Gift.objects.filter(pk=by_card(fund, "Ada V.", "pi_2").pk).update(donor=first.donor)
    make_gift(campaign=fund, public_name="A friend")
    make_gift(campaign=fund, public_name="A friend")
    assert names() == ["A friend", "A friend", "Ada V."], "only who is known to be the same is the same"


def test_a_giver_hides_and_shows_the_name_and_lets_it_go_for_good(client: CheckingClient, fund: Campaign) -> None:
    donor = giver(by_card(fund, "Ada Venn", "pi_1"))
    show_name(donor=donor, shown=False)
    assert names() == []
    assert "Ada Venn" not in shown(client.get(WALL))
    show_name(donor=donor, shown=True)
    assert "Ada Venn" in shown(client.get(WALL))
    forget_giver(donor=donor)
    assert "Ada Venn" not in shown(client.get(WALL))


def test_hidden_names_are_forgotten_and_not_only_stale(client: CheckingClient, fund: Campaign) -> None:
    """Not even in an outage is a page shown that still has the name."""
    gift = by_card(fund, "Ada Venn", "pi_1")
    show_name(donor=giver(gift), shown=False)
    hide_name(gift=gift)
    told = list(Event.objects.filter(type__in=["funding.giver-changed", "funding.name-hidden"]))
    assert [purge_of([from_payload(row.type, row.payload)]).forget for row in told] == [{"wall"}, {"wall"}]
    assert {"wall", "campaign:fund", "meter"} <= set(client.get(WALL)["Surrogate-Key"].split())


def test_staff_take_a_name_off_and_put_it_back_and_the_giver_s_own_word_stays(fund: Campaign) -> None:
    gift = make_gift(campaign=fund, public_name="Rude Words")
    don = signed_in("view_gift", "change_gift")
    address = f"/admin/funding/gifts/{gift.public_id}/name/"
    assert "Hide the name" in shown(don.get("/admin/funding/gifts/"))
    assert don.post(address).status_code == 302
    assert names() == []
    assert "Show the name again" in shown(don.get("/admin/funding/gifts/"))
    before = Event.objects.count()
    don.post(address)
    assert Event.objects.count() == before, "the same again is nothing"
    don.post(address, {"hidden": "no"})
    assert names() == ["Rude Words"]
    assert don.post("/admin/funding/gifts/nothing/name/").status_code == 404
    Gift.objects.update(public_name="")
    don.post(address, {"hidden": "no"})
    assert names() == []


def test_nobody_else_takes_names_off(fund: Campaign) -> None:
    gift = make_gift(campaign=fund, public_name="Ada Venn")
    looker = signed_in("view_gift", "add_gift")
    assert looker.post(f"/admin/funding/gifts/{gift.public_id}/name/").status_code == 302
    assert "Hide the name" not in shown(looker.get("/admin/funding/gifts/"))
    assert names() == ["Ada Venn"]


def test_a_page_holds_so_many_names_and_a_link_leads_on(
    client: CheckingClient, fund: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(PER_PAGE + 3):  # some at one instant: the cursor must not lose one
        received = NOW - timedelta(minutes=number // 3)
        make_gift(campaign=fund, public_name=f"Giver {number:02}", received_at=received)
    with django_assert_num_queries(1):
        first = wall("fund")
    assert first is not None
    with django_assert_num_queries(2):
        second = wall("fund", before=first.after)
    assert second is not None
    seen = [each.name for each in (*first.names, *second.names)]
    assert (len(first.names), len(second.names), second.after) == (PER_PAGE, 3, "")
    assert len(set(seen)) == len(seen) == PER_PAGE + 3
    page = client.get(WALL)
    assert f'href="{WALL}?before={first.after}"' in page.content.decode()
    assert "Giver 62" not in shown(page)
    following = client.get(f"{WALL}?before={first.after}")
    assert 'content="noindex"' in following.content.decode()
    assert "More names" not in shown(following)
    assert client.get(f"{WALL}?before=nothing").status_code == 404


def test_an_empty_page_says_what_will_be_there(client: CheckingClient, fund: Campaign) -> None:
    assert "No name yet." in shown(client.get(WALL))


def test_staff_choose_whether_there_is_such_a_page() -> None:
    don = signed_in("change_campaign")
    don.post("/admin/funding/campaign/", {"title": "", "goal": "1", "wall": "on"})
    assert Campaign.objects.get().has_wall
    assert don.get("/admin/funding/campaign/").context["form"].initial["wall"] is True
    put_campaign(slug="fund", goal=Money(1, "USD"))
    assert Campaign.objects.get().has_wall, "what is not said stays"
    don.post("/admin/funding/campaign/", {"title": "", "goal": "1"})
    assert not Campaign.objects.get().has_wall

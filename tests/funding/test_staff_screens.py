"""What the newsroom does with money in the admin, and who may."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from pytest_django import DjangoAssertNumQueries
from wagtail import hooks

from masthead.accounts.models import User
from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding import selectors
from masthead.funding.models import Gift, Pledge
from masthead.funding.services import note_pledge, reverse_gift
from masthead.funding.testing import make_campaign, make_gift
from tests.client import CheckingClient
from tests.funding.reading import shown

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.fixture
def don() -> CheckingClient:
    """The one who looks after the money."""
    return signed_in("view_gift", "see_names", "add_gift", "reverse_gift", "change_campaign")


def signed_in(*permissions: str) -> CheckingClient:
    """Return a member of staff with these permissions."""
    user = User.objects.create_user(f"staff{User.objects.count()}@example.org")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions, content_type__app_label="funding"))
    client = CheckingClient()
    client.force_login(user)
    return client


def arrival(client: CheckingClient, address: str, **typed: Any) -> dict[str, Any]:
    """Return what the form at an address sends, with these fields typed."""
    page = client.get(address).content.decode()
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key
    return {"amount": "25", "method": "cash", "received_on": "2026-11-20", "key": key[1], "donor_name": "Ada", **typed}


def test_a_gift_is_recorded_with_its_value_date(don: CheckingClient) -> None:
    """M5: an offline gift counts once, in the month in which the money was received."""
    make_campaign()
    with frozen(NOW):
        typed = arrival(
            don, "/admin/funding/gifts/record/", amount="1,250.50", received_on="2026-10-31", public_name="A. V."
        )
        reply = don.post("/admin/funding/gifts/record/", typed, follow=True)
        page = shown(reply)
    gift = Gift.objects.get()
    assert "1,250.50 $ from Ada is recorded." in page
    assert (gift.journal.month, gift.public_name, gift.method) == (date(2026, 10, 1), "A. V.", "cash")
    assert gift.journal.recorded_by == User.objects.get().pk


def test_the_same_form_sent_twice_books_one_gift(don: CheckingClient) -> None:
    """L3: a double click or a reload is no second gift."""
    make_campaign()
    with frozen(NOW):
        typed = arrival(don, "/admin/funding/gifts/record/")
        for _ in range(2):
            assert don.post("/admin/funding/gifts/record/", typed).status_code == 302
    assert Gift.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": ""}, "This field is required."),
        ({"amount": "a lot"}, "Write the amount in figures"),
        ({"amount": "0"}, "more than zero"),
        ({"amount": "-5"}, "Write the amount in figures"),
        ({"amount": "5.001"}, None),
        ({"amount": "12.345"}, None),
        ({"amount": "1.2345"}, "Write the amount in figures"),
        ({"amount": "9" * 30}, "Write the amount in figures"),
        ({"received_on": "2026-11-23"}, "still to come"),
        ({"received_on": "soon"}, "Enter a valid date."),
        ({"method": "barter"}, "Select a valid choice."),
        ({"donor_name": ""}, "This field is required."),
    ],
)
def test_a_wrong_entry_is_named_and_everything_typed_is_kept(
    don: CheckingClient, typed: dict[str, str], said: str | None
) -> None:
    make_campaign()
    with frozen(NOW):
        reply = don.post(
            "/admin/funding/gifts/record/",
            arrival(don, "/admin/funding/gifts/record/", **{"note": "from the till", **typed}),
        )
    if said is None:  # three digits after the only sign are thousands
        assert reply.status_code == 302
        return
    assert reply.status_code == 422
    assert said in shown(reply)
    assert b"from the till" in reply.content
    assert not Gift.objects.exists()


def test_a_gift_is_reversed_with_its_reason_and_both_stay_visible(don: CheckingClient) -> None:
    make_campaign()
    gift = make_gift(donor_name="Ada Venn")
    address = f"/admin/funding/gifts/{gift.public_id}/reverse/"
    assert "25 $ from Ada Venn" in shown(don.get(address))
    assert "Say why the gift is reversed" in shown(don.post(address, {"reason": " "}))
    page = shown(don.post(address, {"reason": "returned by the bank"}, follow=True))
    assert "25 $ is reversed." in page
    assert ": returned by the bank" in page


def test_a_gift_reversed_meanwhile_is_refused_in_the_form(don: CheckingClient) -> None:
    make_campaign()
    gift = make_gift()
    reverse_gift(gift=gift, reason="a colleague was quicker")
    reply = don.post(f"/admin/funding/gifts/{gift.public_id}/reverse/", {"reason": "mine"})
    assert reply.status_code == 422
    assert "already been reversed" in shown(reply)


@pytest.mark.parametrize("what", ["gifts/nothing/reverse", "pledges/nothing/fulfil"])
def test_a_row_that_does_not_exist_is_not_found(don: CheckingClient, what: str) -> None:
    make_campaign()
    assert don.get(f"/admin/funding/{what}/").status_code == 404


def pledge(every: str = "once") -> Pledge:
    """Return a pledge of 40 dollars."""
    return note_pledge(
        campaign=make_campaign(),
        amount=Money(4000, "USD"),
        name="Ben <b>Okafor</b>",
        email="ben@example.org",
        every=every,
        show_name=True,
        message="For the harbour",
    )


def test_the_money_of_a_pledge_becomes_a_gift_of_the_same_person(don: CheckingClient) -> None:
    """M5: the meter moves now, and not before."""
    noted = pledge()
    address = f"/admin/funding/pledges/{noted.public_id}/fulfil/"
    with frozen(NOW):
        before = selectors.meter(NOW)
        page = shown(don.post(address, arrival(don, address, amount="38"), follow=True))
        after = selectors.meter(NOW)
    gift = Gift.objects.get()
    assert "38 $ from Ben" in page
    assert "money arrived" in page
    assert (gift.pledge, gift.donor_name, gift.contact) == (noted, "Ben <b>Okafor</b>", "ben@example.org")
    assert gift.public_name == "Ben <b>Okafor</b>"
    assert before is None or before.raised.amount_minor == 0
    assert after is None or after.raised.amount_minor == 3800


def test_a_single_pledge_is_fulfilled_once(don: CheckingClient) -> None:
    noted = pledge()
    address = f"/admin/funding/pledges/{noted.public_id}/fulfil/"
    with frozen(NOW):
        don.post(address, arrival(don, address))
        reply = don.post(address, arrival(don, address))
    assert reply.status_code == 422
    assert "already recorded" in shown(reply)


def test_a_pledge_can_be_closed_and_opened_again(don: CheckingClient) -> None:
    address = f"/admin/funding/pledges/{pledge().public_id}/close/"
    assert "The pledge is closed." in shown(don.post(address, follow=True))
    assert Pledge.objects.get().closed_at is not None
    assert "open again" in shown(don.post(address, {"closed": "no"}, follow=True))
    assert Pledge.objects.get().closed_at is None


def test_what_a_stranger_typed_is_only_text_in_the_admin(don: CheckingClient) -> None:
    noted = pledge()
    for address in ("/admin/funding/pledges/", f"/admin/funding/pledges/{noted.public_id}/fulfil/"):
        assert b"<b>Okafor</b>" not in don.get(address).content


def test_gifts_and_pledges_are_found_by_name_contact_and_reference(don: CheckingClient) -> None:
    noted = pledge()
    make_gift(donor_name="Ada Venn", contact="ada@example.org")
    address = f"/admin/funding/pledges/{noted.public_id}/fulfil/"
    with frozen(NOW):
        don.post(address, arrival(don, address))
    for search, found in (("venn", "Ada Venn"), ("ADA@", "Ada Venn"), (noted.reference.lower(), "Ben")):
        assert found in shown(don.get("/admin/funding/gifts/", {"q": search}))
    for search in (noted.reference, "okafor", "ben@"):
        assert "For the harbour" in shown(don.get("/admin/funding/pledges/", {"q": search}))
    assert "No gift fits." in shown(don.get("/admin/funding/gifts/", {"q": "nobody"}))
    assert "No pledge fits." in shown(don.get("/admin/funding/pledges/", {"q": "nobody"}))


def test_empty_lists_say_what_will_be_here(don: CheckingClient) -> None:
    assert "Record the first" in shown(don.get("/admin/funding/gifts/"))
    assert "Readers make them on the Support page." in shown(don.get("/admin/funding/pledges/"))


def test_long_lists_are_paged_and_cost_the_same(
    don: CheckingClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = make_campaign()
    for number in range(60):
        make_gift(campaign=campaign, donor_name=f"Donor {number}")
    with django_assert_num_queries(2):
        assert len(selectors.gift_rows(selectors.gift_page(names=True), names=True)) == 50
    assert "Page 2 of 2" in shown(don.get("/admin/funding/gifts/?p=2"))
    assert "Page 1 of 2" in shown(don.get("/admin/funding/gifts/?p=x"))


def test_the_goal_is_set_and_each_change_is_kept_with_its_time(don: CheckingClient) -> None:
    """M10: a change in mid-month is recorded, and zero hides the meter."""
    assert "No campaign yet" in shown(don.get("/admin/funding/campaign/"))
    for goal in ("5000", "6,000", "0"):
        reply = don.post("/admin/funding/campaign/", {"title": "The Boat", "goal": goal}, follow=True)
        assert "The campaign is saved." in shown(reply)
    campaign = selectors.open_campaign()
    assert campaign.slug == "the-boat"
    assert [goal.amount.amount_minor for goal in selectors.goal_history(campaign)] == [0, 600_000, 500_000]
    assert selectors.meter(NOW) is None
    assert don.get("/admin/funding/campaign/").context["form"].initial["goal"] == "0"


def test_a_goal_that_is_no_amount_is_refused(don: CheckingClient) -> None:
    reply = don.post("/admin/funding/campaign/", {"title": "", "goal": "much"})
    assert "Write the amount in figures" in shown(reply)
    assert selectors.active_campaign() is None


SCREENS = {
    "/admin/funding/gifts/": "view_gift",
    "/admin/funding/gifts/record/": "add_gift",
    "/admin/funding/pledges/": "view_gift",
    "/admin/funding/campaign/": "change_campaign",
}


@pytest.mark.parametrize("address", SCREENS)
def test_each_screen_opens_for_its_permission_alone(address: str) -> None:
    make_campaign()
    assert signed_in(SCREENS[address]).get(address).status_code == 200
    others = {"view_gift", "add_gift", "reverse_gift", "change_campaign"} - {SCREENS[address]}
    assert signed_in(*others).get(address).status_code == 302
    assert signed_in().post(address).status_code == 302


def test_nobody_reverses_without_leave() -> None:
    gift = make_gift()
    client = signed_in("view_gift", "add_gift", "change_campaign")
    assert client.post(f"/admin/funding/gifts/{gift.public_id}/reverse/", {"reason": "x"}).status_code == 302
    assert "Reverse" not in shown(client.get("/admin/funding/gifts/")).replace("Reversed", "")
    assert not hasattr(gift.journal, "reversal")


def test_readers_and_strangers_see_no_screen() -> None:
    make_gift()
    for address in SCREENS:
        assert "login" in CheckingClient().get(address)["Location"]


def test_the_menu_shows_what_one_may_do() -> None:
    assert "/admin/funding/gifts/" in signed_in("view_gift").get("/admin/").content.decode()
    assert "/admin/funding/" not in signed_in().get("/admin/").content.decode()


def test_groups_can_be_given_the_permissions() -> None:
    offered = {item.codename for hook in hooks.get_hooks("register_permissions") for item in hook()}
    assert {"view_gift", "add_gift", "reverse_gift", "change_campaign"} <= offered

"""Where staff say what is collected for: over which time, before or after fees, and refusals beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding import selectors
from masthead.funding.rules.periods import Terms
from masthead.funding.services import put_campaign
from masthead.funding.testing import make_campaign
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
EDIT = "/admin/funding/campaign/"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


@pytest.fixture
def don() -> CheckingClient:
    """Who may decide what is asked for."""
    return signed_in("change_campaign")


def test_time_and_fees_are_set_and_shown_again_and_in_the_history(don: CheckingClient) -> None:
    days = {"starts_on": "2026-11-10", "ends_on": "2026-11-30"}
    don.post(EDIT, {"title": "Boat", "goal": "100"})
    reply = don.post(EDIT, {"title": "Boat", "goal": "900", "period": "dates", "counts": "net", **days}, follow=True)
    assert "The campaign is saved. The goal is 900 $." in shown(reply)
    current = selectors.meter(NOW)
    assert current is not None
    assert (current.period.kind, current.counts, current.days_left) == ("dates", "net", 9)
    page = don.get(EDIT)
    assert page.context["form"].initial["ends_on"] == date(2026, 11, 30)
    assert "900 $ from Nov. 10, 2026 to Nov. 30, 2026" in shown(page)
    assert "100 $ each month" in shown(page)
    for period, words in {"year": "80 $ each year", "open": "80 $ in all, without end"}.items():
        don.post(EDIT, {"title": "Boat", "goal": "80", "period": period})
        assert words in shown(don.get(EDIT))


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"period": "dates", "title": "Boat"}, "starts_on", "needs both days"),
        ({"period": "dates", "title": "B", "starts_on": "2026-11-10", "ends_on": "2026-11-09"}, "ends_on", "later"),
        ({"period": "dates", "title": "B", "starts_on": "2026-11-10", "ends_on": "9999-12-31"}, "ends_on", "and 2200"),
        ({"period": "dates", "title": "B", "starts_on": "0001-01-01", "ends_on": "2026-11-09"}, "ends_on", "1900 and"),
        ({"period": "month", "starts_on": "2026-11-10"}, "starts_on", "Leave both empty"),
        ({"period": "open", "title": ""}, "title", "Give the campaign a title"),
        ({"period": "weekly"}, "period", "weekly"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field_and_nothing_is_saved(
    don: CheckingClient, told: dict[str, str], field: str, words: str
) -> None:
    reply = don.post(EDIT, {"goal": "900", **told})
    assert reply.status_code == 422
    assert words in " ".join(reply.context["form"].errors[field])
    assert selectors.active_campaign() is None


def test_pages_say_what_the_meter_counts(client: CheckingClient, don: CheckingClient) -> None:
    """M7: before or after fees, in words."""
    for counts, words in {"gross": "Counted before fees", "net": "Counted after fees"}.items():
        don.post(EDIT, {"title": "", "goal": "900", "counts": counts})
        for address in ("/support/", "/support/working/", "/support/working/2026-11/"):
            assert words in shown(client.get(address))
    assert selectors.goal_history(selectors.open_campaign())[0].terms == Terms("month", "net")


def test_a_campaign_is_opened_beside_the_first_listed_and_closed_again(
    client: CheckingClient, don: CheckingClient
) -> None:
    don.post(EDIT, {"title": "", "goal": "5000"})
    new = don.get("/admin/funding/campaigns/new/")
    assert new.context["form"].initial["place"] == "beside"
    told = {"title": "The Boat", "goal": "900", "place": "beside", "text": "We need one.", "amounts": "10; 25,50"}
    page = shown(don.post("/admin/funding/campaigns/new/", told, follow=True))
    assert "The Boat on its own page /support/the-boat/ 0 $ of 900 $ raised" in page
    assert "November fund on every page /support/ 0 $ of 5,000 $ raised" in page
    assert "We need one." in shown(client.get("/support/the-boat/"))
    own = "/admin/funding/campaigns/of/the-boat/"
    initial = don.get(own).context["form"].initial
    assert (initial["place"], initial["amounts"], initial["text"]) == ("beside", "10; 25.5", "We need one.")
    don.post(own, {"title": "The Boat", "goal": "900"})
    assert client.get("/support/the-boat/").status_code == 200, "where it stands stays as it was unless it is said"
    assert "closed" in shown(don.post(own, {"title": "The Boat", "goal": "900", "place": "closed"}, follow=True))
    assert client.get("/support/the-boat/").status_code == 404
    assert don.get("/admin/funding/campaigns/of/nothing/").status_code == 404


def test_a_second_campaign_never_writes_over_the_first_nor_takes_the_name_of_a_page(don: CheckingClient) -> None:
    for title in ("", "", "Fund", "Working", "!!!"):
        reply = don.post("/admin/funding/campaigns/new/", {"title": title, "goal": "1", "place": "beside"})
        assert reply.status_code == 302
    slugs = {campaign.slug for campaign in selectors.all_campaigns()}
    assert slugs == {"fund", "fund-2", "fund-3", "working-2", "fund-4"}


@pytest.mark.parametrize(
    ("amounts", "words"),
    [("ten", "with a semicolon between"), ("1;2;3;4;5;6;7", "at most six"), ("10; 0", "more than zero")],
)
def test_amounts_that_cannot_be_read_are_refused(don: CheckingClient, amounts: str, words: str) -> None:
    reply = don.post(EDIT, {"title": "", "goal": "1", "amounts": amounts})
    assert words in " ".join(reply.context["form"].errors["amounts"])


def test_a_gift_is_recorded_for_the_campaign_it_is_meant_for() -> None:
    make_campaign()
    record = "/admin/funding/gifts/record/"
    cashier = signed_in("view_gift", "add_gift")
    assert "campaign" not in cashier.get(record).context["form"].fields
    put_campaign(slug="boat", goal=Money(90_000, "USD"), title="Boat", active=False, beside=True)
    put_campaign(slug="euro", goal=Money(90_000, "EUR"), title="Euro", active=False, beside=True)
    form = cashier.get(record).context["form"]
    assert [slug for slug, _name in form.fields["campaign"].choices] == ["fund", "boat"]
    told = {"amount": "25", "method": "cash", "received_on": "2026-11-22", "donor_name": "Ada", "key": "k1"}
    assert cashier.post(record, {**told, "campaign": "boat"}).status_code == 302
    current = selectors.meter_of_campaign("boat", NOW)
    assert current is not None
    assert current.raised == Money(2_500, "USD")


def test_the_list_of_campaigns_is_for_those_who_may_decide() -> None:
    assert signed_in("view_gift").get("/admin/funding/campaigns/").status_code == 302
    assert "No campaign yet" in shown(signed_in("change_campaign").get("/admin/funding/campaigns/"))

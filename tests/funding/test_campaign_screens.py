"""Where staff say what is collected for: over which time, before or after fees, and refusals beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from masthead.core.clock import frozen
from masthead.funding import selectors
from masthead.funding.rules.periods import Terms
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

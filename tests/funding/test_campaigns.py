"""Several campaigns: each with a page, a meter and gifts of its own, and one set of words in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.core.money import Money
from masthead.funding import presenters
from masthead.funding.campaign_errors import NameTaken
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers
from masthead.funding.models import Campaign, Pledge
from masthead.funding.rules.periods import Terms
from masthead.funding.selectors import amounts_of, meter, meter_of_campaign, standings
from masthead.funding.services import fulfil_pledge, put_campaign, reverse_gift
from masthead.funding.services.campaigns import RESERVED
from masthead.funding.testing import make_campaign, make_gift
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.properties import examples

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
ATOM, SVG = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/2000/svg}"
GIFT = {"amount": "25", "every": "once", "name": "Ada Venn", "email": "ada@example.org"}


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


def usd(minor: int) -> Money:
    """Return dollars."""
    return Money(minor, "USD")


@pytest.fixture
def boat() -> Campaign:
    """A campaign beside the monthly fund: 900 dollars until the end of the month."""
    make_campaign()
    days = Terms("dates", "gross", date(2026, 11, 10), date(2026, 11, 30))
    return put_campaign(
        slug="boat",
        goal=usd(90_000),
        title="The boat",
        active=False,
        beside=True,
        text="We need a boat.\n\nIt leaks.",
        amounts=[usd(3_000), usd(1_000)],
        terms=days,
    )


def test_each_campaign_has_its_own_gifts_and_meter(boat: Campaign) -> None:
    make_gift(amount=usd(1_000))
    make_gift(campaign=boat, amount=usd(30_000))
    own, main = meter_of_campaign("boat", NOW), meter(NOW)
    assert own is not None
    assert main is not None
    assert (own.raised, own.gifts, own.is_main, own.days_left) == (usd(30_000), 1, False, 9)
    assert (main.raised, main.gifts, main.is_main) == (usd(1_000), 1, True)


def test_its_page_says_what_it_is_for_where_it_stands_and_what_it_offers(
    client: CheckingClient, boat: Campaign
) -> None:
    make_gift(campaign=boat, amount=usd(30_000))
    page = client.get("/support/boat/")
    html = page.content.decode()
    assert "We need a boat." in shown(page)
    assert "<p>It leaks.</p>" in html
    assert "300 $ of 900 $ raised, 9 days left" in shown(page)
    assert html.count('role="meter"') == 2
    assert 'aria-label="The boat"' in html
    assert '<option value="10">' in html
    assert '<option value="30">' in html
    assert '<option value="60">' not in html
    assert 'action="/support/boat/"' in html
    assert 'property="og:image"' not in html, "no network draws an SVG"
    assert client.get("/support/fund/").content.decode().count('role="meter"') == 1


def test_readers_find_the_others_from_the_page_of_the_main_one(client: CheckingClient, boat: Campaign) -> None:
    html = client.get("/support/").content.decode()
    assert '<a href="/support/boat/">The boat</a>' in html
    assert '<a href="/support/fund/">More about this collection</a>' in html
    put_campaign(slug="boat", goal=usd(90_000), title="The boat", active=False, beside=False)
    assert "/support/boat/" not in client.get("/support/").content.decode()


def test_a_pledge_made_on_its_page_is_its_own_and_so_is_the_gift(client: CheckingClient, boat: Campaign) -> None:
    assert client.post("/support/boat/", GIFT).status_code == 303
    pledge = Pledge.objects.select_related("campaign").get()
    assert pledge.campaign == boat
    assert presenters.form_url(pledge).startswith("/support/boat/?amount=25")
    fulfil_pledge(pledge=pledge, amount=usd(2_500), method="cash", received_at=NOW)
    own, main = meter_of_campaign("boat", NOW), meter(NOW)
    assert own is not None
    assert main is not None
    assert (own.raised, main.raised) == (usd(2_500), usd(0))
    refused = client.post("/support/boat/", {**GIFT, "amount": "much"})
    assert refused.status_code == 422
    assert "We need a boat." in shown(refused)


def test_a_closed_or_unknown_campaign_has_no_page_in_any_format(client: CheckingClient, boat: Campaign) -> None:
    put_campaign(slug="boat", goal=usd(1), title="The boat", active=False, beside=False)
    for slug in ("boat", "nothing"):
        for end in ("", "feed/", "meter.svg", "meter.json"):
            assert client.get(f"/support/{slug}/{end}").status_code == 404
        assert client.get(f"/api/v1/campaigns/{slug}").status_code == 404
        assert client.get(f"/-/embed/meter/{slug}/").status_code == 404


def test_without_a_goal_its_page_stands_without_a_meter(client: CheckingClient, boat: Campaign) -> None:
    put_campaign(slug="boat", goal=usd(0), title="The boat", active=False)
    page = client.get("/support/boat/")
    assert "We need a boat." in shown(page)
    assert page.content.decode().count('role="meter"') == 1
    assert json.loads(client.get("/support/boat/meter.json").content) == {"meter": None, "promised": None}
    assert client.get("/support/boat/meter.svg").status_code == 404
    assert client.get("/support/boat/feed/").content.count(b"<entry>") == 0


def test_what_is_not_said_stays_as_it_was(boat: Campaign) -> None:
    put_campaign(slug="boat", goal=usd(80_000), title="The boat", active=False)
    boat.refresh_from_db()
    assert (boat.is_beside, boat.text, boat.amounts_minor) == (True, "We need a boat.\n\nIt leaks.", [1_000, 3_000])
    put_campaign(slug="boat", goal=usd(80_000), title="The boat", active=False, amounts=[])
    boat.refresh_from_db()
    assert amounts_of(boat) == [usd(1_000), usd(2_500), usd(6_000)]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        *(({"slug": slug}, NameTaken) for slug in sorted(RESERVED)),
        ({"amounts": [Money(0, "USD")]}, AmountNotPositive),
        ({"amounts": [Money(1, "EUR")]}, CurrencyDiffers),
    ],
)
def test_names_and_amounts_that_cannot_be_are_refused(said: dict[str, Any], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal) as refused:
        put_campaign(**{"slug": "boat", "goal": usd(1), "title": "Boat", **said})
    assert refused.value.message()
    assert not Campaign.objects.exists()


def test_every_address_below_support_is_no_campaign_s_name() -> None:
    """A page that is added later may not be hidden by a campaign, nor hide one."""
    from masthead.funding.urls import urlpatterns

    first = {str(item.pattern).split("/")[1] for item in urlpatterns if str(item.pattern).startswith("support/")}
    assert {name for name in first if name and "<" not in name} <= RESERVED


def said_everywhere(client: CheckingClient, slug: str) -> dict[str, tuple[str, str]]:
    """Return the sentence and the length of the bar as each format tells them; of the feed, the sentence twice."""
    html = client.get(f"/support/{slug}/").content.decode().replace("&#x27;", "'")
    bar = html[html.index('class="meter-inner"', html.index('class="meter-inner"') + 1) :]
    found = {"bar": (_first(r'aria-valuetext="([^"]*)"', bar), _first(r'meter-fill" width="([\d.]+)%', bar))}
    found["text"] = (_first(r"<p>([^<]*?)\. Counted", html), found["bar"][1])
    figures = json.loads(client.get(f"/support/{slug}/meter.json").content)["meter"]
    api = client.get(f"/api/v1/campaigns/{slug}").json()["meter"]
    found["json"] = (figures["text"], api["bar_percent"])
    found["api"] = (api["text"], api["bar_percent"])
    entry = ET.fromstring(client.get(f"/support/{slug}/feed/").content).find(f"{ATOM}entry")  # noqa: S314 - our own
    assert entry is not None
    title, summary = entry.findtext(f"{ATOM}title", ""), entry.findtext(f"{ATOM}summary", "")
    assert title.endswith(summary)
    found["feed"] = (summary, found["bar"][1])
    picture = ET.fromstring(client.get(f"/support/{slug}/meter.svg").content)  # noqa: S314 - our own
    [drawn] = [item for item in picture.iter(f"{SVG}rect") if item.get("id") == "bar"]
    texts = [item.text or "" for item in picture.iter(f"{SVG}text")]
    title = picture.findtext(f"{SVG}title", "")
    assert title == f"{texts[0]}: {texts[1]}"
    assert {figures["goal"], "0\xa0$"} <= set(texts)
    found["picture"] = (texts[1], f"{float(drawn.get('width', '')) * 100 / 1040:.1f}")
    return found


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.DOTALL)
    assert match, pattern
    return match[1].strip()


TERMS = st.sampled_from(
    [
        *(Terms(period, counts) for period in ("month", "year", "open") for counts in ("gross", "net")),
        Terms("dates", "gross", date(2026, 11, 1), date(2026, 11, 22)),
        Terms("dates", "net", date(2026, 12, 1), date(2026, 12, 24)),
        Terms("dates", "gross", date(2026, 10, 1), date(2026, 10, 24)),
    ]
)


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=TERMS, goal=st.integers(1, 10**8), gifts=st.lists(st.integers(1, 10**8), max_size=3), back=st.booleans())
def test_text_bar_json_feed_and_picture_say_the_same(
    client: CheckingClient, terms: Terms, goal: int, gifts: list[int], *, back: bool
) -> None:
    """M11, C9, C10: whatever was given, over whatever time."""
    with transaction.atomic():
        make_campaign()
        title = "Tom & “Ada’s” <boat>"
        own = put_campaign(slug="boat", goal=usd(goal), title=title, active=False, beside=True, terms=terms)
        made = [make_gift(campaign=own, amount=usd(minor)) for minor in gifts]
        if made and back:
            reverse_gift(gift=made[0], reason="bounced")
        found = said_everywhere(client, "boat")
        assert len(set(found.values())) == 1, found
        current = meter_of_campaign("boat", NOW)
        assert current is not None
        assert found["bar"] == (presenters.meter_sentence(current), current.bar_percent)
        transaction.set_rollback(True)


def test_the_picture_is_drawn_from_the_right_where_one_reads_so(client: CheckingClient, boat: Campaign) -> None:
    make_gift(campaign=boat, amount=usd(45_000))
    with translation.override("ar"), override_settings(LANGUAGE_CODE="ar"):
        current = meter_of_campaign("boat", NOW)
        assert current is not None
        values = presenters.picture_values(current, site_name="x", is_rtl=True)
    assert (values["direction"], values["edge"], values["far_edge"]) == ("rtl", 1120, 80)
    assert (values["bar_x"], values["bar_width"]) == ("600.0", "520.0")
    drawn = client.get("/support/boat/meter.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b'direction="ltr"' in drawn.content
    assert b'width="520.0"' in drawn.content


def test_the_feed_has_an_entry_for_each_month_and_keeps_its_id_while_figures_move(client: CheckingClient) -> None:
    with frozen(datetime(2026, 9, 10, tzinfo=UTC)):
        campaign = make_campaign()
        make_gift(campaign=campaign, amount=usd(1_000))
    make_gift(campaign=campaign, amount=usd(2_000), received_at=datetime(2026, 10, 31, 12, tzinfo=UTC))

    def read() -> list[tuple[str, str]]:
        feed = ET.fromstring(client.get("/support/fund/feed/").content)  # noqa: S314 - our own
        entries = feed.findall(f"{ATOM}entry")
        return [(each.findtext(f"{ATOM}id", ""), each.findtext(f"{ATOM}title", "")) for each in entries]

    before = read()
    assert [title.replace("\xa0", " ") for _id, title in before] == [
        "November fund: 0 $ of 5,000 $ raised, 9 days left",
        "October fund: 20 $ of 5,000 $ raised",
        "September fund: 10 $ of 5,000 $ raised",
    ]
    make_gift(campaign=campaign, amount=usd(500))
    after = read()
    assert [known for known, _title in after] == [known for known, _title in before]
    assert "5\xa0$" in after[0][1]


def test_a_feed_looks_back_over_a_year_at_most(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with frozen(datetime(2020, 1, 10, tzinfo=UTC)):
        make_campaign()
    with django_assert_num_queries(24):
        assert len(standings("fund", NOW)) == 12


def test_programs_read_all_open_campaigns_the_main_one_first(client: CheckingClient, boat: Campaign) -> None:
    items = client.get("/api/v1/campaigns").json()["items"]
    assert [(item["slug"], item["is_main"]) for item in items] == [("fund", True), ("boat", False)]
    assert items[1]["text"].startswith("We need a boat.")
    assert items[1]["support_url"].endswith("/support/boat/")
    meter_told = items[1]["meter"]
    assert (meter_told["period"], meter_told["first_day"], meter_told["last_day"], meter_told["month"]) == (
        "dates",
        "2026-11-10",
        "2026-11-30",
        None,
    )
    months = client.get("/api/v1/campaigns/boat/months").json()["items"]
    assert months[0]["month"] == "2026-11"


def test_what_shows_a_campaign_is_kept_under_its_name_until_its_day_is_over(
    client: CheckingClient, boat: Campaign
) -> None:
    for address in ("/support/boat/", "/support/boat/meter.json", "/support/boat/meter.svg", "/support/boat/feed/"):
        reply = client.get(address)
        assert {"campaign:boat", "meter"} <= set(reply["Surrogate-Key"].split()), address
        assert "max-age" in reply["Surrogate-Control"], address
    assert "campaign:fund" not in client.get("/support/boat/meter.json")["Surrogate-Key"]
    assert {"campaign:fund", "meter"} <= set(client.get("/support/")["Surrogate-Key"].split())

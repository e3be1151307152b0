"""What readers see of money, and how they announce a gift: over HTTP, without script."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding import selectors
from masthead.funding.models import Gift, Pledge
from masthead.funding.rules.reference import normalised, spaced
from masthead.funding.services import reverse_gift, set_goal
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.settings import CONFIG

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
GOOD = {"amount": "25", "every": "once", "name": "Ada Venn", "email": "ada@example.org"}


@pytest.fixture(autouse=True)
def _november() -> Any:
    with frozen(NOW):
        yield


@pytest.fixture
def _fund() -> None:
    """1,639 of 5,000 dollars, from two gifts, with a third one reversed."""
    make_campaign()
    make_gift(amount=Money(160_000, "USD"), donor_name="Secret Giver", contact="secret@example.org")
    make_gift(amount=Money(3_900, "USD"), donor_name="Other Giver", public_name="A friend")
    reverse_gift(gift=make_gift(amount=Money(1_000, "USD")), reason="Returned by the bank")


def slot(name: str) -> str:
    """Render a slot on a page of its own."""
    request = RequestFactory().get("/")
    return Template(f'{{% slot "{name}" key="article:1" %}}').render(Context({"request": request}))


@pytest.mark.usefixtures("_fund")
def test_the_meter_stands_on_top_of_the_page_by_role_and_name(client: CheckingClient) -> None:
    """M10, C10: named after the campaign, in major units, with ticks that derive from the goal."""
    page = client.get("/support/")
    html = page.content.decode().replace("\u00a0", " ")
    gauge = re.search(r'<div class="meter-gauge"[^>]*>', html)
    assert gauge
    for attribute in (
        'role="meter"',
        'aria-label="November fund"',
        'aria-valuenow="1639"',
        'aria-valuemin="0"',
        'aria-valuemax="5000"',
        'aria-valuetext="1,639 $ of 5,000 $ raised, 9 days left"',
    ):
        assert attribute in gauge[0]
    assert [text for text in ("0 $", "2,500 $", "5,000 $", "1,639 $") if f">{text}</span>" not in html] == []
    assert 'width="32.7%"' in html
    assert 'width="67.3%"' in html
    assert "Show your working" in shown(page)
    assert "Support The Saltmere Ledger" in shown(page)


def test_more_than_the_goal_keeps_the_meter_s_value_in_its_range() -> None:
    """C9: the text says what the bar cannot."""
    make_campaign(goal=Money(10_000, "USD"))
    make_gift(amount=Money(12_550, "USD"))
    html = slot("page.top").replace("\u00a0", " ")
    assert 'aria-valuenow="100"' in html
    assert "125.50 $ of 100 $ raised" in html
    assert 'width="100.0%"' in html


@pytest.mark.usefixtures("_fund")
def test_every_page_and_every_format_shows_the_same_number(client: CheckingClient) -> None:
    """M11."""
    assert "1,639 $ of 5,000 $" in shown(client.get("/support/"))
    working = shown(client.get("/support/working/"))
    assert "1,639 $ of 5,000 $" in working
    assert "November 2026 3 1,649 $ 1 10 $ 1,639 $ 5,000 $" in working
    row = next(csv.DictReader(io.StringIO(client.get("/support/working/months.csv").content.decode())))
    assert row == {
        "month": "2026-11",
        "currency": "USD",
        "gifts": "3",
        "given": "1649",
        "reversals": "1",
        "taken_back": "10",
        "net": "1639",
        "goal": "5000",
        "percent": "32",
    }
    figures = json.loads(client.get("/-/meter/").content)["meter"]
    assert (figures["raised_minor"], figures["gifts"], figures["percent"]) == (163_900, 2, 32)
    assert figures["text"].replace("\u00a0", " ") == "1,639 $ of 5,000 $ raised, 9 days left"
    assert "1,639" in slot("page.top")


@pytest.mark.usefixtures("_fund")
def test_no_public_page_names_a_giver(client: CheckingClient) -> None:
    """S6: neither name nor address, in no format."""
    addresses = ["/support/", "/support/working/", "/support/working/months.csv", "/-/meter/"]
    replies = [client.get(address) for address in addresses]
    seen = b"".join(reply.content for reply in replies)
    for private in (b"Secret Giver", b"Other Giver", b"secret@example.org", b"Returned by the bank"):
        assert private not in seen
    assert all(reply["Cache-Control"] == "public, no-cache" for reply in replies)
    assert all({"meter", "books"} & set(reply["Surrogate-Key"].split()) for reply in replies)


@pytest.mark.usefixtures("_fund")
@pytest.mark.parametrize("address", ["/support/", "/support/working/", "/support/working/months.csv", "/-/meter/"])
def test_figures_are_kept_until_the_day_is_over(client: CheckingClient, address: str) -> None:
    """Then a day less is left, or a month begins: nobody writes anything, so no event tells of it."""
    with frozen(datetime(2026, 11, 30, 23, 59, tzinfo=ZoneInfo("America/New_York"))):
        assert client.get(address)["Surrogate-Control"] == "max-age=60"


@pytest.mark.usefixtures("_fund")
@pytest.mark.parametrize(("address", "budget"), [("/support/", 5), ("/support/working/", 7), ("/-/meter/", 2)])
def test_the_pages_cost_few_queries_of_their_own(client: CheckingClient, address: str, budget: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len([query for query in queries if "funding_" in query["sql"]]) <= budget


@pytest.mark.usefixtures("_fund")
def test_the_support_block_offers_three_amounts_and_never_chooses_monthly() -> None:
    html = slot("article.support").replace("\u00a0", " ")
    assert "2 gifts have paid for this month’s reporting so far." in html
    assert [text for text in ("10 $", "25 $", "60 $") if f">{text}</span>" not in html] == []
    assert re.findall(r'value="(\w+)" checked', html) == ["10", "once"]
    assert 'method="get" action="/support/"' in html
    assert ">Support The Saltmere Ledger</a>" in html
    assert ">Support The Saltmere Ledger</a>" in slot("article.support_after")


def test_before_the_first_gift_the_block_says_who_pays() -> None:
    make_campaign()
    assert "The Saltmere Ledger is paid for by its readers." in slot("article.support")
    make_gift()
    assert "1 gift has paid" in slot("article.support")


def test_without_a_goal_the_meter_is_gone_and_giving_still_works(client: CheckingClient) -> None:
    """M10."""
    set_goal(campaign_id=make_campaign().pk, goal=Money(0, "USD"))
    assert slot("page.top") == ""
    assert "is paid for by its readers" in slot("article.support")
    assert "Support The Saltmere Ledger" in slot("article.support_after")
    assert client.get("/support/").status_code == 200
    assert client.get("/support/working/").status_code == 200
    assert json.loads(client.get("/-/meter/").content) == {"meter": None}


def test_while_nobody_collects_nothing_is_asked(client: CheckingClient) -> None:
    assert [slot(name) for name in ("page.top", "article.support", "article.support_after")] == ["", "", ""]
    for address in ("/support/", "/support/working/", "/support/working/months.csv"):
        reply = client.get(address)
        assert reply.status_code == 404
        assert "No campaign is open" in shown(reply)


def test_the_choice_of_the_block_arrives_in_the_form(client: CheckingClient) -> None:
    make_campaign()
    form = client.get("/support/?amount=60&every=month").context["form"]
    assert (form["amount"].value(), form["every"].value()) == ("60", "month")


@pytest.mark.parametrize(
    "query",
    ["", "?every=always", "?amount=", "?amount=%22%3E%3Cscript%3E", "?amount=%00&every=%00", "?amount=" + "9" * 500],
)
def test_a_strange_choice_harms_nothing(client: CheckingClient, query: str) -> None:
    make_campaign()
    form = client.get("/support/" + query).context["form"]
    assert form["every"].value() == "once"
    assert form["amount"].value() is None


def test_a_pledge_gets_a_code_and_exact_instructions_and_moves_no_figure(client: CheckingClient) -> None:
    """M5: an unpaid pledge adds nothing."""
    campaign = make_campaign()
    reply = client.post("/support/", {**GOOD, "amount": "12,50", "message": "Go on", "show_name": "on"})
    pledge = Pledge.objects.get()
    assert reply.status_code == 303
    assert reply["Location"] == f"/support/thanks/{pledge.reference}/"
    thanks = client.get(reply["Location"])
    text = shown(thanks)
    for fact in ("12.50 $", spaced(pledge.reference), "Saltmere Ledger Trust", "DE02 1203 0000 0000 2020 51"):
        assert fact in text
    assert "make a transfer" in text
    assert "Ada Venn" not in text
    assert "ada@example.org" not in text
    assert thanks["Cache-Control"] == "private, no-store"
    assert normalised(pledge.reference) == pledge.reference
    assert (pledge.amount, pledge.every, pledge.message, pledge.show_name) == (
        Money(1250, "USD"),
        "once",
        "Go on",
        True,
    )
    assert not Gift.objects.exists()
    assert [row.net.amount_minor for row in selectors.months(campaign, NOW)] == [0]
    payload = Event.objects.get(type="funding.pledge-noted").payload
    assert payload["reference"] == pledge.reference
    assert "Ada Venn" not in json.dumps(payload)


def test_a_monthly_pledge_is_told_about_standing_orders(client: CheckingClient) -> None:
    make_campaign()
    reply = client.post("/support/", {**GOOD, "every": "month"}, follow=True)
    assert "set up a standing order" in shown(reply)


BAD = [
    ({"amount": ""}, "Write the amount you want to give."),
    ({"amount": "much"}, "Write the amount in figures, such as 25 or 25.50."),
    ({"amount": "0"}, "The amount must be more than zero."),
    ({"amount": "-5"}, "Write the amount in figures"),
    ({"amount": "1" * 41}, "at most 40 characters"),
    ({"every": ""}, "Choose once or every month."),
    ({"every": "hourly"}, "Select a valid choice."),
    ({"name": "  "}, "Write your name"),
    ({"name": "x" * 81}, "at most 80 characters"),
    ({"name": "\x00\x07"}, "Write your name"),
    ({"email": "nobody"}, "Write the address as name@example.org."),
    ({"message": "x" * 1001}, "at most 1000 characters"),
    ({"website": "https://spam.invalid"}, "It is there to stop programs."),
]


@pytest.mark.parametrize(("typed", "said"), BAD, ids=lambda value: str(value)[:30])
def test_bad_input_is_named_at_its_field_and_nothing_typed_is_lost(
    client: CheckingClient, typed: dict[str, str], said: str
) -> None:
    make_campaign()
    reply = client.post("/support/", {**GOOD, "message": "Go <b>on</b>", **typed})
    assert reply.status_code == 422
    assert said in shown(reply)
    assert reply["Cache-Control"] == "private, no-store"
    if "message" not in typed:
        assert b"Go &lt;b&gt;on&lt;/b&gt;" in reply.content
    if "email" not in typed:
        assert b'value="ada@example.org"' in reply.content
    assert not Pledge.objects.exists()


def test_errors_are_tied_to_their_fields(client: CheckingClient) -> None:
    make_campaign()
    html = client.post("/support/", {**GOOD, "amount": "much"}).content.decode()
    field = re.search(r'<input[^>]*name="amount"[^>]*>', html)
    assert field
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())


def test_too_many_pledges_from_one_place_are_asked_to_wait_and_keep_what_was_typed(client: CheckingClient) -> None:
    make_campaign()
    for _ in range(20):
        assert client.post("/support/", GOOD).status_code == 303
    reply = client.post("/support/", GOOD)
    assert reply.status_code == 429
    assert "too many in a short time" in shown(reply)
    assert b'value="ada@example.org"' in reply.content
    assert Pledge.objects.count() == 20


def test_a_reader_of_a_cached_page_pledges_without_a_token() -> None:
    make_campaign()
    reply = Client(enforce_csrf_checks=True).post("/support/", GOOD, headers={"Sec-Fetch-Site": "same-origin"})
    assert reply.status_code == 303
    assert not reply.cookies


def test_another_site_cannot_pledge_for_a_reader() -> None:
    make_campaign()
    reply = Client().post("/support/", GOOD, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 403
    assert not Pledge.objects.exists()


def test_a_site_without_a_bank_account_asks_for_an_address_and_writes(client: CheckingClient) -> None:
    make_campaign()
    without = replace(CONFIG, funding=replace(CONFIG.funding, iban=""))
    with override_settings(MASTHEAD=without):
        assert "we write to you where to send it" in shown(client.get("/support/"))
        assert "This field is required." in shown(client.post("/support/", {**GOOD, "email": ""}))
        reply = client.post("/support/", GOOD, follow=True)
    assert "write to you where to send it" in shown(reply)
    assert Pledge.objects.get().reference[:4] in shown(reply)


def test_a_thanks_page_is_found_however_its_code_is_spelled(client: CheckingClient) -> None:
    make_campaign()
    client.post("/support/", GOOD)
    code = Pledge.objects.get().reference
    assert client.get(f"/support/thanks/{code.lower()}/").status_code == 200
    for wrong in ("RF00AAAAAAAA", "nothing", f"{code[:-1]}{'0' if code[-1] != '0' else '1'}"):
        assert client.get(f"/support/thanks/{wrong}/").status_code == 404


@pytest.mark.parametrize("address", ["/support/working/", "/support/working/months.csv", "/-/meter/"])
def test_pages_of_figures_are_only_read(client: CheckingClient, address: str) -> None:
    make_campaign()
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200

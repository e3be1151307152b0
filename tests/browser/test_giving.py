"""Gifts from the button to the meter, through the simulator's own pages: each with script and without."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import stripe
from playwright.sync_api import Browser, Page, expect

from masthead.simulator.testing import RunningSimulator, running
from tests.browser import paper
from tests.browser.conftest import DESK, PATIENCE_MS, PHONE
from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, assert_no_sideways_scroll
from tests.browser.paper import Paper, environment
from tests.browser.postbox import Postbox
from tests.letters import AnyPort, part

HOMES = itertools.count(1)
CARE = re.compile(r"http://\S+/support/care/\S+")
_COLLECTS = """
import sys
from pathlib import Path
from masthead.project.cli.site import start_django
start_django(Path(sys.argv[1]))
from masthead.core.money import Money
from masthead.funding.services import put_campaign
put_campaign(slug="fund", goal=Money(500_000, "EUR"))
"""


@dataclass
class Rehearsal:
    """A paper that collects in euros and rehearses on a simulator of its own."""

    paper: Paper
    simulator: RunningSimulator
    postbox: Postbox
    settings: dict[str, str]
    port: int

    @property
    def client(self) -> stripe.StripeClient:
        """The processor as its owner sees it."""
        return stripe.StripeClient(self.simulator.key, base_addresses=self.simulator.base_addresses)

    def last_charge(self) -> stripe.Charge:
        """Return the newest charge."""
        return self.client.v1.charges.list({"limit": 1}).data[0]

    def raised(self) -> int:
        """Return what the meter says, in cents."""
        with urllib.request.urlopen(f"{self.paper.address}/-/meter/") as reply:  # noqa: S310 - our own server
            return int(json.load(reply)["meter"]["raised_minor"])


@pytest.fixture(scope="module")
def rehearsal(new_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The paper, its simulator and its letters."""
    box = Postbox()
    letters = AnyPort(box, hostname="127.0.0.1", port=0)
    letters.start()
    folder, port = tmp_path_factory.mktemp("giving") / "site", paper.free_port()
    shutil.copytree(new_site, folder)
    with ExitStack() as stack:
        stack.callback(letters.stop)
        simulator = stack.enter_context(running(currency="eur"))
        secret = simulator.add_endpoint(f"http://127.0.0.1:{port}/-/payments/stripe/")
        settings = {
            "MASTHEAD_MAIL_URL": f"smtp://127.0.0.1:{letters.port}",
            "MASTHEAD_FUNDING_CURRENCY": "EUR",
            "MASTHEAD_FUNDING_MODE": "rehearsal",
            "MASTHEAD_SERVER_TRUSTED_PROXIES": "127.0.0.1/32",
            "MASTHEAD_FUNDING_STRIPE_KEY": simulator.key,
            "MASTHEAD_FUNDING_STRIPE_WEBHOOK_SECRET": secret,
            "MASTHEAD_FUNDING_STRIPE_ADDRESS": simulator.base,
        }
        command = [sys.executable, "-c", _COLLECTS, str(folder)]
        done = subprocess.run(command, env=environment(**settings), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found = Rehearsal(paper.serve_at(folder, port, **settings), simulator, box, settings, port)
        stack.callback(lambda: found.paper.stop())  # noqa: PLW0108 - a later paper may stand there
        yield found


@pytest.fixture(params=["js", "no-js"])
def giver(browser: Browser, rehearsal: Rehearsal, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window on the paper, which may lead to the simulator's pages and nowhere else."""
    has_script = request.param == "js"
    guard = Guard(rehearsal.paper.address, beside=rehearsal.simulator.base)
    guard.expect_status(402)  # the simulator's answer to a refused card
    width, height = DESK if has_script else PHONE
    context = browser.new_context(
        base_url=rehearsal.paper.address,
        viewport={"width": width, "height": height},
        java_script_enabled=has_script,
        locale="en-GB",
        extra_http_headers={"X-Forwarded-For": f"198.18.{next(HOMES)}.7"},  # who gives ten times an hour is stopped
    )
    context.set_default_timeout(PATIENCE_MS)
    guard.watch(context)
    yield context.new_page()
    context.close()
    guard.verify()


def to_checkout(page: Page, *, name: str, every: str = "Once", amount: str = "25") -> None:
    """Choose a gift, read what is about to be paid, and go to the processor's page."""
    page.goto("/support/")
    expect(page.get_by_text("Rehearsal: no real money.")).to_be_visible()
    page.get_by_label(re.compile("^Amount")).fill(amount)
    page.get_by_role("radio", name=every, exact=True).check()
    page.get_by_role("radio", name=re.compile("card", re.IGNORECASE)).check()
    page.get_by_label("Your name").fill(name)
    page.get_by_label(re.compile("^Mail address")).fill(f"{name.lower()}@example.org")
    page.locator(".give-button").click()
    expect(page.get_by_role("heading", name="Before you pay")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"{amount}\xa0€")
    page.get_by_role("button", name=re.compile("^Go to the payment page")).click()
    page.wait_for_url(re.compile("/c/pay/"))


def pay(page: Page, card: str = "4242424242424242") -> None:
    """Fill the processor's page and send it."""
    name = page.get_by_label("Name")
    name.fill(name.input_value() or "Giver")
    if page.locator("#method-card").count():
        page.locator("#method-card").check()
    page.get_by_label("Card number").fill(card)
    page.locator("#pay").click()


def thanked(page: Page) -> None:
    """Fail unless the paper thanks."""
    page.wait_for_url(re.compile("/support/thanks/"))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def care_link(rehearsal: Rehearsal, name: str) -> str:
    """Return the link in the next mail to a giver."""
    letter = rehearsal.postbox.next_to(f"{name.lower()}@example.org")
    return str(CARE.findall(part(letter, "plain"))[0])


def again_until(page: Page, text: str | re.Pattern[str], seen: Callable[[], bool] | None = None) -> None:
    """Open the page again until it says this: the worker hears of it in its own time."""
    for _ in range(120):
        if page.get_by_role("main").get_by_text(text).count():
            break
        page.wait_for_timeout(250)  # the worker of another process, which says nowhere that it is done
        page.reload()
    expect(page.get_by_role("main")).to_contain_text(text)


def named(page: Page, word: str) -> str:
    """Return a name of its own for each window."""
    return f"{word}{id(page)}"


def test_once(giver: Page, rehearsal: Rehearsal) -> None:
    before, name = rehearsal.raised(), named(giver, "Ada")
    to_checkout(giver, name=name)
    pay(giver)
    thanked(giver)
    expect(giver.get_by_role("main")).to_contain_text("We have received 25\xa0€.")
    assert_no_sideways_scroll(giver)
    assert rehearsal.raised() == before + 2500
    giver.goto(care_link(rehearsal, name))
    expect(giver.get_by_role("main")).to_contain_text("25\xa0€")


def test_monthly_and_ended_by_the_care_link(giver: Page, rehearsal: Rehearsal) -> None:
    name = named(giver, "Ben")
    to_checkout(giver, name=name, every="Every month", amount="10")
    expect(giver.locator("#pay")).to_contain_text("Subscribe")
    pay(giver)
    thanked(giver)
    giver.goto(care_link(rehearsal, name))
    expect(giver.get_by_role("heading", name=re.compile(r"10\s€ every month"))).to_be_visible()
    subscription = rehearsal.client.v1.subscriptions.list({"limit": 1}).data[0]
    assert subscription.status == "active"
    giver.get_by_role("button", name="End this gift").click()
    expect(giver.locator(".notice")).to_be_visible()
    ended = rehearsal.client.v1.subscriptions.retrieve(subscription.id)
    assert ended.status == "canceled" or ended.cancel_at_period_end
    expect(giver.get_by_role("main")).to_contain_text(re.compile("ended|ends", re.IGNORECASE))


def test_three_d_secure(giver: Page, rehearsal: Rehearsal) -> None:
    before = rehearsal.raised()
    to_checkout(giver, name=named(giver, "Cem"))
    pay(giver, "4000002500003155")
    giver.wait_for_url(re.compile("/3ds/"))
    assert rehearsal.raised() == before
    giver.locator("#approve").click()
    thanked(giver)
    assert rehearsal.raised() == before + 2500


def test_declined_then_paid_with_another_card(giver: Page, rehearsal: Rehearsal) -> None:
    before = rehearsal.raised()
    to_checkout(giver, name=named(giver, "Dia"))
    pay(giver, "4000000000000002")
    expect(giver.locator("#refusal")).to_have_text("Your card was declined.")
    assert rehearsal.raised() == before
    pay(giver)
    thanked(giver)
    assert rehearsal.raised() == before + 2500


def test_who_turns_back_has_paid_nothing_and_finds_what_he_chose(giver: Page, rehearsal: Rehearsal) -> None:
    before = rehearsal.raised()
    to_checkout(giver, name=named(giver, "Eli"), amount="40")
    giver.locator("#cancel").click()
    expect(giver.get_by_text("Nothing was paid. What you chose is kept here.")).to_be_visible()
    giver.get_by_role("link", name="Change what you give").click()
    expect(giver.get_by_label(re.compile("^Amount"))).to_have_value("40")
    assert rehearsal.raised() == before


def test_what_is_refunded_is_said_and_leaves_the_meter(giver: Page, rehearsal: Rehearsal) -> None:
    before = rehearsal.raised()
    to_checkout(giver, name=named(giver, "Gus"), amount="15")
    pay(giver)
    thanked(giver)
    assert rehearsal.raised() == before + 1500
    rehearsal.client.v1.refunds.create({"charge": rehearsal.last_charge().id})
    again_until(giver, "This gift was sent back to you.")
    assert rehearsal.raised() == before


def test_what_a_bank_takes_back_leaves_the_meter(giver: Page, rehearsal: Rehearsal) -> None:
    before = rehearsal.raised()
    to_checkout(giver, name=named(giver, "Hal"), amount="20")
    pay(giver)
    thanked(giver)
    assert rehearsal.raised() == before + 2000
    rehearsal.simulator.dispute(rehearsal.last_charge().id)
    for _ in range(120):
        if rehearsal.raised() == before:
            break
        giver.wait_for_timeout(250)  # as in again_until
    assert rehearsal.raised() == before


@pytest.mark.parametrize("giver", ["js"], indirect=True)
def test_the_pages_on_the_way_are_accessible(giver: Page, rehearsal: Rehearsal) -> None:
    name = named(giver, "Ida")
    giver.goto("/support/")
    assert_accessible(giver)
    to_checkout(giver, name=name, every="Every month", amount="10")
    giver.locator("#cancel").click()
    expect(giver.get_by_text("Nothing was paid.")).to_be_visible()
    assert_accessible(giver)
    giver.get_by_role("button", name=re.compile("^Go to the payment page")).click()
    giver.wait_for_url(re.compile("/c/pay/"))
    pay(giver)
    thanked(giver)
    assert_accessible(giver)
    giver.goto(care_link(rehearsal, name))
    assert_accessible(giver)
    assert_no_sideways_scroll(giver)


def test_a_debit_counts_when_it_has_arrived(giver: Page, rehearsal: Rehearsal) -> None:
    """After the others: it moves the simulator's clock, and what comes later counts for a later month."""
    before = rehearsal.raised()
    to_checkout(giver, name=named(giver, "Fay"), amount="30")
    giver.get_by_label("Name").fill("Fay")
    giver.locator("#method-sepa_debit").check()
    giver.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 00")
    giver.locator("#pay").click()
    giver.wait_for_url(re.compile("/support/thanks/"))
    expect(giver.get_by_role("main")).to_contain_text("Your payment of 30\xa0€ is on its way.")
    assert rehearsal.raised() == before
    rehearsal.simulator.advance(days=6)
    giver.reload()
    expect(giver.get_by_role("heading", name="Thank you")).to_be_visible()


@pytest.mark.parametrize("giver", ["js"], indirect=True)
def test_from_the_rehearsal_to_real_money(giver: Page, rehearsal: Rehearsal) -> None:
    """The last of this file: what was rehearsed counts for nothing once money is real."""
    to_checkout(giver, name=named(giver, "Kim"))
    pay(giver)
    thanked(giver)
    assert rehearsal.raised() > 0
    rehearsal.paper.stop()
    secret = rehearsal.simulator.add_endpoint(
        f"http://127.0.0.1:{rehearsal.port}/-/payments/stripe/", key=rehearsal.simulator.live_key
    )
    live = {
        **rehearsal.settings,
        "MASTHEAD_FUNDING_MODE": "live",
        "MASTHEAD_FUNDING_STRIPE_KEY": rehearsal.simulator.live_key,
        "MASTHEAD_FUNDING_STRIPE_WEBHOOK_SECRET": secret,
    }
    rehearsal.paper = paper.serve_at(rehearsal.paper.folder, rehearsal.port, **live)
    assert rehearsal.raised() == 0
    giver.goto("/support/")
    expect(giver.get_by_text("Rehearsal")).to_have_count(0)

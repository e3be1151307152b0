"""The care link: a giver looks after his gifts from a mail, without an account; against the simulator."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from masthead.funding.events import CareLetterAsked
from masthead.funding.models import Checkout, Donor, Gift, Payment, Pledge, ProviderEvent, Recurring, RecurringTerms
from masthead.funding.rules.months import months_later
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import care, catch_up
from masthead.funding.services.care import send_care_letter
from masthead.funding.testing import make_gift
from masthead.outbox.models import Event
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.books import on
from tests.funding.lives import usd
from tests.funding.reading import shown
from tests.funding.rehearsing import at, hear, opened, promised, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(client: CheckingClient, simulator: RunningSimulator, mailoutbox: list[Any]) -> str:
    """The link in the mail that thanks for the first of 25 dollars every month."""
    cache.clear()
    pledge = promised(simulator, every="month", show_name=True, dedication="For Ada", message="Go on")
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    # The worker read by a real clock, which is ahead of the simulator's: what is read from now on must be later.
    Recurring.objects.update(read_at=None)
    return link_in(mailoutbox[-1])


def given_settings(**values: Any) -> override_settings:
    """Let funding run with other settings."""
    config = settings.MASTHEAD
    return override_settings(MASTHEAD=replace(config, funding=replace(config.funding, **values)))


def link_in(letter: Any) -> str:
    """Return the path of the care link that a mail holds."""
    found = re.search(r"http://testserver(/support/care/[^\s/]+/)", letter.body)
    assert found, letter.body
    assert found[1] in letter.alternatives[0][0]
    return found[1]


def wish(client: CheckingClient, link: str, do: str, **more: str) -> str:
    """Press a button of the page and return what it says then."""
    recurring = Recurring.objects.get()
    return shown(client.post(link, {"do": do, "gift": recurring.public_id, **more}, follow=True))


def test_thanks_go_out_once_with_the_link(link: str, mailoutbox: list[Any]) -> None:
    work()
    assert len(mailoutbox) == 1
    letter = mailoutbox[0]
    assert letter.to == ["don@example.org"]
    text = letter.body.replace("\u00a0", " ")
    assert "received 25 $ from you" in text
    assert "You give this every month, until you end it." in text
    assert letter.subject.startswith("Rehearsal:")


def test_the_page_shows_the_gift_and_get_changes_nothing(client: CheckingClient, link: str) -> None:
    """S2: GET changes nothing, whatever the address asks."""
    before = list(Recurring.objects.values()), list(Gift.objects.values()), Event.objects.count()
    page = client.get(f"{link}?do=end&gift={Recurring.objects.get().public_id}")
    said = shown(page)
    for fact in ("25 $ every month", "active", "4242", "What you have given", "Skip the next payment"):
        assert fact in said
    assert page["Cache-Control"] == "private, no-store"
    assert "don@example.org" not in page.content.decode()
    assert client.head(link).status_code == 200
    assert before == (list(Recurring.objects.values()), list(Gift.objects.values()), Event.objects.count())


def test_s2_ended_at_the_processor_first(client: CheckingClient, simulator: RunningSimulator, link: str) -> None:
    simulator.break_call("error", times=5)
    said = wish(client, link, "end")
    assert "may not have been done" in said
    assert Recurring.objects.get().status == "active"
    simulator.control("DELETE", "/rules")
    assert "Your gift has ended; nothing more is taken." in wish(client, link, "end")
    assert Recurring.objects.get().status == "ended"
    assert Gift.objects.get().is_returned is False  # R5: what was paid stays paid
    assert "Your gift has ended" in wish(client, link, "end")
    assert "This gift has ended." in wish(client, link, "pause-1")


def test_another_amount_counts_from_the_next_payment_on(
    client: CheckingClient, simulator: RunningSimulator, link: str, mailoutbox: list[Any]
) -> None:
    """O4: the new sum is agreed before the processor is asked, so its payment is no riddle."""
    assert "from the next payment on" in wish(client, link, "amount", amount="40")
    assert Recurring.objects.get().amount_minor == 4000
    simulator.advance(days=31)
    with at(simulator):
        hear(client, simulator)
    assert [gift.payment.problem for gift in Gift.objects.select_related("payment") if gift.payment] == ["", ""]
    assert "arrived on" in mailoutbox[-1].body
    assert link_in(mailoutbox[-1]) == link
    assert "65" not in mailoutbox[-1].body.replace(link, "")  # a token may hold any figures
    assert ledger_problems() == []


def test_c8_who_pays_the_fee_goes_on_paying_it_with_another_amount(
    client: CheckingClient, simulator: RunningSimulator, mailoutbox: list[Any]
) -> None:
    simulator.pay(opened(promised(simulator, every="month", cover=usd(106))), card_number="4242424242424242")
    hear(client, simulator)
    Recurring.objects.update(read_at=None)
    with given_settings(stripe_fee_basis_points=290, stripe_fee_fixed_minor=30):
        assert "from the next payment on" in wish(client, link_in(mailoutbox[-1]), "amount", amount="40")
    assert Recurring.objects.get().amount_minor == 4151
    simulator.advance(days=31)
    with at(simulator):
        hear(client, simulator)
    assert Payment.objects.filter(problem="").count() == 2
    assert (on("rehearsal:income:campaign:fund"), on("rehearsal:income:cover:fund")) == (-6500, -257)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Write the amount"), ("much", "in figures"), ("0.10", "Stripe takes 0.50 $ or more"), ("9000000", "at most")],
)
def test_an_amount_that_cannot_be_stays_in_its_field(client: CheckingClient, link: str, typed: str, said: str) -> None:
    reply = client.post(link, {"do": "amount", "gift": Recurring.objects.get().public_id, "amount": typed})
    assert reply.status_code == 422
    assert said in shown(reply)
    assert f'value="{typed}"'.encode() in reply.content or not typed
    assert RecurringTerms.objects.count() == 1


def test_pause_skip_and_go_on(client: CheckingClient, simulator: RunningSimulator, link: str) -> None:
    assert "Your gift is paused" in wish(client, link, "pause-2").replace("your", "Your")
    recurring = Recurring.objects.get()
    assert recurring.status == "paused"
    assert recurring.resumes_at is not None
    assert "Your gift goes on" in wish(client, link, "resume").replace("your", "Your")
    assert "the next payment is left out" in wish(client, link, "skip")
    assert "Your gift goes on" in wish(client, link, "resume").replace("your", "Your")
    wish(client, link, "pause")
    assert Recurring.objects.get().resumes_at is None
    assert "No next payment is due" in wish(client, link, "skip")


def test_the_card_is_changed_on_the_processor_s_page(client: CheckingClient, link: str) -> None:
    reply = client.post(link, {"do": "card", "gift": Recurring.objects.get().public_id})
    assert reply["Refresh"].startswith("0; url=http://127.0.0.1:")


def test_the_name_is_shown_or_hidden_as_he_says(client: CheckingClient, link: str) -> None:
    """S6."""
    assert Gift.objects.get().public_name == "Don"
    wish(client, link, "hide")
    assert (Gift.objects.get().public_name, Pledge.objects.get().show_name) == ("", False)
    wish(client, link, "show")
    assert (Gift.objects.get().public_name, Pledge.objects.get().show_name) == ("Don", True)


def test_the_list_of_the_year_comes_by_mail(client: CheckingClient, link: str, mailoutbox: list[Any]) -> None:
    assert "on its way" in wish(client, link, "list")
    work()
    text = mailoutbox[-1].body.replace("\u00a0", " ")
    assert "Together: 25 $" in text or "No gift of yours has arrived this year." in text
    assert link in text


def test_the_list_says_what_was_sent_back_and_sums_what_is_left(
    client: CheckingClient, simulator: RunningSimulator, link: str, mailoutbox: list[Any]
) -> None:
    payment = Payment.objects.get()
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    api.v1.refunds.create({"payment_intent": payment.external_id, "amount": 2500})
    hear(client, simulator)
    event = CareLetterAsked(donor_id=Donor.objects.get().public_id, what="list")
    with at(simulator):
        send_care_letter(event, "evt")
    text = mailoutbox[-1].body.replace("\u00a0", " ")
    assert "Nov. 3, 2026: sent back to you" in text
    assert "Together: 0 $" in text


def test_who_is_forgotten_before_the_worker_comes_gets_no_list(
    client: CheckingClient, link: str, mailoutbox: list[Any]
) -> None:
    mailoutbox.clear()
    wish(client, link, "list")
    wish(client, link, "end")
    wish(client, link, "forget")
    work()
    assert mailoutbox == []


def test_data_goes_with_what_was_announced_and_never_paid(
    client: CheckingClient, simulator: RunningSimulator, link: str
) -> None:
    """Nobody entered yet whose it is, and it can be paid no more: the address is enough."""
    pledge, other = (promised(simulator, email=each, message="Wait") for each in ("DON@example.org", "x@y.org"))
    opened(pledge)
    make_gift(donor_name="Don", contact="Don@Example.org")
    wish(client, link, "end")
    wish(client, link, "forget")
    left = Pledge.objects.filter(pk__in=[pledge.pk, other.pk]).order_by("pk").values_list("name", "email", "message")
    assert list(left) == [("", "", ""), ("Don", "x@y.org", "Wait")]
    checkout = Checkout.objects.get(pledge=pledge)
    assert (checkout.state, checkout.order["email"]) == ("over", "")
    assert set(Gift.objects.values_list("donor_name", "contact")) == {("", "")}


def test_data_goes_for_good_and_the_books_stay(client: CheckingClient, link: str) -> None:
    assert "End it first" in wish(client, link, "forget")
    wish(client, link, "end")
    assert "Your data is deleted." in wish(client, link, "forget")
    rows = [Pledge, Gift, Donor, Checkout, Recurring, ProviderEvent, Event]
    everything = " ".join(str(list(model._default_manager.values())) for model in rows)
    for word in ("don@example.org", "'Don'", "For Ada", "Go on", "4242"):
        assert word not in everything
    assert Gift.objects.count() == 1
    assert ledger_problems() == []
    assert client.get(link).status_code == 404
    assert Event.objects.filter(type="funding.giver-changed").latest("pk").payload["what"] == "forgotten"


def test_a_lost_link_is_mailed_and_the_page_says_the_same_to_all(
    client: CheckingClient, link: str, mailoutbox: list[Any]
) -> None:
    """S3, S6: only the mail tells who gives."""
    mailoutbox.clear()
    answers = {shown(client.post("/support/care/", {"email": address})) for address in ("DON@example.org", "x@y.org")}
    assert len(answers) == 1
    work()
    assert len(mailoutbox) == 1
    assert "25 $ every month" in mailoutbox[0].body.replace("\u00a0", " ")
    assert link_in(mailoutbox[0]) == link
    for _ in range(4):
        client.post("/support/care/", {"email": "don@example.org"})
    work()
    assert len(mailoutbox) == 3


def test_who_asks_for_many_links_is_told_to_wait_and_keeps_what_he_typed(client: CheckingClient, db: None) -> None:
    cache.clear()
    for _ in range(10):
        assert client.post("/support/care/", {"email": "x@y.org"}).status_code == 200
    reply = client.post("/support/care/", {"email": "x@y.org"})
    assert reply.status_code == 429
    assert "too many in a short time" in shown(reply)
    assert b'value="x@y.org"' in reply.content


@pytest.mark.parametrize("typed", [{"email": ""}, {"email": "nobody"}, {"email": "a@b.org", "website": "x"}])
def test_what_is_no_address_is_refused(client: CheckingClient, typed: dict[str, str], db: None) -> None:
    cache.clear()
    assert client.get("/support/care/").status_code == 200
    assert client.post("/support/care/", typed).status_code == 422


def test_links_are_void_when_forged_or_revoked(client: CheckingClient, link: str) -> None:
    assert client.get(link.replace("/care/", "/care/x")).status_code == 404
    care.revoke_care_links(donor=Donor.objects.get())
    reply = client.get(link)
    assert reply.status_code == 404
    assert "Get a new link" in shown(reply)
    assert client.post(link, {"do": "forget"}).status_code == 404


def test_a_link_opens_nobody_else_s_gift(client: CheckingClient, link: str) -> None:
    reply = client.post(link, {"do": "end", "gift": "0" * 16})
    assert reply.status_code == 404
    assert "has no such button" in wish(client, link, "explode")


def test_s3_the_page_before_paying_warns_everybody_alike(
    client: CheckingClient, simulator: RunningSimulator, link: str
) -> None:
    known, unknown = (promised(simulator, every="month", email=each) for each in ("don@example.org", "x@y.org"))
    said = {shown(client.get(f"/support/pay/{pledge.reference}/")) for pledge in (known, unknown)}
    assert len(said) == 1
    assert "Do you give repeatedly already? Then this gift comes on top" in said.pop()


def test_d3_a_dispute_pauses_the_gift_and_tells_the_newsroom_once(
    client: CheckingClient, simulator: RunningSimulator, link: str, mailoutbox: list[Any]
) -> None:
    mailoutbox.clear()
    payment = Gift.objects.select_related("payment").get().payment
    assert payment is not None
    with given_settings(newsroom_mail="money@paper.example"):
        simulator.dispute(payment.facts["capture"]["external_id"])
        hear(client, simulator, copies=2)
        catch_up("stripe", is_live=False)
        work()
    assert Recurring.objects.get().status == "paused"
    assert [letter.to for letter in mailoutbox] == [["money@paper.example"]]
    assert "is paused" in mailoutbox[0].body


def test_d3_a_gift_that_cannot_be_paused_is_not_called_paused(
    client: CheckingClient, simulator: RunningSimulator, link: str, mailoutbox: list[Any]
) -> None:
    """It ended at the processor, and the news of that is on its way."""
    mailoutbox.clear()
    payment = Payment.objects.get()
    simulator.break_webhook("drop", "customer.subscription.deleted")
    api = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
    api.v1.subscriptions.cancel(Recurring.objects.get().external_id)
    with given_settings(newsroom_mail="money@paper.example"):
        simulator.dispute(payment.facts["capture"]["external_id"])
        hear(client, simulator)
    assert [letter.to for letter in mailoutbox] == [["money@paper.example"]]
    assert f"disputes the payment {payment.external_id} at stripe" in mailoutbox[0].body
    assert "is paused" not in mailoutbox[0].body


def test_d3_a_dispute_of_a_single_gift_is_told_alone(
    client: CheckingClient, simulator: RunningSimulator, pledge: Pledge, mailoutbox: list[Any]
) -> None:
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(client, simulator)
    mailoutbox.clear()
    with given_settings(newsroom_mail="money@paper.example"):
        simulator.dispute(Payment.objects.get().facts["capture"]["external_id"])
        hear(client, simulator)
    assert [letter.subject for letter in mailoutbox] == ["Rehearsal: A gift is disputed"]
    assert "is paused" not in mailoutbox[0].body


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [("2026-11-03", 2, "2027-01-03"), ("2026-11-30", 3, "2027-02-28"), ("2026-12-31", 12, "2027-12-31")],
)
def test_months_later(begin: str, months: int, end: str) -> None:
    assert months_later(datetime.fromisoformat(begin).replace(tzinfo=UTC), months).date().isoformat() == end

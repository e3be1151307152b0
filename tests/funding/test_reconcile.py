"""Books and processor compared to the last line (rules X1 to X3), and no notification needed for it (rule W12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from masthead.core.money import Money
from masthead.funding.events import BooksDiffer
from masthead.funding.models import Campaign, Difference, Entry, Held, Journal, Payment, Pledge, Reconciliation
from masthead.funding.ports import BalanceLine, Payout
from masthead.funding.providers import forget, teach
from masthead.funding.providers.stripe.provider import Stripe
from masthead.funding.rules.ledger import Posting
from masthead.funding.rules.reconciling import Booked, Found, compared, payout_difference
from masthead.funding.selectors import ledger_problems, meter, reconciled
from masthead.funding.services import (
    post_difference,
    reconcile,
    reconcile_with_all,
    set_difference_aside,
    write_of_differences,
)
from masthead.funding.services.post_journal import post_journal
from masthead.funding.staff_errors import AlreadyDecided, NoReasonToSetAside, NothingToPost
from masthead.outbox import chores
from masthead.project.doctor import processors
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.rehearsing import SUCCESS, at, hear, opened, promised, raised, work
from tests.funding.test_catch_up import CARD, dashboard, paid
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/admin/funding/reconciliation/"


def usd(minor: int) -> Money:
    """Return dollars from cents."""
    return Money(minor, "USD")


def run() -> Reconciliation:
    """Compare now."""
    return reconcile("stripe", is_live=False)


def a_month_of_money(simulator: RunningSimulator) -> None:
    """Let gifts, renewals, refunds that hold and fail, a dispute and payouts happen, and tell the site nothing."""
    api = dashboard(simulator).v1
    payments = [paid(simulator, promised(simulator)) for _ in range(4)]
    session = opened(promised(simulator, every="month"))
    simulator.pay(session, card_number=CARD)
    simulator.advance(days=3)
    simulator.pay_out()
    api.refunds.create({"payment_intent": payments[0], "amount": 700})
    failing = api.refunds.create({"payment_intent": payments[1]})
    simulator.fail_refund(failing.id)
    charge = api.payment_intents.retrieve(payments[2]).latest_charge
    lost = simulator.dispute(str(charge))
    simulator.close_dispute(lost["id"], "lost")
    simulator.advance(days=31)
    with at(simulator):
        paid(simulator, promised(simulator))
    simulator.advance(days=3)
    simulator.pay_out()


def journals() -> list[tuple[str, str, str]]:
    """Return what is booked, whoever told first."""
    rows = Journal.objects.values_list("kind", "external_id", "month")
    return sorted((kind, key, str(month)) for kind, key, month in rows)


def test_w12_without_any_notification_reconciling_alone_reaches_the_same_books(
    client: CheckingClient, simulator: RunningSimulator
) -> None:
    a_month_of_money(simulator)
    with at(simulator):
        done = run()
        assert Difference.objects.count() == 0
        assert (done.payouts, done.foreign) == (2, 0)
        [(theirs, ours)] = done.sums.values()
        assert theirs == ours
        assert reconciled.said(done)[0].endswith("and so do we.")
        alone, sums = journals(), _balances()
        again = run()
        hear(client, simulator)
    assert (journals(), _balances()) == (alone, sums)  # X3, and what notifications say is the same
    [(theirs, ours)] = again.sums.values()
    assert theirs == ours
    assert ledger_problems() == []
    assert not Held.objects.exists()
    kinds = {kind for kind, _key, _month in alone}
    assert {"gift", "refund", "refund_failed", "withdrawn"} <= kinds


def _balances() -> dict[str, int]:
    found: dict[str, int] = {}
    for code, minor in Entry.objects.values_list("account__code", "amount_minor"):
        found[code] = found.get(code, 0) + minor
    return found


def test_x1_a_payment_in_quarantine_is_the_missing_gift(simulator: RunningSimulator, pledge: Pledge) -> None:
    paid(simulator, promised(simulator))
    paid(simulator, pledge)
    Pledge.objects.filter(pk=pledge.pk).update(amount_minor=1900)
    done = run()
    assert reconciled.said(done) == ["stripe says 47.94\xa0$, we say 23.97\xa0$."]
    [row] = reconciled.open_differences()
    assert (row.kind, row.theirs, row.ours) == ("missing_here", usd(2397), usd(0))
    assert Payment.objects.get(problem="amount_differs").external_id in reconciled.sentence(row)
    assert any("1 difference between the books" in finding.text for finding in processors())
    Pledge.objects.filter(pk=pledge.pk).update(amount_minor=2500)
    run()
    row.refresh_from_db()
    assert row.state == "gone"
    assert raised(simulator) == 5000


def test_x1_x2_what_the_books_alone_have_is_listed_and_stays(simulator: RunningSimulator, pledge: Pledge) -> None:
    paid(simulator, pledge)
    run()
    real = Journal.objects.get()
    fees = "rehearsal:expenses:fees:fund"
    post_journal(
        kind=Journal.Kind.GIFT,
        source="rehearsal:stripe",
        external_id="ch_invented",
        value_at=real.value_at,
        month=real.month,
        postings=[Posting("rehearsal:assets:stripe", usd(500)), Posting(fees, usd(-500))],
    )
    run()
    run()
    [row] = reconciled.open_differences()
    assert (row.kind, row.external_id, row.ours) == ("missing_there", "gift:ch_invented", usd(500))
    assert "stripe does not list it" in reconciled.sentence(row)
    assert Journal.objects.count() == 2


def test_w11_what_others_do_with_the_account_is_no_difference(simulator: RunningSimulator, pledge: Pledge) -> None:
    api = dashboard(simulator).v1
    line: Any = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 700, "product_data": {"name": "Mug"}}}
    session = api.checkout.sessions.create({"mode": "payment", "success_url": SUCCESS, "line_items": [line]})
    simulator.pay(session.id, card_number=CARD)
    paid(simulator, pledge)
    simulator.advance(days=3)
    simulator.pay_out()
    with at(simulator):
        done = run()
    assert (done.foreign, Difference.objects.count()) == (1, 0)
    assert done.sums == {"USD": (2397, 2397)}


def test_nothing_yet_and_nobody_there_have_sentences(simulator: RunningSimulator) -> None:
    assert reconciled.said(run()) == ["stripe has no money of ours since then, and neither have the books."]
    simulator.break_call("error", "*", times=0)
    reconcile_with_all()
    assert "could not be asked" in reconciled.said(reconciled.last_runs()[0])[0]


def test_the_night_compares_and_writes_once_about_what_is_new(
    simulator: RunningSimulator, pledge: Pledge, mailoutbox: list[Any]
) -> None:
    paid(simulator, pledge)
    Pledge.objects.filter(pk=pledge.pk).update(amount_minor=1900)
    money = replace(settings.MASTHEAD.funding, newsroom_mail="money@paper.example")
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, funding=money)):
        assert "funding.reconcile" in chores.names()
        for _ in range(2):
            reconcile_with_all()
            work()
    letters = [letter for letter in mailoutbox if "do not agree" in letter.subject]
    assert len(letters) == 1
    Difference.objects.update(state="gone")
    write_of_differences(BooksDiffer(reconciliation=Reconciliation.objects.latest("pk").pk, count=1), "evt")
    assert [letter for letter in mailoutbox if "do not agree" in letter.subject] == letters
    assert "we say 0 $" in letters[0].body.replace("\xa0", " ")
    assert f"http://testserver{HERE}" in letters[0].body


def test_staff_see_the_runs_and_decide_about_differences(simulator: RunningSimulator, pledge: Pledge) -> None:
    paid(simulator, pledge)
    Pledge.objects.filter(pk=pledge.pk).update(amount_minor=1900)
    don = signed_in("decide_difference")
    assert "There is no difference." in shown(don.get(HERE))
    run()
    page = shown(don.get(HERE))
    assert "the books lack it" in page
    assert "we say 0 $" in page
    row = Difference.objects.get()
    one = f"{HERE}{row.public_id}/"
    assert "the books lack it" in shown(don.get(one))
    refused = don.post(one, {"do": "post", "because": "a fee"})
    assert refused.status_code == 422
    assert "cannot be posted as a fee" in shown(refused)
    assert "set aside: known" in shown(don.post(one, {"do": "aside", "because": "known"}, follow=True))
    assert "decided already" in shown(don.post(one, {"do": "aside", "because": "known"}))
    run()
    assert Difference.objects.get().state == "aside"
    assert don.get(f"{HERE}nothing/").status_code == 404
    assert signed_in("view_gift").get(HERE).status_code == 302


def test_x2_a_fee_of_the_processor_s_own_is_posted_by_a_person(simulator: RunningSimulator, pledge: Pledge) -> None:
    paid(simulator, pledge)
    run()
    moment = datetime.fromtimestamp(simulator.now(), tz=UTC)
    row = Difference.objects.create(
        provider="stripe",
        is_live=False,
        kind="missing_here",
        external_id="txn_fee",
        theirs_minor=-200,
        ours_minor=0,
        currency="USD",
        at=moment,
        what="stripe_fee Radar",
    )
    assert "moved -2 $" in reconciled.sentence(row).replace("\xa0", " ").replace("\u2212", "-")
    campaign = Campaign.objects.get()
    with pytest.raises(NoReasonToSetAside):
        post_difference(difference=row, campaign=campaign, because=" ", decided_by=1)
    journal = post_difference(difference=row, campaign=campaign, because="Radar of November", decided_by=1)
    assert (journal.kind, journal.source, journal.external_id) == ("correction", "rehearsal:stripe", "txn_fee")
    line = BalanceLine("txn_fee", "stripe_fee", usd(-200), usd(0), moment, "", "", "Radar")
    books = reconciled.booked("stripe", [("correction", "txn_fee")], since=None, is_live=False)
    assert compared([line], books, journals_since=moment)[0] == []
    found = meter(moment)
    assert found is not None
    assert found.raised == usd(2500)
    assert ledger_problems() == []
    with pytest.raises(AlreadyDecided):
        set_difference_aside(difference=row, because="again", decided_by=1)


def test_x2_staff_post_such_a_fee_on_its_screen(simulator: RunningSimulator) -> None:
    promised(simulator)
    row = Difference.objects.create(
        provider="stripe", is_live=False, kind="missing_here", external_id="txn_2", theirs_minor=-200, ours_minor=0,
        currency="USD", at=datetime.fromtimestamp(simulator.now(), tz=UTC),
    )  # fmt: skip
    form = {"do": "post", "because": "Radar"}
    page = shown(signed_in("decide_difference").post(f"{HERE}{row.public_id}/", form, follow=True))
    assert "It is posted." in page
    assert "posted: Radar" in page
    assert Journal.objects.get().kind == "correction"


def test_x2_money_in_another_currency_is_not_posted_as_a_fee(simulator: RunningSimulator) -> None:
    promised(simulator)
    row = Difference.objects.create(
        provider="stripe", is_live=False, kind="missing_here", external_id="txn_1", theirs_minor=-200, ours_minor=0,
        currency="EUR", at=datetime.fromtimestamp(simulator.now(), tz=UTC),
    )  # fmt: skip
    with pytest.raises(NothingToPost):
        post_difference(difference=row, campaign=Campaign.objects.get(), because="Radar", decided_by=None)


MOMENT = datetime(2026, 11, 3, tzinfo=UTC)


def line_of(key: str, minor: int, *, fee: int = 0, fact: str = "gift") -> BalanceLine:
    """Return a line of a payment."""
    return BalanceLine(f"txn_{key}", "charge", usd(minor), usd(fee), MOMENT, "po_1", key, "", fact, key, "pi_1")


def test_x1_amounts_are_compared_less_the_fee() -> None:
    books = {("gift", "ch_1"): Booked(usd(97), MOMENT), ("gift", "ch_2"): Booked(usd(90), MOMENT)}
    found, sums = compared([line_of("ch_1", 100, fee=3), line_of("ch_2", 100, fee=3)], books, journals_since=MOMENT)
    assert [(each.kind, each.external_id, each.theirs, each.ours) for each in found] == [
        ("amount", "txn_ch_2", usd(97), usd(90))
    ]
    assert sums == {"USD": (194, 187)}


def test_x1_a_payout_is_the_sum_of_its_lines() -> None:
    payout = Payout("po_1", usd(194), MOMENT, "paid")
    gathered = [line_of("ch_1", 100, fee=3), line_of("ch_2", 100, fee=3)]
    own = replace(line_of("po_1", -194), fact="payout")
    assert payout_difference(payout, [*gathered, own]) is None
    assert payout_difference(payout, [own]) is None
    wrong = payout_difference(payout, gathered[:1])
    assert wrong is not None
    assert wrong == Found("payout", "po_1", usd(194), usd(97), MOMENT, "")


def test_x2_a_line_without_a_journal_is_shown_with_all_the_words_the_processor_has_for_it() -> None:
    line = replace(line_of("ch_1", 100), kind="charge", source="ch_1", description="Gift")
    for told, what in ((line, "charge ch_1 Gift"), (replace(line, source=""), "charge Gift")):
        ((found,), _sums) = compared([told], {}, journals_since=MOMENT)
        assert found.what == what


class Careless(Stripe):
    """A processor whose payout is another sum than its lines."""

    def payouts_since(self, since: datetime) -> Iterator[Payout]:
        for payout in super().payouts_since(since):
            yield replace(payout, amount=payout.amount - usd(1))


def test_x1_a_payout_of_another_sum_is_listed_and_cannot_be_posted_away(
    simulator: RunningSimulator, pledge: Pledge
) -> None:
    paid(simulator, pledge)
    simulator.advance(days=3)
    simulator.pay_out()
    teach(Careless())
    try:
        with at(simulator):
            run()
    finally:
        forget("stripe")
    [row] = reconciled.open_differences()
    assert (row.kind, row.rest) == ("payout", usd(-1))
    with pytest.raises(NothingToPost):
        post_difference(difference=row, campaign=Campaign.objects.get(), because="a cent", decided_by=None)


def test_the_sentences_of_the_other_kinds() -> None:
    common: dict[str, Any] = {"provider": "stripe", "is_live": False, "currency": "USD", "at": MOMENT}
    amount = Difference(kind="amount", external_id="txn_1", theirs_minor=97, ours_minor=90, what="charge", **common)
    payout = Difference(kind="payout", external_id="po_1", theirs_minor=97, ours_minor=90, **common)
    assert "the books say 0.90" in reconciled.sentence(amount)
    assert "its lines come to 0.90" in reconciled.sentence(payout)
    assert amount.rest == usd(7)

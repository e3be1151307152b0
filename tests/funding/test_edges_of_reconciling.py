"""What a comparison with a processor reads, from when on, and what each difference leaves (rules X1 to X3)."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from masthead.core.clock import frozen
from masthead.funding.models import Difference, Payment, Pledge, Reconciliation
from masthead.funding.ports import BalanceLine, Found, Payout, ProviderAway, ProviderRefused
from masthead.funding.services import note_pledge, reconcile, reconcile_with_all
from masthead.funding.testing import make_campaign
from tests.funding.books import told as events
from tests.funding.clerk import Clerk, came, clerk, standing, told
from tests.funding.lives import BEGAN, usd

__all__ = ["clerk"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEE = BalanceLine("txn_fee", "stripe_fee", usd(-200), usd(0), BEGAN + HOUR, "", "", "Radar " + "é" * 300)


def run(at: datetime = BEGAN + DAY) -> Reconciliation:
    """Compare at an instant."""
    with frozen(at):
        return reconcile("stripe", is_live=True)


def line(number: int = 1, *, at: datetime = BEGAN, payout: str = "", fee: int = 103) -> BalanceLine:
    """Return the line of a payment of 25 dollars."""
    key = f"ch_{number}"
    amount = usd(2500)
    return BalanceLine(f"txn_{key}", "charge", amount, usd(fee), at, payout, key, "Gift", "gift", key, f"pi_{number}")


def differences() -> list[tuple[str, str, int, int, str]]:
    """Return kind, id, what they say, what the books say and state of each, as they were found."""
    names = ("kind", "external_id", "theirs_minor", "ours_minor", "state")
    return list(Difference.objects.order_by("pk").values_list(*names))


def news() -> list[dict[str, object]]:
    """Return of which comparisons staff are told, with how many differences."""
    return [event.payload for event in events("funding.books-differ")]


def ran(at: datetime, *, provider: str = "stripe", is_live: bool = True, problem: str = "") -> None:
    """Keep an earlier comparison."""
    Reconciliation.objects.create(provider=provider, is_live=is_live, since=at, began_at=at, problem=problem)


def differed(key: str, at: datetime, *, provider: str = "stripe", is_live: bool = True, state: str = "open") -> None:
    """Keep a difference of an earlier comparison."""
    Difference.objects.create(
        provider=provider,
        is_live=is_live,
        kind="missing_here",
        external_id=key,
        theirs_minor=-200,
        ours_minor=0,
        currency="USD",
        at=at,
        state=state,
        because="" if state in ("open", "gone") else "known",
    )


def test_x3_it_begins_a_week_before_the_first_pledge_or_now_where_there_is_none(clerk: Clerk) -> None:
    assert run().since == BEGAN + DAY - 7 * DAY
    Reconciliation.objects.all().delete()
    fund = make_campaign()
    for days, method in ((-3, "bank_transfer"), (-2, "stripe"), (-1, "stripe")):
        with frozen(BEGAN + days * DAY):
            note_pledge(campaign=fund, amount=usd(2500), name="Don", method=method)
    with frozen(BEGAN - 5 * DAY):
        note_pledge(campaign=fund, amount=usd(2500), name="Don", method="stripe")
    Pledge.objects.filter(noted_at=BEGAN - 5 * DAY).update(is_live=False)
    assert run().since == BEGAN - 2 * DAY - 7 * DAY
    assert clerk.lines_since == [BEGAN + DAY - 7 * DAY, BEGAN - 2 * DAY - 7 * DAY]


def test_x3_it_goes_on_a_week_before_the_last_whole_comparison_or_what_is_still_open(clerk: Clerk) -> None:
    ran(BEGAN - 9 * DAY)
    ran(BEGAN)
    ran(BEGAN + 1 * HOUR, problem="hung up")
    ran(BEGAN + 2 * HOUR, is_live=False)
    ran(BEGAN + 3 * HOUR, provider="paypal")
    assert run(BEGAN + 4 * HOUR).since == BEGAN - 7 * DAY
    differed("txn_1", BEGAN - 5 * DAY, state="gone")
    differed("txn_2", BEGAN - 5 * DAY, is_live=False)
    differed("txn_3", BEGAN - 5 * DAY, provider="paypal")
    differed("txn_4", BEGAN - 2 * DAY)
    differed("txn_5", BEGAN - DAY)
    differed("txn_6", BEGAN + 9 * DAY)
    assert run(BEGAN + 5 * HOUR).since == BEGAN - 2 * DAY - 7 * DAY
    states = dict(Difference.objects.values_list("external_id", "state"))
    assert states == {**dict.fromkeys(("txn_1", "txn_4", "txn_5", "txn_6"), "gone"), "txn_2": "open", "txn_3": "open"}
    differed("txn_7", BEGAN + 9 * DAY)
    assert run(BEGAN + 6 * HOUR).since == BEGAN + 5 * HOUR - 7 * DAY, "what is still to come makes it begin no later"


def test_x3_the_next_one_goes_on_from_where_this_one_began_however_long_it_takes(clerk: Clerk) -> None:
    with frozen(BEGAN), ExitStack() as later:
        clerk.before_changes = lambda: later.enter_context(frozen(BEGAN + 2 * HOUR))
        done = reconcile("stripe", is_live=True)
        clerk.before_changes = lambda: None
    assert done.began_at == BEGAN
    assert run().since == BEGAN - 7 * DAY


def test_x1_w12_what_is_missing_is_read_once_more_and_a_whole_comparison_says_what_it_read(clerk: Clerk) -> None:
    for number in (1, 2):
        told(usd(2500), clerk, external_id=f"pi_{number}")
    came(usd(2500), clerk, external_id="pi_3")
    refund = replace(line(2), external_id="txn_re_2", amount=usd(-700), fee=usd(0), fact="refund", key="re_2")
    foreign = replace(line(4), payment="pi_of_a_shop")
    told_as_payout = BalanceLine("txn_po", "payout", usd(-2397), usd(0), BEGAN, "po_1", "po_1", "", "payout", "po_1")
    clerk.lines = [line(), line(2, payout="po_1"), refund, line(3), foreign, told_as_payout]
    clerk.payouts = [
        Payout("po_0", usd(5), BEGAN - 30 * DAY, "paid"),
        Payout("po_1", usd(2397), BEGAN, "paid"),
        Payout("po_2", usd(7), BEGAN, "paid"),
    ]
    clerk.pages = [Found((), f"c{number}", number == 24) for number in range(25)]
    done = run()
    assert len(clerk.asked_from) == 25, "all that changed is read first"
    assert clerk.read == ["pi_1", "pi_2", "pi_of_a_shop"], "each payment once, and none whose lines are booked"
    assert (done.provider, done.is_live, done.began_at, done.problem) == ("stripe", True, BEGAN + DAY, "")
    assert (done.lines, done.payouts, done.foreign) == (5, 2, 1)
    assert done.sums == {"USD": (3 * 2397 - 700, 3 * 2397)}
    assert differences() == [("missing_here", "txn_re_2", -700, 0, "open")]
    assert Payment.objects.filter(status="succeeded").count() == 3
    assert Reconciliation.objects.get().pk == done.pk


def test_x1_a_line_that_only_its_payout_tells_is_compared_and_a_payout_of_another_sum_is_listed(clerk: Clerk) -> None:
    came(usd(2500), clerk)
    clerk.lines = [line(at=BEGAN - 30 * DAY, payout="po_1")]
    clerk.payouts = [Payout("po_1", usd(2400), BEGAN, "paid")]
    done = run()
    assert (done.lines, done.payouts, done.sums) == (1, 1, {"USD": (2397, 2397)})
    assert differences() == [("payout", "po_1", 2400, 2397, "open")]
    clerk.lines.append(replace(FEE, payout="po_1"))
    run()
    assert differences()[0] == ("payout", "po_1", 2400, 2197, "open")


def test_x2_a_difference_is_kept_with_all_that_is_known_of_it_and_told_once(clerk: Clerk) -> None:
    for number in (1, 2):
        came(usd(2500), clerk, external_id=f"pi_{number}")
    clerk.lines = [FEE, line(fee=100)]
    first = run()
    assert differences() == [
        ("amount", "txn_ch_1", 2400, 2397, "open"),
        ("missing_here", "txn_fee", -200, 0, "open"),
        ("missing_there", "gift:ch_2", 0, 2397, "open"),
    ]
    names = ("provider", "is_live", "currency", "at", "what", "payment", "first_seen_at")
    assert list(Difference.objects.order_by("pk").values_list(*names)) == [
        ("stripe", True, "USD", BEGAN, "charge ch_1 Gift", "pi_1", BEGAN + DAY),
        ("stripe", True, "USD", BEGAN + HOUR, "stripe_fee " + FEE.description[:289], "", BEGAN + DAY),
        ("stripe", True, "USD", BEGAN, "", "", BEGAN + DAY),
    ]
    clerk.lines = [replace(FEE, amount=usd(-300), at=BEGAN + 2 * HOUR, description="other words"), line(fee=103)]
    Difference.objects.filter(kind="missing_there").update(state="aside", because="known")
    run(BEGAN + 2 * DAY)
    assert differences() == [
        ("amount", "txn_ch_1", 2400, 2397, "gone"),
        ("missing_here", "txn_fee", -300, 0, "open"),
        ("missing_there", "gift:ch_2", 0, 2397, "aside"),
    ]
    fee = Difference.objects.get(external_id="txn_fee")
    assert (fee.at, fee.what[:16], fee.first_seen_at) == (BEGAN + HOUR, "stripe_fee Radar", BEGAN + DAY)
    assert news() == [{"reconciliation": first.pk, "count": 3}]


def test_x2_a_difference_that_comes_back_is_told_again(clerk: Clerk) -> None:
    make_campaign()
    differed("txn_aside", BEGAN, state="aside")
    differed("txn_elsewhere", BEGAN, provider="paypal", state="gone")
    clerk.lines = [FEE]
    first = run()
    clerk.lines = []
    run()
    assert [row[-1] for row in differences()] == ["aside", "gone", "gone"]
    clerk.lines = [FEE, replace(FEE, external_id="txn_other")]
    last = run()
    assert [row[-1] for row in differences()] == ["aside", "gone", "open", "open"]
    assert news() == [{"reconciliation": first.pk, "count": 1}, {"reconciliation": last.pk, "count": 2}]


def test_x1_lines_of_one_instant_are_compared_by_their_id_and_others_by_time(clerk: Clerk) -> None:
    make_campaign()
    later = replace(FEE, at=FEE.at + HOUR)
    clerk.lines = [replace(later, external_id="a"), replace(FEE, external_id="c"), replace(FEE, external_id="b")]
    run()
    assert [row[1] for row in differences()] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("error", "said"),
    [(ProviderAway(""), "?"), (ProviderAway("hung up"), "hung up"), (ProviderRefused("expired"), "expired")],
    ids=str,
)
def test_a_processor_that_is_away_holds_up_no_other_and_the_comparison_says_so(
    clerk: Clerk, error: Exception, said: str
) -> None:
    def fail() -> None:
        raise error

    with standing("paypal") as other, frozen(BEGAN):
        other.before_changes = fail
        reconcile_with_all()
    rows = Reconciliation.objects.order_by("pk").values_list("provider", "is_live", "since", "began_at", "problem")
    assert list(rows) == [("paypal", True, BEGAN, BEGAN, said), ("stripe", True, BEGAN - 7 * DAY, BEGAN, "")]

"""The page of a month: every figure from the books, with its rule, and nobody's name."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.errors import AmountNotPositive, CurrencyDiffers
from masthead.funding.models import Expense, Journal
from masthead.funding.rules.facts import DisputeStatus
from masthead.funding.rules.ledger import Posting, asset_account, campaign_account
from masthead.funding.selectors import accounts_of_month
from masthead.funding.services import (
    close_due_months,
    delete_expense,
    note_pledge,
    put_expense,
    reverse_gift,
    set_goal,
    settle_payment,
)
from masthead.funding.services.post_journal import post_journal
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from tests.client import CheckingClient
from tests.funding import lives
from tests.funding.reading import shown

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _november() -> Any:
    with frozen(NOW):
        yield


def usd(minor: int) -> Money:
    """Return dollars."""
    return Money(minor, "USD")


def by_card(gift: int, *, cover: int = 0, fee: int = 0, key: str, every: str = "once") -> Any:
    """Return the facts of a payment that came."""
    pledge = note_pledge(
        campaign=make_campaign(), amount=usd(gift), cover=usd(cover), every=every, name="Marker Zyx", method="stripe"
    )
    opened = lives.opened(pledge.public_id, external_id=key)
    facts = lives.paid(opened, usd(gift + cover), fee=usd(fee), at=NOW)
    settle_payment(facts)
    return facts


def test_every_figure_of_a_month_follows_from_the_books() -> None:
    """R1, R7, D1, M5, M7: what came, what went back, what it cost, what is on its way."""
    make_campaign()
    make_gift(amount=usd(1_000))
    reverse_gift(gift=make_gift(amount=usd(300)), reason="bounced")
    by_card(2_500, cover=100, fee=103, key="pi_1", every="month")
    pledge = note_pledge(campaign=make_campaign(), amount=usd(4_400), name="Marker Zyx", method="stripe")
    settle_payment(lives.opened(pledge.public_id, external_id="pi_2"))
    (found,) = accounts_of_month(NOVEMBER, NOW)
    assert (found.gifts.count, found.gifts.amount) == (3, usd(3_800))
    assert (found.repeated.count, found.repeated.amount) == (1, usd(2_500))
    assert (found.reversals.count, found.reversals.amount) == (1, usd(300))
    assert (found.raised, found.cover, found.fees, found.costs) == (usd(3_500), usd(100), usd(103), usd(103))
    assert found.after_fees == usd(3_497)
    assert found.pending is not None
    assert (found.pending.count, found.pending.amount) == (1, usd(4_400))
    assert found.other == usd(0)


def test_refunds_and_disputes_stand_apart() -> None:
    """R1, D1, R3."""
    facts = by_card(2_500, fee=100, key="pi_1")
    settle_payment(lives.refunded(facts, "re_1", usd(1_000)))
    disputed = by_card(4_000, fee=100, key="pi_2")
    for step in lives.disputed(disputed, "dp_1", usd(4_000), DisputeStatus.OPEN, DisputeStatus.LOST):
        settle_payment(step)
    (found,) = accounts_of_month(NOVEMBER, NOW)
    assert (found.refunds.count, found.refunds.amount) == (1, usd(1_000))
    assert (found.disputes.count, found.disputes.amount) == (1, usd(4_000))
    assert found.raised == usd(1_500)
    assert found.gifts.amount - found.refunds.amount - found.disputes.amount == found.raised


def test_cover_never_counts_as_extra() -> None:
    """M7: more cover than fee leaves what was raised."""
    by_card(2_500, cover=500, fee=100, key="pi_1")
    (found,) = accounts_of_month(NOVEMBER, NOW)
    assert (found.raised, found.after_fees) == (usd(2_500), usd(2_500))


def test_what_is_corrected_in_the_books_has_a_line_of_its_own(client: CheckingClient) -> None:
    """So that the lines of a month make what was raised, whatever was booked."""
    make_gift(amount=usd(1_000))
    assert "and corrections." not in shown(client.get("/support/working/2026-11/"))
    post_journal(
        kind=Journal.Kind.CORRECTION,
        source="staff",
        external_id="of-october",
        value_at=NOW,
        month=NOVEMBER,
        postings=[Posting(campaign_account("fund"), usd(300)), Posting(asset_account("cash"), usd(-300))],
    )
    text = shown(client.get("/support/working/2026-11/"))
    assert re.search(r"Gifts 1 10 \$ .* Refunded 0 0 \$ .* Other −3 \$ .* Raised 7 \$", text)
    assert "and corrections." in text


def test_the_page_the_table_and_the_meter_agree(client: CheckingClient) -> None:
    """M11, M10: one number everywhere; each goal of the month with its time."""
    campaign = make_campaign()
    make_gift(amount=usd(163_900))
    with frozen(datetime(2026, 11, 23, tzinfo=UTC)):
        set_goal(campaign_id=campaign.pk, goal=usd(600_000))
        page = client.get("/support/working/2026-11/")
        text = shown(page)
        row = next(csv.DictReader(io.StringIO(client.get("/support/working/2026-11/month.csv").content.decode())))
        meter = client.get("/-/meter/").json()["meter"]
    assert "1,639 $ of 6,000 $ raised: 27 %, rounded down." in text
    assert "lowers the month its gift was counted in" in text
    assert "5,000 $ each month, set on Nov. 22" in text
    assert "6,000 $ each month, set on Nov. 22" in text
    assert (row["raised"], row["gifts"], row["percent"], row["goal"]) == ("1639", "1", "27", "6000")
    assert (meter["raised_minor"], meter["percent"]) == (163_900, 27)
    assert page["Cache-Control"] == "public, no-cache"
    assert "meter" in page["Surrogate-Key"].split()


@pytest.mark.parametrize("address", ["2026-12", "2026-10", "2026-13", "1999-01", "2026-11-01"])
def test_months_without_a_page_are_not_found(client: CheckingClient, address: str) -> None:
    make_campaign()
    assert client.get(f"/support/working/{address}/").status_code == 404


def test_no_public_reply_of_funding_tells_who_gave(client: CheckingClient) -> None:
    """S6: hostile, unique markers in every field that tells of a person, looked for in every public address."""
    with frozen(datetime(2026, 10, 3, tzinfo=UTC)):
        make_campaign()
        first = make_gift(
            donor_name="Zyxname <b>Marker</b>", contact="zyxcontact@example.org", external_id="zyxexternal"
        )
    facts = by_card(2_500, cover=100, fee=103, key="pi_zyxpayment")
    gone = make_gift(donor_name="Zyxother", contact="zyxother@example.org")
    reverse_gift(gift=gone, reason="Zyxreason", recorded_by=4242)
    close_due_months()
    reverse_gift(gift=first, reason="Zyxlate")
    addresses = [
        "/support/",
        "/support/working/",
        "/support/working/months.csv",
        *(f"/support/working/{month}/{name}" for month in ("2026-10", "2026-11") for name in ("", "month.csv")),
        "/support/working/2026-10/sealed.txt",
        "/support/working/2026-10/changes.txt",
        "/-/meter/",
        "/api/v1/campaigns",
        "/api/v1/campaigns/fund",
        "/api/v1/campaigns/fund/months",
    ]
    replies = {address: client.get(address) for address in addresses}
    assert {reply.status_code for reply in replies.values()} == {200}
    markers = ["zyx", facts.pledge.lower(), first.public_id.lower(), gone.public_id.lower()]
    for address, reply in replies.items():
        seen = reply.content.decode().lower()
        assert [marker for marker in markers if marker in seen] == [], address
        assert "set-cookie" not in reply.headers, address


def test_what_the_money_did_is_told_when_the_newsroom_wants(client: CheckingClient) -> None:
    campaign = make_campaign()
    assert "What your money did" not in shown(client.get("/support/working/2026-11/"))
    row = put_expense(campaign=campaign, month=date(2026, 11, 9), what="Court <fees>", amount=usd(12_000))
    put_expense(campaign=campaign, month=NOVEMBER, what="A boat", amount=usd(30_000))
    text = shown(client.get("/support/working/2026-11/"))
    assert "A boat: 300 $ Court <fees>: 120 $" in text
    assert "Together 420 $." in text
    put_expense(campaign=campaign, month=date(2026, 10, 1), what="Court", amount=usd(9_000), expense=row)
    assert "Together 300 $." in shown(client.get("/support/working/2026-11/"))
    told = [event.payload["month"] for event in Event.objects.filter(type="funding.expenses-changed").order_by("pk")]
    assert told == ["2026-11", "2026-11", "2026-11", "2026-10"]
    delete_expense(expense=row)
    assert Expense.objects.count() == 1
    with pytest.raises(AmountNotPositive):
        put_expense(campaign=campaign, month=NOVEMBER, what="x", amount=usd(0))
    with pytest.raises(CurrencyDiffers):
        put_expense(campaign=campaign, month=NOVEMBER, what="x", amount=Money(1, "EUR"))

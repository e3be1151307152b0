"""Who may see names, who may send money back, and what is kept of who did it."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from wagtail import hooks

from masthead.accounts.models import User
from masthead.core.money import Money
from masthead.funding.models import AuditEntry, Gift, RefundRequest
from masthead.funding.services import hide_name, note_pledge, put_campaign, record_gift, reverse_gift, send_back
from masthead.funding.services.audit import Act, note_act
from masthead.funding.staff_errors import GiftByHand, MayNotRefund
from masthead.funding.testing import make_campaign, make_gift
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
GIFTS = "/admin/funding/gifts/"


def acts() -> list[tuple[str, int, str, int | None, str]]:
    """Return what is kept, the oldest first."""
    fields = ("act", "by", "subject", "amount_minor", "detail")
    return list(AuditEntry.objects.order_by("id").values_list(*fields))


def last_user() -> User:
    """Return whom :func:`signed_in` made last."""
    return User.objects.latest("pk")


def test_names_are_masked_for_who_may_not_see_them() -> None:
    gift = make_gift(donor_name="Ada Venn", contact="ada@example.org", public_name="A. V.")
    Gift.objects.update(note="Lives beside the lighthouse")
    cashier = signed_in("view_gift", "add_gift", "reverse_gift", "change_gift")
    for address in (GIFTS, f"{GIFTS}{gift.public_id}/reverse/"):
        page = shown(cashier.get(address))
        assert "name hidden" in page
        for private in ("Ada Venn", "ada@example.org", "lighthouse"):
            assert private not in page
    assert "A. V." in shown(cashier.get(GIFTS)), "what readers see, staff see"
    hide_name(gift=gift)
    assert "A. V." not in shown(cashier.get(GIFTS))
    assert "Show the name again" in shown(cashier.get(GIFTS))


@pytest.mark.parametrize("typed", ["Venn", "example.org", "A. V."])
def test_what_is_masked_cannot_be_searched_for(typed: str) -> None:
    """A search that finds a name tells it."""
    make_gift(donor_name="Ada Venn", contact="ada@example.org", public_name="A. V.")
    assert "25 $" in shown(signed_in("view_gift", "see_names").get(GIFTS, {"q": typed}))
    assert "No gift fits." in shown(signed_in("view_gift").get(GIFTS, {"q": typed}))


def test_names_of_pledges_are_masked_too() -> None:
    pledge = note_pledge(
        campaign=make_campaign(), amount=Money(4000, "USD"), name="Ben", email="ben@example.org", message="For Ida"
    )
    cashier, here = signed_in("view_gift", "add_gift"), "/admin/funding/pledges/"
    for address in (here, f"{here}{pledge.public_id}/fulfil/"):
        page = shown(cashier.get(address))
        assert "name hidden" in page
        assert "Ben" not in page
        assert "ben@example.org" not in page
        assert "For Ida" not in page
    assert "No pledge fits." in shown(cashier.get(here, {"q": "Ben"}))
    assert pledge.reference[:4] in shown(cashier.get(here, {"q": pledge.reference}))


def test_bank_statements_are_for_who_may_see_names() -> None:
    """Each line names a payer."""
    make_campaign()
    assert signed_in("decide_bankline").get("/admin/funding/bank/").status_code == 302
    assert signed_in("decide_bankline", "see_names").get("/admin/funding/bank/").status_code == 200


def test_groups_can_be_given_the_roles() -> None:
    offered = {item.codename for hook in hooks.get_hooks("register_permissions") for item in hook()}
    assert {"see_names", "refund_gift", "view_auditentry"} <= offered


def test_a_gift_by_hand_is_not_sent_back() -> None:
    signed_in("refund_gift")
    with pytest.raises(GiftByHand) as refused:
        send_back(gift=make_gift(), amount=Money(100, "USD"), reason="x", by=last_user())
    assert "reverse the gift" in refused.value.message()


def test_nobody_refunds_without_leave_whoever_asks_the_service() -> None:
    """The policy is the service's: no screen, command or API goes round it."""
    signed_in("view_gift", "add_gift", "reverse_gift", "change_gift")
    for person in (last_user(), AnonymousUser()):
        with pytest.raises(MayNotRefund) as refused:
            send_back(gift=make_gift(), amount=Money(100, "USD"), reason="x", by=person)
        assert "may not send money back" in refused.value.message()
    assert not RefundRequest.objects.exists()


def test_what_a_person_does_to_money_is_kept() -> None:
    campaign = put_campaign(slug="fund", goal=Money(500_000, "USD"), recorded_by=7)
    gift = record_gift(
        campaign=campaign,
        amount=Money(2500, "USD"),
        method="cash",
        received_at=campaign.created_at,
        donor_name="Ada Venn",
        recorded_by=7,
    )
    hide_name(gift=gift, decided_by=8)
    hide_name(gift=gift, decided_by=8)
    hide_name(gift=gift, hidden=False, decided_by=8)
    reverse_gift(gift=gift, reason=" counted twice ", recorded_by=9)
    assert acts() == [
        ("campaign_set", 7, "fund", 500_000, ""),
        ("gift_recorded", 7, gift.public_id, 2500, ""),
        ("name_hidden", 8, gift.public_id, None, ""),
        ("name_shown", 8, gift.public_id, None, ""),
        ("gift_reversed", 9, gift.public_id, 2500, "counted twice"),
    ]
    assert str(AuditEntry.objects.earliest("id")) == "campaign_set fund"


def test_what_nobody_did_is_no_act() -> None:
    """Imports and processors stand in the books with their source."""
    reverse_gift(gift=make_gift(), reason="x")
    assert acts() == []


def test_an_act_that_is_undone_leaves_no_trace() -> None:
    """Both are one transaction."""
    campaign = make_campaign()
    with transaction.atomic():
        record_gift(
            campaign=campaign, amount=Money(1, "USD"), method="cash", received_at=campaign.created_at, recorded_by=7
        )
        assert len(acts()) == 1
        transaction.set_rollback(True)
    assert acts() == []


@pytest.mark.parametrize("statement", ["UPDATE funding_auditentry SET by = 1", "DELETE FROM funding_auditentry"])
def test_what_is_kept_can_neither_be_changed_nor_deleted(statement: str) -> None:
    """The store itself refuses, past all Python."""
    note_act(Act.GIFT_RECORDED, by=7, subject="x")
    quoted = statement.replace(" by ", ' "by" ')
    with pytest.raises(IntegrityError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(quoted)
    assert len(acts()) == 1


def test_the_page_shows_who_did_what_to_whom_it_may() -> None:
    don = signed_in("view_auditentry")
    assert "Nobody has done anything yet." in shown(don.get("/admin/funding/acts/"))
    reader = last_user()
    note_act(Act.GIFT_REVERSED, by=reader.pk, subject="abc", amount=Money(2500, "USD"), detail="counted twice")
    note_act(Act.CAMPAIGN_SET, by=4711, subject="fund")
    page = shown(don.get("/admin/funding/acts/"))
    for part in (str(reader), "gift reversed", "abc", "25 $", "counted twice", "account 4711"):
        assert part in page
    for address in ("/admin/funding/acts/", "/admin/funding/acts/acts.csv"):
        assert signed_in("view_gift", "see_names", "refund_gift").get(address).status_code == 302
        assert "login" in CheckingClient().get(address)["Location"]


def test_the_table_holds_every_act_and_no_formula() -> None:
    don = signed_in("view_auditentry")
    note_act(Act.GIFT_REVERSED, by=4711, subject="abc", amount=Money(2550, "USD"), detail="=HYPERLINK(1)")
    note_act(Act.CAMPAIGN_SET, by=4711, subject="fund")
    reply = don.get("/admin/funding/acts/acts.csv")
    assert "no-store" in reply["Cache-Control"]
    head, first, second = csv.reader(io.StringIO(reply.content.decode()))
    assert head[:3] == ["at", "account", "person"]
    assert first[1:] == ["4711", "", "gift_reversed", "abc", "25.5", "USD", "'=HYPERLINK(1)"]
    assert second[3:] == ["campaign_set", "fund", "", "", ""]

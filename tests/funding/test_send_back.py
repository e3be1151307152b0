"""Send a gift back from its screen, in part and in full, against the simulator."""

from __future__ import annotations

import pytest
from django.test import Client

from masthead.funding.models import AuditEntry, Gift, Pledge, RefundRequest
from masthead.funding.selectors import ledger_problems
from masthead.funding.testing import make_gift
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.rehearsing import hear, opened, raised, work
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(client: Client, simulator: RunningSimulator, pledge: Pledge) -> str:
    """Where 25 dollars that came by card are sent back."""
    simulator.pay(opened(pledge), card_number="4242424242424242")
    hear(CheckingClient(), simulator)
    return f"/admin/funding/gifts/{Gift.objects.get().public_id}/refund/"


def test_a_gift_goes_back_in_part_and_then_in_full(address: str, simulator: RunningSimulator) -> None:
    """R1: several refunds add up, never to more than was given; each has its reason and its person."""
    don = signed_in("refund_gift", "view_gift", "see_names")
    assert "Send money back" in shown(don.get("/admin/funding/gifts/"))
    page = don.get(address)
    assert "25 $ from Don" in shown(page)
    assert page.context["form"].initial["amount"] == "25"
    said = shown(don.post(address, {"amount": "10", "reason": "given twice"}, follow=True))
    assert "10 $ is on its way back." in said
    assert "Of it 15 $ can still be sent back." in shown(don.get(address))
    refused = don.post(address, {"amount": "15.01", "reason": "all"})
    assert refused.status_code == 422
    assert "At most 15 $" in shown(refused)
    work()
    hear(CheckingClient(), simulator)
    assert raised(simulator) == 1500
    don.post(address, {"amount": "15", "reason": "the rest"})
    work()
    hear(CheckingClient(), simulator)
    assert raised(simulator) == 0
    assert list(RefundRequest.objects.order_by("pk").values_list("reason", flat=True)) == ["given twice", "the rest"]
    kept = AuditEntry.objects.filter(act="refund_asked").order_by("id").values_list("amount_minor", "detail")
    assert list(kept) == [(1000, "given twice"), (1500, "the rest")]
    assert ledger_problems() == []


def test_no_refund_without_a_reason_and_none_of_what_is_not_there(address: str) -> None:
    don = signed_in("refund_gift")
    assert "Say why the money goes back" in shown(don.post(address, {"amount": "10", "reason": " "}))
    assert not RefundRequest.objects.exists()
    assert "name hidden" in shown(don.get(address)), "who may refund need not see names"
    for other in ("nothing", make_gift().public_id):
        assert don.get(f"/admin/funding/gifts/{other}/refund/").status_code == 404


def test_the_screen_is_for_who_may_refund(address: str) -> None:
    cashier = signed_in("view_gift", "add_gift", "reverse_gift", "change_gift", "see_names")
    assert cashier.post(address, {"amount": "10", "reason": "x"}).status_code == 302
    assert not RefundRequest.objects.exists()
    page = shown(cashier.get("/admin/funding/gifts/"))
    assert "Send money back" not in page

"""Closing months and telling of expenses in the admin and on the command line, and who may."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from masthead.core.clock import frozen
from masthead.funding.models import Expense, SealedMonth
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_a_month_is_closed_by_hand_and_checked_on_the_spot() -> None:
    with frozen(datetime(2026, 10, 5, tzinfo=UTC)):
        make_campaign()
        make_gift()
    don = signed_in("add_sealedmonth")
    with frozen(NOW):
        assert "Close October 2026 now" in shown(don.get("/admin/funding/months/"))
        page = shown(don.post("/admin/funding/months/2026-10/close/", follow=True))
        again = shown(don.post("/admin/funding/months/2026-10/close/", follow=True))
    assert "closed and sealed" in page
    assert "as it was sealed" in page
    assert "cannot be closed now" in again
    seal = SealedMonth.objects.get()
    assert seal.hash in page
    assert seal.sealed_by


def test_expenses_are_added_changed_and_deleted() -> None:
    make_campaign()
    don = signed_in("change_expense")
    with frozen(NOW):
        assert "Nothing is told yet" in shown(don.get("/admin/funding/expenses/"))
        typed = {"month": "2026-11-09", "what": "Court fees", "amount": "120"}
        page = don.post("/admin/funding/expenses/add/", typed, follow=True)
        assert "Court fees, 120 $, stands on the page of its month." in shown(page)
        row = Expense.objects.get()
        form = don.get(f"/admin/funding/expenses/{row.public_id}/").content.decode()
        assert re.search(r'name="what"[^>]*value="Court fees"', form)
        assert don.post("/admin/funding/expenses/add/", {**typed, "amount": "no"}).status_code == 422
        don.post(f"/admin/funding/expenses/{row.public_id}/", {**typed, "amount": "90.50"})
        assert Expense.objects.get().amount_minor == 9_050
        don.post(f"/admin/funding/expenses/{row.public_id}/delete/")
        assert not Expense.objects.exists()
        assert don.get("/admin/funding/expenses/nothing/").status_code == 404
        assert don.post("/admin/funding/expenses/nothing/delete/").status_code == 404


@pytest.mark.parametrize("address", ["months/", "expenses/", "expenses/add/"])
def test_the_screens_are_for_those_with_leave(address: str) -> None:
    make_campaign()
    assert signed_in("view_gift").get(f"/admin/funding/{address}").status_code == 302

"""Who did what: each act of a person that touches money or what readers are told stands in the log, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import AuditEntry, Difference, Pledge
from masthead.funding.selectors import acts
from masthead.funding.services import (
    close_month,
    close_pledge,
    delete_expense,
    note_pledge,
    post_difference,
    promise_match,
    put_expense,
    set_difference_aside,
    withdraw_match,
)
from masthead.funding.staff_errors import MonthNotToClose
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
EDITOR = 4711
FIVE = Money(500, "USD")


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


def kept() -> list[tuple[str, int, int | None, str]]:
    """Return the acts that were kept, without those of setting up a campaign."""
    rows = AuditEntry.objects.exclude(act__in=["campaign_set", "gift_recorded"]).order_by("id")
    return list(rows.values_list("act", "by", "amount_minor", "detail"))


def matches(by: int | None) -> None:
    """Promise and withdraw, twice."""
    day = date(2026, 11, 1)
    match = promise_match(
        campaign=make_campaign(), sponsor="Ada Venn", cap=FIVE, starts_on=day, ends_on=day, recorded_by=by
    )
    for _ in range(2):
        withdraw_match(match=match, withdrawn_by=by)


def months(by: int | None) -> None:
    """Close a month, and fail to close it again."""
    with frozen(datetime(2026, 10, 5, 12, tzinfo=UTC)):
        make_gift(campaign=make_campaign(), amount=FIVE)
    close_month(month=date(2026, 10, 1), sealed_by=by)
    with pytest.raises(MonthNotToClose):
        close_month(month=date(2026, 10, 1), sealed_by=by)


def differences(by: int | None) -> None:
    """Post one, and set one aside."""
    campaign = make_campaign()
    for key in ("txn_1", "txn_2"):
        row = Difference.objects.create(
            provider="stripe", is_live=True, kind="missing_here", external_id=key, theirs_minor=-200, ours_minor=0,
            currency="USD", at=NOW,
        )  # fmt: skip
        if key == "txn_1":
            post_difference(difference=row, campaign=campaign, because="Radar", decided_by=by)
        else:
            set_difference_aside(difference=row, because="known", decided_by=by)


def expenses(by: int | None) -> None:
    """Tell of one, change it, and delete it."""
    campaign, month = make_campaign(), date(2026, 11, 1)
    row = put_expense(campaign=campaign, month=month, what="Court fees", amount=FIVE, changed_by=by)
    put_expense(campaign=campaign, month=month, what="Fees", amount=FIVE, expense=row, changed_by=by)
    delete_expense(expense=row, deleted_by=by)


def pledges(by: int | None) -> None:
    """Close one twice, and open it again."""
    pledge = note_pledge(campaign=make_campaign(), amount=FIVE, name="Ada Venn")
    for closed in (True, True, False, False):
        close_pledge(pledge=pledge, closed=closed, decided_by=by)


ACTS: dict[Callable[[int | None], None], list[tuple[str, int | None, str]]] = {
    matches: [("match_promised", 500, ""), ("match_withdrawn", None, "")],
    months: [("month_closed", None, "")],
    differences: [("difference_posted", -200, "Radar"), ("difference_aside", -200, "known")],
    expenses: [
        ("expense_put", 500, "Court fees"),
        ("expense_put", 500, "Fees"),
        ("expense_deleted", 500, "Fees"),
    ],
    pledges: [("pledge_closed", 500, ""), ("pledge_reopened", 500, "")],
}


@pytest.mark.parametrize("act", ACTS, ids=[act.__name__ for act in ACTS])
def test_what_a_person_does_is_kept_once_with_its_reason_and_nobodys_name(act: Callable[[int | None], None]) -> None:
    act(EDITOR)
    assert kept() == [(name, EDITOR, minor, detail) for name, minor, detail in ACTS[act]]
    assert not any("Ada" in cell for row in acts.csv_rows() for cell in map(str, row))
    assert all(row.subject and row.label[0].islower() for row in acts.act_rows(AuditEntry.objects.all()))


@pytest.mark.parametrize("act", ACTS, ids=[act.__name__ for act in ACTS])
def test_what_nobody_did_is_no_act(act: Callable[[int | None], None]) -> None:
    act(None)
    assert kept() == []


def test_the_screens_say_who_did_it() -> None:
    don = signed_in("add_gift", "change_campaign", "change_expense")
    day, campaign = date(2026, 11, 1), make_campaign()
    pledge = note_pledge(campaign=campaign, amount=FIVE, name="Ada Venn")
    match = promise_match(campaign=campaign, sponsor="Ada Venn", cap=FIVE, starts_on=day, ends_on=day)
    row = put_expense(campaign=campaign, month=day, what="Court fees", amount=FIVE)
    for path in (
        f"pledges/{pledge.public_id}/close/",
        f"matches/{match.public_id}/withdraw/",
        f"expenses/{row.public_id}/delete/",
    ):
        assert don.post(f"/admin/funding/{path}", {}).status_code == 302
    staff = int(don.session["_auth_user_id"])
    assert [(act, by) for act, by, _minor, _detail in kept()] == [
        ("pledge_closed", staff),
        ("match_withdrawn", staff),
        ("expense_deleted", staff),
    ]
    assert Pledge.objects.get().closed_at is not None

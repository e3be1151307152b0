"""The demo's accounts and gifts, on any day of the month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from masthead.core.money import Money
from masthead.funding.selectors import meter
from masthead.project.demo.accounts import open_accounts
from masthead.project.demo.books import keep_books
from masthead.project.demo.content import load

NOW = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("now", [datetime(2027, 1, 1, 5, 5, tzinfo=UTC), datetime(2027, 2, 14, 4, 0, tzinfo=UTC)])
def test_meter_is_right_from_the_first_minute_of_a_month(now: datetime) -> None:
    content = load(now=now)
    accounts = open_accounts(content)

    keep_books(content, now=now, recorded_by=accounts.publisher.pk)

    shown = meter(now)
    assert shown is not None
    assert shown.raised == Money(163_900, "USD")


def test_only_staff_and_members_have_accounts() -> None:
    accounts = open_accounts(load(now=NOW))

    assert set(accounts.staff) == {
        "marit-oyelaran",
        "jonas-pell",
        "ilse-brandvold",
        "rafe-lunt",
        "ada-venn",
        "teodora-quist",
    }
    assert len(accounts.readers) == 8
    assert accounts.publisher == accounts.staff["teodora-quist"]

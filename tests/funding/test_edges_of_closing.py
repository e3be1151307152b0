"""What the seal of a month holds, to the second, and who is said to have closed it (rule X4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from masthead.core.clock import frozen
from masthead.funding.models import AuditEntry, CampaignGoal, Journal, SealedMonth
from masthead.funding.rules import sealing
from masthead.funding.selectors import seal_problems, seals
from masthead.funding.services import close_due_months, close_month
from masthead.funding.testing import make_campaign, make_gift
from tests.funding.books import told
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_x4_a_seal_holds_what_it_covers_when_and_by_whom_it_was_made_and_names_the_one_before(
    settings: Settings,
) -> None:
    settings.MASTHEAD = replace(MASTHEAD, site=replace(MASTHEAD.site, time_zone="Pacific/Kiritimati"))
    with frozen(datetime(2026, 9, 5, tzinfo=UTC)):
        make_campaign()
        make_gift()
    with frozen(datetime(2026, 9, 30, 20, tzinfo=UTC)):
        make_gift()  # October there
    with frozen(NOW):
        first = close_month(month=SEPTEMBER, sealed_by=7)
        close_due_months()
    september, october = SealedMonth.objects.order_by("month")
    assert september == first
    journals, goals = ([row.pk for row in model.objects.order_by("pk")] for model in (Journal, CampaignGoal))
    names = ("month", "sealed_at", "zone", "previous", "journals", "goals", "sealed_by")
    assert list(SealedMonth.objects.order_by("month").values_list(*names)) == [
        (SEPTEMBER, NOW, "Pacific/Kiritimati", sealing.FIRST, journals[:1], goals, 7),
        (OCTOBER, NOW, "Pacific/Kiritimati", september.hash, journals[1:], [], None),
    ]
    for seal in (september, october):
        assert len(bytes.fromhex(seal.salt)) == 16
        assert seal.hash == sealing.sha256(seals.sealed_text(seal))
    assert september.salt != october.salt
    assert [event.payload for event in told("funding.month-closed")] == [
        {"month": "2026-09", "hash": september.hash},
        {"month": "2026-10", "hash": october.hash},
    ]
    assert list(AuditEntry.objects.filter(act="month_closed").values_list("by", "subject", "at")) == [
        (7, "2026-09", NOW)
    ]
    assert seal_problems() == []

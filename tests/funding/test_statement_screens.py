"""The page of statements where there is nothing to tell of."""

from __future__ import annotations

import pytest

from masthead.funding.models import AnnualStatement
from masthead.outbox.models import Event
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
HERE = "/admin/funding/statements/"
FULL = ("view_receipt", "see_names", "send_statements")


def test_before_the_first_gift_there_is_no_year_to_choose_or_to_send() -> None:
    don = signed_in(*FULL)
    page = don.get(HERE, {"year": "2025", "q": "venn"})
    assert "No gift yet, so there is no year to tell of." in shown(page)
    assert "?year=" not in page.content.decode()
    assert don.post(f"{HERE}2025/send/").status_code == 404


def test_a_statement_that_is_not_there_is_not_sent_again() -> None:
    assert signed_in(*FULL).post(f"{HERE}nobody/again/").status_code == 404
    assert not AnnualStatement.objects.exists()
    assert not Event.objects.filter(type="funding.statement-asked").exists()

"""The mail with a giver's year, when something happens between asking for it and sending it (rules R6, S6, L7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from masthead.accounts.models import User
from masthead.accounts.testing import make_user
from masthead.core.clock import frozen
from masthead.funding.models import AnnualStatement, Donor
from masthead.funding.services import merge_donors, part_donor
from masthead.funding.services.care import forget_giver
from masthead.funding.services.receipts import send_statement_again, statement_letter
from masthead.funding.staff_errors import NobodyToMail, NoStatementsInRehearsal
from masthead.outbox.models import Event
from tests.funding.test_annual_statements import AFTER, delivered, given, sent
from tests.settings import MASTHEAD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _january() -> Iterator[None]:
    with frozen(AFTER):
        yield


@pytest.fixture
def boss(db: None) -> User:
    """May do everything."""
    return make_user("boss@example.org", is_staff=True, is_superuser=True)


def mailed() -> AnnualStatement:
    """Return the statement of Ada's year, which has left."""
    given()
    assert sent() == (1, 0)
    delivered()
    return AnnualStatement.objects.get()


def test_who_was_parted_from_all_that_was_given_is_mailed_no_empty_year(mailoutbox: list[Any]) -> None:
    work = given("Ada", "work@example.org").donor
    ada = Donor.objects.create(name="Ada Venn", email="ada@example.org")
    assert work
    merge_donors(donor=work, into=ada, by=None)
    assert sent() == (1, 0)
    part_donor(donor=work, by=None)
    delivered()
    assert mailoutbox == []
    assert sent() == (1, 0), "the year is his who gave"
    delivered()
    assert [letter.to for letter in mailoutbox] == [["work@example.org"]]


def test_a_large_year_is_linked_to_and_not_attached(mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_letter, "MOST_ATTACHED_BYTES", 100)
    mailed()
    [letter] = mailoutbox
    assert letter.attachments == []
    assert "/2025.pdf" in letter.body


def test_l7_nobody_is_mailed_again_while_the_site_rehearses(boss: User) -> None:
    row = mailed()
    rehearsal = replace(MASTHEAD, funding=replace(MASTHEAD.funding, mode="rehearsal"))
    with override_settings(MASTHEAD=rehearsal), pytest.raises(NoStatementsInRehearsal):
        send_statement_again(row=row, by=boss)
    assert Event.objects.filter(type="funding.statement-asked").count() == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda ada: forget_giver(donor=ada),
        lambda ada: merge_donors(donor=ada, into=Donor.objects.create(email="other@example.org"), by=None),
    ],
    ids=["forgotten", "merged"],
)
def test_s6_who_cannot_be_written_to_any_more_is_mailed_nothing_again(boss: User, act: Any) -> None:
    row = mailed()
    act(row.donor)
    with frozen(datetime(2026, 2, 1, tzinfo=UTC)), pytest.raises(NobodyToMail):
        send_statement_again(row=row, by=boss)
    assert Event.objects.filter(type="funding.statement-asked").count() == 1

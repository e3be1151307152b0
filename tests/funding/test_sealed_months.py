"""Closed months: honest refunds are no alarm, any change of what was sealed is (rules X4, M4)."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import SealedMonth, append_only
from masthead.funding.rules import sealing
from masthead.funding.selectors import check_seals, ledger_problems, seal_problems, seals
from masthead.funding.services import close_due_months, close_month, reverse_gift
from masthead.funding.staff_errors import MonthNotToClose
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from tests.settings import CONFIG

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (9, 10, 11))
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.fixture
def gifts() -> list[Any]:
    """Two gifts in September, one in October; the campaign began in September."""
    with frozen(datetime(2026, 9, 5, tzinfo=UTC)):
        make_campaign()
        made = [make_gift(amount=Money(2_500, "USD"), donor_name="Marker Zyx"), make_gift(amount=Money(700, "USD"))]
    with frozen(datetime(2026, 10, 5, tzinfo=UTC)):
        return [*made, make_gift(amount=Money(9_900, "USD"))]


def tamper(statement: str, *values: int | str) -> None:
    """Change the books past their triggers, as somebody with the database in his hands can."""
    with transaction.atomic():
        append_only.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        append_only.install(connection)


@pytest.mark.usefixtures("gifts")
def test_months_close_by_themselves_in_turn_some_days_after_their_end() -> None:
    with frozen(datetime(2026, 10, 8, 3, 59, tzinfo=UTC)):  # New York: October 7, 23:59
        close_due_months()
    assert not SealedMonth.objects.exists()
    with frozen(datetime(2026, 10, 8, 4, tzinfo=UTC)):
        close_due_months()
    assert [seal.month for seal in seals.seals()] == [SEPTEMBER]
    with frozen(NOW):
        close_due_months()
        close_due_months()
    assert [seal.month for seal in seals.seals()] == [OCTOBER, SEPTEMBER]
    assert Event.objects.filter(type="funding.month-closed").count() == 2
    assert seal_problems() == []


@pytest.mark.usefixtures("gifts")
@pytest.mark.parametrize("month", [OCTOBER, NOVEMBER, date(2026, 8, 1)])
def test_by_hand_only_the_month_whose_turn_it_is(month: date) -> None:
    with frozen(NOW):
        with pytest.raises(MonthNotToClose):
            close_month(month=month)
        close_month(month=SEPTEMBER)
        close_month(month=OCTOBER)
        with pytest.raises(MonthNotToClose) as refusal:
            close_month(month=NOVEMBER)
    assert "after their end" in refusal.value.message()


@pytest.mark.usefixtures("gifts")
def test_the_download_has_the_hash_and_names_the_one_before(client: Client) -> None:
    """X4: what a reader runs sha256sum over."""
    with frozen(NOW):
        close_due_months()
        texts = {
            month: client.get(f"/support/working/{month:%Y-%m}/sealed.txt").content for month in (SEPTEMBER, OCTOBER)
        }
        page = client.get("/support/working/2026-10/").content.decode()
    october = hashlib.sha256(texts[OCTOBER]).hexdigest()
    september = hashlib.sha256(texts[SEPTEMBER]).hexdigest()
    assert october in page
    lines = texts[OCTOBER].decode().splitlines()
    assert lines[0] == sealing.FORM
    assert f"previous {september}" in lines
    assert "entry 1 2026-10 gift assets:bank_transfer 9900 USD" in lines
    assert "entry 1 2026-10 gift income:campaign:fund -9900 USD" in lines
    assert lines[-1] == "journals 1"
    assert "previous " + "0" * 64 in texts[SEPTEMBER].decode()
    assert any(line.startswith("goal fund 500000 USD 2026-09-05T") for line in texts[SEPTEMBER].decode().splitlines())
    assert b"Zyx" not in texts[SEPTEMBER]


def test_an_honest_refund_is_listed_and_is_no_alarm(gifts: list[Any], client: Client) -> None:
    """X4, M6: the seal stands, the change has a running hash, and the next seal covers it."""
    with frozen(NOW):
        close_month(month=SEPTEMBER)
        before = client.get("/support/working/2026-09/sealed.txt").content
        assert client.get("/support/working/2026-09/changes.txt").content.decode().count("\n") == 2
        reverse_gift(gift=gifts[0], reason="bounced")
        assert client.get("/support/working/2026-09/sealed.txt").content == before
        changes = client.get("/support/working/2026-09/changes.txt").content.decode()
        page = client.get("/support/working/2026-09/").content.decode()
        assert ledger_problems() == []
    body, _, last = changes.rpartition("running ")
    assert hashlib.sha256(body.encode()).hexdigest() == last.strip()
    assert last.strip() in page
    assert "entry 1 2026-09 reversal income:campaign:fund 2500 USD" in page
    with frozen(NOW):
        close_month(month=OCTOBER)
        sealed = client.get("/support/working/2026-10/sealed.txt").content.decode()
    assert "2026-09 reversal income:campaign:fund 2500 USD" in sealed
    assert "journals 2" in sealed
    assert seal_problems() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_entry SET amount_minor = amount_minor * 2 WHERE journal_id = %s",
        "UPDATE funding_journal SET month = '2026-11-01' WHERE id = %s",
        "UPDATE funding_journal SET external_id = 'other' WHERE id = %s",
        "UPDATE funding_journal SET note = 'other' WHERE id = %s",
        "UPDATE funding_journal SET value_at = '2026-09-06 00:00:00' WHERE id = %s",
        "UPDATE funding_campaigngoal SET amount_minor = 1 WHERE 0 < %s",
        "UPDATE funding_sealedmonth SET hash = '" + "1" * 64 + "' WHERE month = '2026-09-01' AND 0 < %s",
        "UPDATE funding_sealedmonth SET journals = '[]' WHERE month = '2026-09-01' AND 0 < %s",
        "DELETE FROM funding_sealedmonth WHERE month = '2026-09-01' AND 0 < %s",
    ],
)
def test_any_change_of_what_was_sealed_is_an_alarm(gifts: list[Any], statement: str) -> None:
    """X4: also of what the public text does not show, and also when the totals stay the same."""
    with frozen(NOW):
        close_due_months()
    assert seal_problems() == []
    tamper(statement, gifts[0].journal_id)
    problems = seal_problems()
    changed, cut = (
        "The books of 2026-09 are not what was sealed.",
        "The seal of 2026-10 does not follow the one before it.",
    )
    assert problems[0] == (cut if statement.startswith("DELETE") else changed)
    assert (cut in problems) == ("SET hash" in statement or statement.startswith("DELETE"))
    assert set(problems) <= set(ledger_problems())


def test_a_seal_made_anew_breaks_the_next_one(gifts: list[Any]) -> None:
    """X4: whoever forges one seal has to forge all after it, and readers keep the last."""
    with frozen(NOW):
        close_due_months()
    tamper("UPDATE funding_journal SET note = 'other' WHERE id = %s", gifts[0].journal_id)
    first = SealedMonth.objects.get(month=SEPTEMBER)
    forged = sealing.sha256(seals.sealed_text(first))
    tamper("UPDATE funding_sealedmonth SET hash = %s WHERE id = %s", forged, first.pk)
    assert [bool(check.problems) for check in check_seals()] == [False, True]


@pytest.mark.usefixtures("gifts")
def test_a_seal_that_covers_what_another_one_covers_is_named() -> None:
    """X4: counted twice, a gift would stand in two months."""
    with frozen(NOW):
        close_due_months()
    first = SealedMonth.objects.get(month=SEPTEMBER)
    tamper("UPDATE funding_sealedmonth SET journals = %s WHERE month = '2026-10-01'", json.dumps(first.journals))
    assert "The seal of 2026-10 covers what another one covers." in seal_problems()


@pytest.mark.usefixtures("gifts")
@pytest.mark.parametrize("statement", ["UPDATE funding_sealedmonth SET salt = ''", "DELETE FROM funding_sealedmonth"])
def test_the_database_refuses_to_change_a_seal(statement: str) -> None:
    with frozen(NOW):
        close_due_months()
    with pytest.raises(IntegrityError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("gifts")
def test_another_time_zone_breaks_no_seal(client: Client) -> None:
    """M4."""
    with frozen(NOW):
        close_due_months()
        before = client.get("/support/working/2026-09/sealed.txt").content
        tokyo = replace(CONFIG, site=replace(CONFIG.site, time_zone="Asia/Tokyo"))
        with override_settings(MASTHEAD=tokyo):
            assert seal_problems() == []
            assert client.get("/support/working/2026-09/sealed.txt").content == before
            assert "America/New_York" in client.get("/support/working/2026-09/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_make_one_seal() -> None:
    """X4: the one who comes second is refused, and the chain has no fork."""
    past = datetime(2020, 2, 5, tzinfo=UTC)  # other threads see the real clock
    with frozen(past):
        make_campaign()
        make_gift()
    barrier, outcomes = threading.Barrier(2), []

    def close() -> None:
        try:
            barrier.wait(10)
            close_month(month=date(2020, 2, 1))
            outcomes.append("closed")
        except MonthNotToClose:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["closed", "refused"]
    assert seal_problems() == []


@pytest.mark.usefixtures("gifts")
def test_an_open_month_has_neither_text(client: Client) -> None:
    with frozen(NOW):
        for name in ("sealed.txt", "changes.txt"):
            assert client.get(f"/support/working/2026-10/{name}").status_code == 404
        assert "late news of payments" in client.get("/support/working/2026-10/").content.decode()
        assert "still going on" in client.get("/support/working/2026-11/").content.decode()


def test_late_gifts_of_closed_months_and_months_before_the_chain_are_changes(gifts: list[Any]) -> None:
    """M3: money that is told late lands in its own month, closed or not."""
    with frozen(NOW):
        close_month(month=SEPTEMBER)
        make_gift(received_at=datetime(2026, 9, 10, tzinfo=UTC))
        make_gift(received_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
        assert len(seals.changes_after(SealedMonth.objects.get(month=SEPTEMBER))) == 1
        close_month(month=OCTOBER)
    assert len(SealedMonth.objects.get(month=OCTOBER).journals) == 3
    assert seal_problems() == []
    with frozen(NOW + timedelta(days=1)):
        close_due_months()
    assert len(seals.seals()) == 2

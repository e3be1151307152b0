"""The database itself keeps the books: on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from masthead.core.money import Money
from masthead.funding.models import Account, CampaignGoal, Entry, Journal, append_only
from masthead.funding.selectors import ledger_problems
from masthead.funding.services import reverse_gift
from masthead.funding.testing import empty_books, make_gift

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    """Send raw SQL, past all Python."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_entry SET amount_minor = amount_minor * 2",
        "UPDATE funding_journal SET month = '2026-01-01'",
        "UPDATE funding_journal SET value_at = recorded_at",
        "UPDATE funding_account SET code = 'x'",
        "UPDATE funding_campaigngoal SET amount_minor = 1",
        "DELETE FROM funding_entry",
        "DELETE FROM funding_journal",
        "DELETE FROM funding_account",
        "DELETE FROM funding_campaigngoal",
    ],
)
def test_raw_sql_can_neither_change_nor_delete(statement: str) -> None:
    """L1: a trigger raises."""
    make_gift()
    with pytest.raises(IntegrityError, match="append only"):
        run(statement)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows TRUNCATE")
@pytest.mark.parametrize("table", append_only.TABLES)
def test_the_books_cannot_be_emptied_at_one_stroke(table: str) -> None:
    """L1: TRUNCATE asks no row's trigger, so the statement itself is refused."""
    with pytest.raises(IntegrityError, match="append only"):
        run(f"TRUNCATE {table} CASCADE")


def test_the_models_can_neither_change_nor_delete() -> None:
    """L1: nor through the usual road."""
    gift = make_gift()
    entry = gift.journal.entries.first()
    assert entry is not None
    for attempt in (entry.save, entry.delete, gift.journal.save, Account.objects.get(code="assets:cash").delete):
        with pytest.raises(IntegrityError, match="append only"), transaction.atomic():
            attempt()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows INSERT OR REPLACE")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO funding_entry (id, amount_minor, currency, account_id, journal_id) "
        "SELECT id, 999, currency, account_id, journal_id FROM funding_entry LIMIT 1",
        "INSERT OR REPLACE INTO funding_journal (kind, source, external_id, value_at, month, note, recorded_at) "
        "SELECT kind, source, external_id, value_at, '2020-01-01', '', recorded_at FROM funding_journal",
        "INSERT OR REPLACE INTO funding_account (code, kind) VALUES ('assets:cash', 'assets')",
        "INSERT OR REPLACE INTO funding_campaigngoal (id, amount_minor, since, campaign_id) "
        "SELECT id, 1, since, campaign_id FROM funding_campaigngoal",
    ],
)
def test_replacing_a_row_is_no_way_round(statement: str) -> None:
    """L1: INSERT OR REPLACE deletes without asking delete triggers, so the insert is refused."""
    make_gift()
    with pytest.raises(IntegrityError, match="append only"):
        run(statement)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can check at the end of a transaction")
def test_postgresql_refuses_a_journal_that_does_not_sum_to_zero() -> None:
    """L2: checked by the store when the transaction ends."""
    gift = make_gift()
    cash = Account.objects.get(code="assets:cash")
    with transaction.atomic():
        Entry.objects.create(journal=gift.journal, account=cash, amount_minor=1, currency="USD")
        with pytest.raises(IntegrityError, match="does not sum to zero"):
            run("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_the_store_refuses_nonsense_rows() -> None:
    gift = make_gift()
    journal = gift.journal
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(
            journal=journal, account=Account.objects.get(code="assets:cash"), amount_minor=0, currency="USD"
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Journal.objects.create(
            kind="reversal", source="x", external_id="x", value_at=journal.value_at, month=journal.month
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        CampaignGoal.objects.create(campaign=gift.campaign, amount_minor=-1)


def test_the_doctor_finds_no_fault_in_good_books() -> None:
    """L4: gifts and reversals, and not one problem."""
    make_gift()
    reverse_gift(gift=make_gift(amount=Money(100, "USD")), reason="bounced")
    assert ledger_problems() == []


def test_the_doctor_misses_the_triggers() -> None:
    """L1: books that could be changed are not trusted."""
    append_only.remove(connection)
    try:
        problems = ledger_problems()
    finally:
        append_only.install(connection)
    assert any("funding_entry_is_append_only" in problem for problem in problems)
    assert ledger_problems() == []


def test_the_doctor_names_what_was_forced_into_the_books() -> None:
    """L2, L6, M6: unbalanced, empty, unmirrored, moved and misattributed bookings are each named."""
    kept, bounced, lost = make_gift(), make_gift(), make_gift()
    reversal = reverse_gift(gift=bounced, reason="bounced")
    append_only.remove(connection)
    try:
        Entry.objects.filter(journal=kept.journal, amount_minor__gt=0).update(amount_minor=2600)
        Journal.objects.filter(pk=reversal.pk).update(month="2020-01-01")
        Entry.objects.filter(journal=reversal, amount_minor__gt=0).update(amount_minor=1)
        Entry.objects.filter(journal=lost.journal).delete()
        problems = "\n".join(ledger_problems())
    finally:
        append_only.install(connection)
    assert f"Journal {kept.journal.pk} is out by 100 minor units of USD." in problems
    assert f"Journal {reversal.pk} is out by" in problems
    assert f"The reversal of journal {bounced.journal.pk} does not mirror it." in problems
    assert f"Journal {reversal.pk} counts in the wrong month." in problems
    assert f"Journal {lost.journal.pk} has fewer than two entries." in problems
    assert f"Gift {lost.public_id} is not booked for its campaign." in problems


def test_a_store_that_cannot_protect_the_books_is_refused() -> None:
    class Other:
        vendor = "mysql"

    with pytest.raises(NotImplementedError, match="mysql"):
        append_only.install(Other())  # type: ignore[arg-type]


def test_a_tests_database_can_be_emptied_and_is_protected_again() -> None:
    reverse_gift(gift=make_gift(), reason="bounced")
    empty_books()
    assert not Journal.objects.exists()
    assert append_only.missing(connection) == []

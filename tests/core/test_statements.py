"""Statements that are written once say what the ORM says each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import DateTimeField, F, IntegerField

from masthead.core.clock import frozen
from masthead.core.statements import Gap, Insert, Select, Update, literal
from masthead.outbox.models import Chore, Delivery, Event

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)
MOMENT: DateTimeField[datetime, datetime] = DateTimeField()


def make_chores() -> None:
    for number in range(3):
        Chore.objects.create(name=f"chore {number}", due_at=NOON + timedelta(hours=number))


def test_a_query_gives_the_same_rows_as_the_orm_each_time() -> None:
    make_chores()
    columns = ("name", "due_at", "last_done_at")
    since = Select(lambda: Chore.objects.filter(due_at__gte=Gap("since", MOMENT)).order_by("id").values_list(*columns))
    for hours in (0, 1, 5):
        moment = NOON + timedelta(hours=hours)
        told = Chore.objects.filter(due_at__gte=moment).order_by("id").values_list(*columns)
        assert [tuple(row) for row in since.rows(since=moment)] == list(told)
    assert since.first(since=NOON)[1] == NOON
    assert since.first(since=NOON + timedelta(days=1)) is None


def test_an_update_touches_the_rows_that_fit_and_says_how_many() -> None:
    event = Event.objects.create(type="tests.fact", payload={})
    for name in "ab":
        Delivery.objects.create(event=event, subscriber=name, attempts=3)
    number: IntegerField[int, int] = IntegerField()
    again = Update(
        lambda: Delivery.objects.filter(subscriber=Gap("name")), attempts=F("attempts") + Gap("more", number)
    )
    assert again.run(name="a", more=2) == 1
    assert again.run(name="nobody", more=2) == 0
    assert dict(Delivery.objects.values_list("subscriber", "attempts")) == {"a": 5, "b": 3}


@pytest.mark.parametrize("count", [0, 1, 3, 30])
def test_inserted_rows_are_whole_and_know_their_keys(count: int) -> None:
    with frozen(NOON):
        rows = [Event(type="tests.fact", payload={"words": 'a "b" % ä', "number": n}) for n in range(count)]
        Insert(Event).add(rows)
    stored = {event.pk: event for event in Event.objects.all()}
    assert len(stored) == count
    for row in rows:
        kept = stored[row.pk]
        assert (kept.public_id, kept.payload, kept.recorded_at) == (row.public_id, row.payload, NOON)


def test_only_plain_words_are_written_into_a_statement() -> None:
    with pytest.raises(ValueError, match="not a plain constant"):
        literal("' OR 1=1 --")


def test_a_constant_is_part_of_the_text() -> None:
    query = Delivery.objects.filter(status=literal("failed"), subscriber="somebody").query
    text, values = query.sql_with_params()
    assert "'failed'" in text
    assert values == ("somebody",)

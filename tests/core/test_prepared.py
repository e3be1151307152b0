"""Prepared queries: the same rows as the queryset gives, without composing it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from masthead.core.prepared import Prepared, PreparedQueryRefused
from masthead.discussion.models import Comment, Thread
from masthead.discussion.testing import make_comment, make_thread

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def test_rows_are_those_of_the_queryset_for_values_of_every_kind() -> None:
    thread = make_thread()
    for text, moment in (("one", NOON), ("two", NOON.replace(hour=18)), ("three", NOON.replace(hour=19))):
        make_comment(thread, text=text, name=text, created_at=moment)

    def build(thread_id: int, names: list[str], since: datetime) -> QuerySet[Comment]:
        found = Comment.objects.filter(thread=thread_id, author_name__in=names, created_at__gte=since)
        return found.select_related("thread").order_by("-id")

    prepared = Prepared(build)
    for names in (["one", "two"], ["three", "two"], ["one", "two", "three"], ["nobody"], []):
        for since in (NOON, NOON.replace(hour=18)):
            values: dict[str, Any] = {"thread_id": thread.pk, "names": names, "since": since}
            expected = list(build(**values))
            with CaptureQueriesContext(connection) as queries:
                rows = prepared.rows(**values)
                assert [row.thread.key for row in rows] == [thread.key] * len(rows)
            assert rows == expected
            assert [row.created_at for row in rows] == [row.created_at for row in expected]
            assert len(queries) == (1 if names else 0)


def test_the_query_is_composed_once() -> None:
    built: list[str] = []

    def build(key: str) -> QuerySet[Thread]:
        built.append(key)
        return Thread.objects.filter(key=key)

    prepared = Prepared(build)
    for name in ("article:1", "article:2", "article:3"):
        assert prepared.first(key=name) is None
        make_thread(name)
        found = prepared.first(key=name)
        assert found is not None
        assert found.key == name
    assert len(built) == 1


def test_lists_of_values_and_counts_come_as_the_queryset_gives_them() -> None:
    make_thread("article:1")
    assert Prepared(lambda key: Thread.objects.filter(key=key).values_list("key", "comment_count")).rows(
        key="article:1"
    ) == [("article:1", 0)]
    assert Prepared(lambda key: Thread.objects.filter(key=key).values_list("key", flat=True)).rows(key="article:1") == [
        "article:1"
    ]
    assert Prepared(lambda key: Thread.objects.filter(key=key).values("comment_count")).rows(key="article:1") == [
        {"comment_count": 0}
    ]


def test_a_function_that_changes_its_value_is_refused() -> None:
    with pytest.raises(PreparedQueryRefused, match="not every value"):
        Prepared(lambda key: Thread.objects.filter(key=key.strip("\0"))).rows(key="article:1")
    with pytest.raises(PreparedQueryRefused, match="NoneType"):
        Prepared(lambda key: Thread.objects.filter(key=key)).rows(key=None)

"""What a reader is told when something was not done."""

from __future__ import annotations

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from masthead.project.middleware import RefusalMiddleware


def test_a_database_that_does_not_answer_is_for_a_moment_only() -> None:
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    request = RequestFactory().post("/story/")
    answer = middleware.process_exception(request, OperationalError("database is locked"))
    assert answer is not None
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "private, no-store"
    assert b"locked" not in answer.content


def test_other_failures_are_left_alone() -> None:
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), RuntimeError("a fault")) is None

"""Views that belong to no app."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from masthead.core.http import private
from masthead.discussion.views.annotations import annotation_list
from masthead.publishing import selectors as publishing


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever the reason, the answer is the same
        return private(JsonResponse({"status": "the database does not answer"}, status=503))
    return private(JsonResponse({"status": "ok"}))


@require_safe
def story_annotations(request: HttpRequest, article_id: int) -> HttpResponse:
    """Give the notes on the passages of a story."""
    return annotation_list(request, publishing.thread_of_article(article_id))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when a form of the admin or the account pages was too old."""
    return private(render(request, "403_csrf.html", status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 with ways on."""
    return private(render(request, "404.html", status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database."""
    return private(render(request, "500.html", status=500))

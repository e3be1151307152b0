"""A form that another site's page sent: nothing is done, and whoever wrote it loses nothing."""

from __future__ import annotations

import pytest

from masthead.core.http import FRAGMENT_HEADER
from masthead.discussion.models import Comment
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
FROM_ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
TEXT = 'I was there.\n</textarea><script>alert("x")</script>'


def refused(client: CheckingClient, path: str = "/-/comments/", **headers: str) -> str:
    """Send a comment from another site and return the page that answers."""
    data = {"thread": "article:1", "name": "Ada", "text": TEXT, "password": "secret words"}
    response = client.post(
        path,
        "&".join(f"{name}={value}" for name, value in data.items()),
        content_type="application/x-www-form-urlencoded",
        headers=FROM_ELSEWHERE | headers,
    )
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    return response.content.decode()


def test_the_refusal_shows_all_that_was_typed_and_sends_it_from_here(client: CheckingClient) -> None:
    page = refused(client)
    assert '<form method="post" action="/-/comments/"' in page
    assert 'name="name" value="Ada"' in page
    assert "I was there." in page
    assert 'type="hidden"' not in page, "nothing is sent that is not seen"
    assert Comment.objects.count() == 0


def test_what_was_typed_stays_text(client: CheckingClient) -> None:
    assert "<script>" not in refused(client)


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_nothing_secret_is_shown_back(client: CheckingClient, path: str) -> None:
    page = refused(client, path)
    assert "secret words" not in page
    assert "<form" not in page


def test_a_script_gets_the_sentence_alone(client: CheckingClient) -> None:
    page = refused(client, **{FRAGMENT_HEADER: "1"})
    assert "nothing was done" in page
    assert "<html" not in page


def test_the_refusal_asks_the_database_nothing(client: CheckingClient, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        refused(client)

"""The public search, the same on both databases."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from masthead.publishing import selectors
from masthead.publishing.rules import search_query
from masthead.publishing.services import put_article
from masthead.publishing.testing import make_article, make_author, make_section
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [hit.story.title for hit in selectors.search(query).hits]


def test_a_headline_counts_more_than_a_body() -> None:
    make_article("A quiet day", body=[("text", "<p>Somebody spoke of the pumps.</p>")])
    make_article("The pumps were bought")
    assert titles("pumps") == ["The pumps were bought", "A quiet day"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("gate", True),
        ("GATE", True),
        ("gat", True),
        ("ate", False),
        ("harbour gate", True),
        ("gate nowhere", False),
        ('"north gate"', True),
        ('"gate north"', False),
        ("“north gate”", True),
        ("cafe", True),
        ("café", True),
        ("venn", True),
        ("flood", True),
        ("o'brien", True),
        ("", False),
        ("   ", False),
        ('""', False),
        ("***", False),
    ],
)
def test_words_are_found_however_they_are_typed(query: str, found: bool) -> None:
    make_article(
        "Harbour news",
        body=[("text", "<p>At the north gate stands a Café of Mr O’Brien.</p>")],
        authors=[make_author("Ada Venn")],
        tags=["Flood"],
    )
    assert bool(titles(query)) is found


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "a AND",
        "NOT",
        "title:x",
        "x*",
        "(",
        ")",
        "a NEAR b",
        "'; DROP TABLE x; --",
        "a:*",
        "!a",
        "a | b",
        "\x00",
        "<->",
        "\\",
    ],
)
def test_no_query_is_malformed(client: CheckingClient, query: str) -> None:
    make_article()
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


@given(st.text(max_size=60))
def test_any_text_becomes_a_question_of_quoted_words(text: str) -> None:
    terms = search_query.parse(text)
    assert len(terms) <= search_query.MAX_TERMS
    assert all(word.isalnum() for term in terms for word in term.words)


@given(st.text(max_size=400), st.text(min_size=1, max_size=10))
def test_a_snippet_is_a_part_of_the_text(text: str, query: str) -> None:
    pieces = search_query.snippet(text, search_query.parse(query))
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert shown in text
    assert len(shown) <= 240


def test_the_found_words_are_marked(client: CheckingClient) -> None:
    text = "Before. " * 60 + "Then the pumps <b>failed</b> at night. " + "After. " * 60
    make_article("A night", body=[("text", f"<p>{text}</p>")])
    page = client.get("/search/?q=pumps+fail").content.decode()
    assert "the <mark>pumps</mark> <mark>failed</mark> at night." in page
    assert "1 story" in page


def test_results_have_pages(client: CheckingClient) -> None:
    for number in range(25):
        make_article(f"Pump {number}")
    first = client.get("/search/?q=pump").content.decode()
    assert "25 stories" in first
    assert 'rel="next" href="?q=pump&amp;page=2"' in first
    assert client.get("/search/?q=pump&page=2").content.decode().count("card-title") == 5
    for wrong in ("3", "x", "0"):
        assert client.get(f"/search/?q=pump&page={wrong}").status_code == 404


def test_nothing_found_says_what_to_do(client: CheckingClient) -> None:
    make_article()
    assert "Try fewer" in client.get("/search/?q=zzz").content.decode()
    assert "Try fewer" not in client.get("/search/").content.decode()


def test_an_update_is_found_by_its_new_words_only() -> None:
    article = make_article("Pumps")
    put_article(article=article, section=make_section(), title="Gates", body=[])
    assert (titles("pumps"), titles("gates")) == ([], ["Gates"])


def test_many_matches_cost_three_queries() -> None:
    for number in range(30):
        make_article(f"Pump {number}", body=[("text", "<p>" + "pump " * 500 + "</p>")])
    with CaptureQueriesContext(connection) as queries:
        found = selectors.search("pump")
    assert (found.total, len(found.hits), len(queries)) == (30, 20, 3)

"""The page of a story: what it shows, what it costs, what it keeps to itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.core import clock, slots
from masthead.publishing.models import ArticlePage
from masthead.publishing.services import PassageDraft, put_article
from masthead.publishing.testing import make_article, make_author, make_picture, make_section
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
PATH = "/harbour/the-pumps/"


def text_of(client: CheckingClient, path: str = PATH) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def structured(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def test_a_story_stands_at_its_address_with_its_facts(client: CheckingClient) -> None:
    with clock.frozen(NOON):
        make_article(
            "The pumps",
            standfirst="A report reached the council.",
            authors=[make_author("Marit Oyelaran"), make_author("Jonas Pell")],
            tags=["Flood gates"],
            picture=make_picture(alt="The gate", credit="Ada Venn"),
            kind=ArticlePage.Kind.ANALYSIS,
        )
    page = text_of(client)
    for piece in (
        "<h1>The pumps</h1>",
        '<a rel="author" href="/authors/marit-oyelaran/">Marit Oyelaran</a> and',
        '<time datetime="2026-11-21T12:00:00-05:00">21 November 2026</time>',
        "1 min read",
        "<span>Analysis</span>",
        'href="/tags/flood-gates/"',
        '<link rel="canonical" href="http://testserver/harbour/the-pumps/">',
        '<meta property="og:title" content="The pumps">',
        'alt="The gate"',
        '<span class="credit">Ada Venn</span>',
    ):
        assert piece in page


def test_the_kind_is_not_said_twice_where_the_section_says_it(client: CheckingClient) -> None:
    make_article("The pumps", section=make_section("Opinion"), kind=ArticlePage.Kind.OPINION)
    make_article("The boat", section=make_section("Opinion"), kind=ArticlePage.Kind.LETTER)

    assert "<span>Opinion</span>" not in text_of(client, "/opinion/the-pumps/")
    assert '<a href="/opinion/">Opinion</a> · <span>Letter</span>' in text_of(client, "/opinion/the-boat/")


def test_machines_read_a_news_article(client: CheckingClient) -> None:
    with clock.frozen(NOON):
        make_article("The pumps", authors=[make_author("Marit Oyelaran")], picture=make_picture())
    facts = structured(text_of(client))
    assert facts["@type"] == "NewsArticle"
    assert facts["author"] == [
        {"@type": "Person", "name": "Marit Oyelaran", "url": "http://testserver/authors/marit-oyelaran/"}
    ]
    assert facts["datePublished"] == facts["dateModified"] == "2026-11-21T12:00:00-05:00"
    assert facts["articleSection"] == "Harbour"
    assert [image["width"] / image["height"] for image in facts["image"]] == pytest.approx([16 / 9, 4 / 3, 1])


def test_the_date_of_change_moves_only_when_words_change(client: CheckingClient) -> None:
    section = make_section()
    body = [("text", "<p>Some words.</p>")]
    with clock.frozen(NOON):
        article = make_article("The pumps", section=section, body=body)
    with clock.frozen(NOON + timedelta(hours=2)):
        put_article(article=article, section=section, title="The pumps", body=body, tags=["New tag"])
    assert "updated" not in text_of(client).split('class="story"')[0]
    with clock.frozen(NOON + timedelta(hours=3)):
        put_article(article=article, section=section, title="The pumps", body=[("text", "<p>Other words.</p>")])
    page = text_of(client)
    assert 'updated <time datetime="2026-11-21T15:00:00-05:00">15:00</time>' in page
    assert structured(page)["dateModified"] == "2026-11-21T15:00:00-05:00"


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_hostile_words_stay_words_everywhere(client: CheckingClient) -> None:
    picture = make_picture(alt=HOSTILE, caption=HOSTILE, credit=HOSTILE)
    make_article(
        HOSTILE,
        slug="the-pumps",
        standfirst=HOSTILE,
        seo_description=HOSTILE,
        authors=[make_author(HOSTILE, slug="evil", role=HOSTILE, biography=HOSTILE)],
        tags=[HOSTILE],
        picture=picture,
        passages=[PassageDraft("marked words", HOSTILE)],
        body=[
            ("text", f"<p>marked words {HOSTILE}</p>"),
            ("heading", {"text": HOSTILE}),
            ("picture", {"picture": picture, "alt": HOSTILE, "caption": HOSTILE, "credit": HOSTILE}),
            ("quote", {"text": HOSTILE, "attribution": HOSTILE}),
            ("list", {"items": [HOSTILE]}),
            ("table", {"caption": HOSTILE, "has_header_row": True, "rows": [[HOSTILE], [HOSTILE]]}),
            ("code", {"language": HOSTILE, "code": HOSTILE}),
            ("embed", {"url": "javascript:alert(1)", "title": HOSTILE}),
            ("embed", {"url": f"https://example.org/{HOSTILE}", "title": HOSTILE}),
            ("html", HOSTILE),
        ],
    )
    for path in (PATH, "/", "/harbour/", "/authors/evil/", "/search/?q=marked", "/feed/"):
        page = text_of(client, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
    assert structured(text_of(client))["headline"] == HOSTILE


@pytest.mark.usefixtures("own_slots")
def test_a_story_costs_few_queries_whatever_its_size(client: CheckingClient) -> None:
    section = make_section()
    picture = make_picture()
    make_article("Small", section=section, slug="small")
    linked = make_article("Linked", section=section)
    body = [("text", f'<p>See <a linktype="page" id="{linked.pk}">that</a>.</p>'), ("picture", {"picture": picture})]
    authors = [make_author(f"Author {number}") for number in range(5)]
    make_article("The pumps", section=section, body=body * 40, authors=authors, tags=["a", "b", "c"], picture=picture)
    costs = []
    for path in ("/harbour/small/", PATH):
        with CaptureQueriesContext(connection) as queries:
            assert "/harbour/linked/" in text_of(client, path)
        costs.append(len(queries))
    assert max(costs) <= 6


def test_mine_makes_the_reply_private(client: CheckingClient) -> None:
    make_article("The pumps")
    assert client.get(PATH)["Cache-Control"] == "public, no-cache"
    assert client.get(f"{PATH}?mine=abc")["Cache-Control"] == "private, no-store"


def test_the_edge_learns_what_the_page_is_made_of(client: CheckingClient) -> None:
    article = make_article("The pumps")
    other = make_article("The boat")
    tags = client.get(PATH)["Surrogate-Key"].split()
    section = article.get_parent()
    own = {f"article:{article.pk}", f"thread:article:{article.pk}"}
    read_next = {f"section:{section.pk}", f"card:{other.pk}"}
    assert set(tags) == own | read_next | {"navigation", "meter", "people"}
    assert len(tags) == len(set(tags))


def test_an_address_without_its_slash_leads_to_the_story(client: CheckingClient) -> None:
    make_article("The pumps")
    response = client.get("/harbour/the-pumps")
    assert (response.status_code, response["Location"]) == (301, PATH)
    assert client.head(PATH).status_code == 200
    assert client.post(PATH).status_code == 405


class Recorder:
    """Fills a slot with the key it was asked for."""

    def prepare(self, request: Any, keys: list[str]) -> list[str]:
        return keys

    def render(self, request: Any, key: str, prepared: Any, **options: Any) -> str:
        return f"<i>slot {key}</i>"


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["article.passage", "article.discussion", "article.support", "article.support_after", "article.meta"]
    monkeypatch.setattr(slots, "_fillers", {**slots._fillers, **{name: [Recorder()] for name in names}, "page.top": []})


@pytest.mark.usefixtures("recorded")
def test_slots_are_filled_in_their_places(client: CheckingClient) -> None:
    article = make_article(
        "The pumps",
        body=[("text", "<p>It should not be used.</p><p>The end.</p>")],
        passages=[PassageDraft("should not be used", "Have you worked with it?")],
    )
    key = article.thread_key
    passage_id = article.passages.get().public_id
    page = text_of(client)
    order = [f"slot {key}<", f"slot {key}<", f"slot {key}#{passage_id}<", "The end.", f"slot {key}<", f"slot {key}<"]
    position = 0
    for piece in order:
        position = page.index(piece, position) + 1
    assert page.count("<i>slot") == 5


@pytest.mark.usefixtures("recorded")
def test_comments_switched_off_leave_no_trace(client: CheckingClient) -> None:
    make_article("The pumps", comments="off")
    assert text_of(client).count("<i>slot") == 2


def test_related_stories_are_the_chosen_then_the_alike_then_the_neighbours(client: CheckingClient) -> None:
    section = make_section()
    chosen = make_article("Chosen one", section=make_section("Schools"))
    make_article("Alike one", section=make_section("Opinion"), tags=["Gate"])
    make_article("Neighbour", section=section)
    make_article("The pumps", section=section, tags=["Gate"])
    page = text_of(client)
    assert page.index("Alike one") < page.index("Neighbour")
    assert "Chosen one" not in page
    article = ArticlePage.objects.get(slug="the-pumps")
    put_article(article=article, section=section, title="The pumps", body=[], related=[chosen])
    assert page.count("Chosen one") == 0
    assert "Chosen one" in text_of(client)

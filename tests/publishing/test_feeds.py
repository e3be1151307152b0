"""Feeds, the map of the site and robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.core import clock
from masthead.project.sections import PublishingConfig
from masthead.publishing import conf
from masthead.publishing.rules.feed_html import for_feed
from masthead.publishing.services import PassageDraft, put_plain_page
from masthead.publishing.testing import make_article, make_author, make_home, make_picture, make_section
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def read(client: CheckingClient, path: str, kind: str) -> Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Cache-Control"] == "public, no-cache"
    root: Element = ElementTree.fromstring(response.content)
    return root


def feed(client: CheckingClient, path: str = "/feed/") -> Element:
    return read(client, path, "application/atom+xml")


def value(element: Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def test_a_feed_carries_the_full_text_with_full_addresses(client: CheckingClient) -> None:
    with clock.frozen(NOON):
        linked = make_article("Linked")
        make_article(
            "The <pumps> & gates",
            slug="the-pumps",
            standfirst="In short.",
            authors=[make_author("Ada Venn"), make_author("Jonas Pell")],
            tags=["Gate"],
            picture=make_picture(),
            passages=[PassageDraft("marked words", "Why?")],
            body=[
                ("text", f'<p>Some marked words, <a linktype="page" id="{linked.pk}">see</a>.</p>'),
                ("embed", {"url": "https://vimeo.com/12345", "title": "A film"}),
            ],
        )
    entry = feed(client).findall(f"{ATOM}entry")[0]
    assert value(entry, "title") == "The <pumps> & gates"
    assert value(entry, "published") == "2026-11-21T12:00:00-05:00"
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Ada Venn", "Jonas Pell"]
    content = value(entry, "content")
    for piece in (
        'href="http://testserver/harbour/linked/"',
        'src="http://testserver/media/renditions/',
        '<a href="https://vimeo.com/12345"',
        "marked words",
    ):
        assert piece in content
    for piece in ("embed-card", "<!--passage", 'class="ref"', "<source"):
        assert piece not in content


@pytest.mark.parametrize("path", ["/harbour/feed/", "/authors/ada-venn/feed/", "/tags/gate/feed/"])
def test_each_list_has_its_feed(client: CheckingClient, path: str) -> None:
    make_article("In it", authors=[make_author("Ada Venn")], tags=["Gate"])
    make_article("Elsewhere", section=make_section("Schools"))
    root = feed(client, path)
    assert [value(entry, "title") for entry in root.findall(f"{ATOM}entry")] == ["In it"]
    assert [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"] == [
        f"http://testserver{path}"
    ]
    assert f'href="{path}"' in client.get(path.removesuffix("feed/")).content.decode()


@pytest.mark.parametrize("path", ["/none/feed/", "/authors/nobody/feed/", "/tags/none/feed/"])
def test_a_feed_of_nothing_is_not_found(client: CheckingClient, path: str) -> None:
    make_home()
    assert client.get(path).status_code == 404


def test_a_site_may_send_summaries_only(client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article(standfirst="In short.")
    object.__setattr__(settings.MASTHEAD, "publishing", PublishingConfig(feed="summary"))
    try:
        entry = feed(client).findall(f"{ATOM}entry")[0]
    finally:
        object.__setattr__(settings.MASTHEAD, "publishing", PublishingConfig())
    assert (value(entry, "summary"), value(entry, "content")) == ("In short.", "")


def test_a_feed_costs_the_same_with_few_and_many_stories(client: CheckingClient) -> None:
    costs = []
    for count in (2, 40):
        for number in range(count):
            make_article(f"Story {count} {number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(feed(client).findall(f"{ATOM}entry")) <= conf.FEED_STORIES
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 3


def test_control_characters_do_not_break_a_feed(client: CheckingClient) -> None:
    make_article("A\x0bB\x1fC", slug="abc", body=[("text", "<p>x\x08y\ufffe</p>"), ("code", {"code": "\x0c"})])
    assert value(feed(client).findall(f"{ATOM}entry")[0], "title") == "ABC"
    assert client.get("/harbour/abc/").status_code == 200


def test_anchors_in_a_feed_lead_to_the_page() -> None:
    html = for_feed('<a href="#part">x</a>', site_url="https://x.example/", page_url="https://x.example/a/")
    assert html == '<a href="https://x.example/a/#part">x</a>'


def addresses(root: Element) -> list[str]:
    return [location.text or "" for location in root.iter(f"{MAP}loc")]


def test_the_map_names_all_that_is_public(client: CheckingClient) -> None:
    with clock.frozen(NOON):
        make_article("The pumps", authors=[make_author("Ada Venn")])
    put_plain_page(title="About", slug="about")
    put_plain_page(title="Not yet", slug="not-yet", live=False)
    root = read(client, "/sitemap.xml", "application/xml")
    assert addresses(root) == [
        f"http://testserver{path}"
        for path in ("/", "/harbour/", "/about/", "/authors/ada-venn/", "/harbour/the-pumps/")
    ]
    assert root[-1].findtext(f"{MAP}lastmod") == "2026-11-21T12:00:00-05:00"


def test_a_large_map_has_parts(client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "SITEMAP_ADDRESSES", 3)
    for number in range(7):
        make_article(f"Story {number}", published_at=NOON + timedelta(minutes=number))
    parts = addresses(read(client, "/sitemap.xml", "application/xml"))
    assert [part.removeprefix("http://testserver") for part in parts] == [
        "/sitemap-lists.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml",
    ]  # fmt: skip
    found = [address for part in parts[1:] for address in addresses(read(client, part, "application/xml"))]
    assert len(set(found)) == 7
    assert "http://testserver/harbour/" in addresses(read(client, parts[0], "application/xml"))
    assert client.get("/sitemap-4.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def test_crawlers_are_told_where_the_map_is(client: CheckingClient) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text

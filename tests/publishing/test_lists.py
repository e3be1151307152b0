"""Front page, sections, authors, tags: what they list, in which order, at what cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.core import clock
from masthead.publishing.models import Author, HomePage
from masthead.publishing.services import put_author, put_plain_page
from masthead.publishing.testing import make_article, make_author, make_home, make_picture, make_section
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def page_of(client: CheckingClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Cache-Control"] == "public, no-cache"
    return response.content.decode()


def fill(count: int, *, section: str = "Harbour", start: int = 0) -> None:
    for number in range(start, start + count):
        with clock.frozen(NOON + timedelta(minutes=number)):
            make_article(
                f"{section} story {number:03}", section=make_section(section), authors=[make_author()], tags=["Gate"]
            )


def test_an_empty_paper_says_what_will_be_here(client: CheckingClient) -> None:
    make_home()
    assert "The first one published stands here" in page_of(client, "/")


def test_the_front_page_shows_no_story_twice(client: CheckingClient) -> None:
    for section in ("Harbour", "Schools", "Town hall"):
        fill(6, section=section)
    page = page_of(client, "/")
    for section in ("Harbour", "Schools", "Town hall"):
        for number in range(6):
            assert page.count(f">{section} story {number:03}</a>") <= 1
        assert f'<a href="/{section.lower().replace(" ", "-")}/">{section}</a></h2>' in page


def test_the_editor_chooses_the_lead(client: CheckingClient) -> None:
    fill(8)
    old = make_article("The chosen one", published_at=NOON - timedelta(days=400))
    HomePage.objects.update(lead_story=old)
    page = page_of(client, "/")
    assert page.index("The chosen one") < page.index("Harbour story 007")
    assert page.count(">The chosen one</a>") == 1


@pytest.mark.parametrize("path", ["/harbour/", "/authors/marit-oyelaran/", "/tags/gate/"])
def test_a_long_list_has_pages_with_real_links(client: CheckingClient, path: str) -> None:
    fill(45)
    first, second, third = (page_of(client, f"{path}?page={number}") for number in (1, 2, 3))
    assert first.index("Harbour story 044") < first.index("Harbour story 025")
    assert "Harbour story 024" not in first
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second
    assert f'<link rel="canonical" href="http://testserver{path}?page=2">' in second
    assert "Harbour story 004" in third
    assert 'rel="next"' not in third


@pytest.mark.parametrize("number", ["x", "0", "-1", "999", "1.5", "٣٣", "9" * 5000, "1;DROP", "%00"])
@pytest.mark.parametrize("path", ["/harbour/", "/authors/marit-oyelaran/", "/tags/gate/"])
def test_a_page_that_is_not_there_is_not_found(client: CheckingClient, path: str, number: str) -> None:
    fill(1)
    assert client.get(f"{path}?page={number}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/nothing/", "/harbour/nothing/", "/authors/nobody/", "/tags/none/", "/nothing/feed/"]
)
def test_what_is_not_there_is_not_found(client: CheckingClient, path: str) -> None:
    make_section()
    assert client.get(path).status_code == 404


def test_an_author_without_a_public_story_has_no_page(client: CheckingClient) -> None:
    make_article(authors=[make_author("Quiet One")], status="draft")
    assert client.get("/authors/quiet-one/").status_code == 404


def test_an_author_has_a_face_a_role_and_words(client: CheckingClient) -> None:
    author = make_author(role="Harbour correspondent", biography="Writes about water.", portrait=make_picture())
    make_article(authors=[author])
    page = page_of(client, "/authors/marit-oyelaran/")
    for piece in ("<h1>Marit Oyelaran</h1>", "Harbour correspondent", "Writes about water.", "/face.png"):
        assert piece in page


def test_a_renamed_author_is_renamed_everywhere(client: CheckingClient) -> None:
    author = make_author("Old Name")
    make_article("The pumps", authors=[make_author("Ada Venn"), author])
    author.name = "New Name"
    author.slug = "new-name"
    author.save()
    for path in ("/", "/harbour/the-pumps/", "/feed/"):
        page = page_of(client, path)
        assert "New Name" in page
        assert "Old Name" not in page
    assert Author.objects.count() == 2


def test_putting_an_author_again_keeps_what_is_not_given() -> None:
    first = put_author(name="Ada Venn", role="Editor")
    again = put_author(name="Ada Venn", biography="Draws.")
    assert (again.pk, again.role, again.biography) == (first.pk, "Editor", "Draws.")


def test_a_plain_page_is_read_and_stands_in_the_footer(client: CheckingClient) -> None:
    make_home()
    put_plain_page(
        title="About us", slug="about", introduction="Who we are.", body=[("text", "<p>Two people.</p>")], in_menus=True
    )
    page = page_of(client, "/about/")
    for piece in ("<h1>About us</h1>", "Who we are.", "Two people.", '<a href="/about/">About us</a>'):
        assert piece in page


def test_a_section_in_the_bar_knows_where_the_reader_is(client: CheckingClient) -> None:
    make_section("Schools")
    make_article("The pumps")
    assert '<a href="/harbour/" aria-current="page">' in page_of(client, "/harbour/")
    assert '<a href="/harbour/" aria-current="true">' in page_of(client, "/harbour/the-pumps/")
    assert '<a href="/harbour/">Harbour</a>' in page_of(client, "/schools/")


@pytest.mark.no_cover  # quicker by half; others run the same lines
@pytest.mark.usefixtures("own_slots")
@pytest.mark.parametrize("path", ["/", "/harbour/", "/authors/marit-oyelaran/", "/tags/gate/"])
def test_lists_cost_the_same_with_few_and_many_stories(client: CheckingClient, path: str) -> None:
    costs = []
    for start, count in ((0, 3), (3, 40)):
        fill(count, start=start)
        for section in ("Schools", "Town hall") if start else ():
            fill(5, section=section)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, path)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[1] <= 8

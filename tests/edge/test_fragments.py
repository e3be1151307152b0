"""Pieces kept apart: a change re-renders the piece, and nothing else of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest

from masthead.core import clock
from masthead.core.http import made_of
from masthead.discussion.services import post_comment
from masthead.discussion.testing import make_guest
from masthead.edge import fragments
from masthead.funding.events import GiftRecorded
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.testing import deliver_all
from masthead.project.wiring.edge import purge_of
from masthead.publishing.models import ArticlePage
from masthead.publishing.services import PassageDraft, put_article
from masthead.publishing.testing import make_article, make_section
from tests.client import CheckingClient

NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
PATH = "/harbour/the-pumps/"
THREAD = {"article.discussion", "article.meta", "article.passage"}
METER = {"page.top", "article.support", "article.support_after"}


@pytest.fixture
def store() -> Iterator[None]:
    """Keep pieces, as the serving process does."""
    fragments.open_store(8 * 1024 * 1024)
    yield
    fragments.store.clear()
    fragments.open_store(0)


@pytest.fixture
def story(db: None) -> Iterator[ArticlePage]:
    """A story with a question to readers and a neighbour, under a meter, at noon: the meter knows the day."""
    with clock.frozen(NOON):
        make_campaign()
        make_article("The boat")
        page = make_article("The pumps", passages=[PassageDraft("eleven pages", "Have you read them?")])
        deliver_all()
        yield page


def made_by(client: CheckingClient, path: str = PATH) -> Counter[str]:
    """Return which pieces a read made, and how often."""
    before = fragments.made.copy()
    assert client.get(path).status_code == 200
    return fragments.made - before


def thread_of(story: ArticlePage) -> str:
    return f"thread:{story.thread_key}"


@pytest.mark.usefixtures("store")
def test_a_second_read_makes_no_piece(client: CheckingClient, story: ArticlePage) -> None:
    assert set(made_by(client)) >= {"story", "masthead.sections", "footer.links", *THREAD, *METER}
    assert made_by(client) == Counter()


@pytest.mark.usefixtures("store")
def test_a_new_comment_makes_the_thread_anew_and_not_the_story(client: CheckingClient, story: ArticlePage) -> None:
    made_by(client)
    post_comment(thread_key=story.thread_key, person=make_guest(), text="I read all eleven.", name="Henrik Lund")
    fragments.store.purge([thread_of(story)])
    assert made_by(client) == Counter(dict.fromkeys(THREAD, 1))
    page = client.get(PATH).content.decode()
    assert "I read all eleven." in page
    assert page.count("1 comment<") == 2


@pytest.mark.usefixtures("store")
def test_a_gift_makes_the_meter_anew_and_nothing_else(client: CheckingClient, story: ArticlePage) -> None:
    made_by(client)
    gift = make_gift(received_at=NOON)
    told = GiftRecorded(gift.public_id, "fund", 2_500, "USD", NOON.isoformat(), "2026-11-01")
    fragments.store.purge(purge_of([told]).stale)
    assert made_by(client) == Counter(dict.fromkeys(METER, 1))
    assert "1 gift has paid" in client.get(PATH).content.decode()


@pytest.mark.usefixtures("store")
def test_a_gift_to_a_campaign_beside_makes_no_piece_of_a_story_anew(client: CheckingClient, story: ArticlePage) -> None:
    """A purge is exact: the meter of every page is of another campaign."""
    made_by(client)
    fragments.store.purge(purge_of([GiftRecorded("g", "boat", 2_500, "USD", NOON.isoformat(), "2026-11-01")]).stale)
    assert made_by(client) == Counter()


@pytest.mark.usefixtures("store")
def test_the_meter_is_made_anew_when_a_day_begins(client: CheckingClient, story: ArticlePage) -> None:
    made_by(client)
    with clock.frozen(NOON.replace(day=22)):
        assert made_by(client) == Counter(dict.fromkeys(METER, 1))


@pytest.mark.usefixtures("store")
def test_a_comment_elsewhere_reaches_its_card_by_the_number_that_the_card_keeps(
    client: CheckingClient, story: ArticlePage
) -> None:
    boat = ArticlePage.objects.get(title="The boat")
    made_by(client)
    post_comment(thread_key=boat.thread_key, person=make_guest(), text="She sank.", name="Henrik Lund")
    fragments.store.purge([thread_of(boat)])
    assert made_by(client) == Counter()
    deliver_all()
    fragments.store.purge([f"card:{boat.pk}"])
    assert made_by(client) == Counter({"story": 1})
    assert '<span class="comment-count">1 comment</span>' in client.get(PATH).content.decode()


@pytest.mark.usefixtures("store")
def test_a_story_is_made_anew_when_a_card_on_its_page_changes(client: CheckingClient, story: ArticlePage) -> None:
    boat = ArticlePage.objects.get(title="The boat")
    made_by(client)
    put_article(article=boat, section=make_section(), title="The old boat", body=[])
    fragments.store.purge([f"card:{boat.pk}"])
    assert made_by(client) == Counter({"story": 1})
    assert "The old boat" in client.get(PATH).content.decode()


@pytest.mark.usefixtures("store")
def test_each_order_of_the_comments_is_kept_and_purged_with_its_thread(
    client: CheckingClient, story: ArticlePage
) -> None:
    made_by(client)
    assert made_by(client, f"{PATH}?sort=oldest") == Counter({"article.discussion": 1})
    fragments.store.purge([thread_of(story)])
    assert made_by(client, f"{PATH}?sort=oldest") == Counter(dict.fromkeys(THREAD, 1))
    assert made_by(client) == Counter({"article.discussion": 1})


@pytest.mark.usefixtures("store")
def test_what_is_for_one_person_is_never_kept(client: CheckingClient, story: ArticlePage) -> None:
    comment = post_comment(thread_key=story.thread_key, person=make_guest(), text="Only once.", name="Henrik Lund")
    made_by(client)
    assert made_by(client, f"{PATH}?mine={comment.public_id}") == Counter()
    assert made_by(client) == Counter()


@pytest.mark.usefixtures("store")
def test_kept_and_fresh_pages_are_the_same_bytes_with_the_same_tags(client: CheckingClient, story: ArticlePage) -> None:
    fresh, kept = client.get(PATH), client.get(PATH)
    assert kept.content == fresh.content
    assert set(kept["Surrogate-Key"].split()) == set(fresh["Surrogate-Key"].split())
    boat = ArticlePage.objects.get(title="The boat")
    assert {f"article:{story.pk}", f"card:{boat.pk}", thread_of(story), "meter", "navigation"} <= set(
        kept["Surrogate-Key"].split()
    )


@pytest.mark.usefixtures("store")
def test_a_piece_goes_with_the_pieces_inside_it() -> None:
    request = HttpRequest()

    def inner() -> str:
        made_of(request, ["deep"])
        return "in"

    def outer() -> str:
        return f"out {fragments.kept(request, 'inner', '', tags=('inside',), make=inner)}"

    assert fragments.kept(request, "outer", "", tags=("outside",), make=outer) == "out in"
    again = HttpRequest()
    assert fragments.kept(again, "outer", "", tags=("outside",), make=outer) == "out in"
    assert again.__dict__["edge_tags"] == ["outside", "inside", "deep"]
    fragments.store.purge(["deep"])
    before = fragments.made.copy()
    fragments.kept(again, "outer", "", tags=("outside",), make=outer)
    assert fragments.made - before == Counter({"outer": 1, "inner": 1})


@pytest.mark.usefixtures("store")
def test_only_the_missing_ones_of_many_pieces_are_made() -> None:
    request, asked = HttpRequest(), list[list[str]]()

    def make(missing: list[str]) -> dict[str, str]:
        asked.append(missing)
        return {key: f"<b>{key}</b>" for key in missing}

    for keys in (["a", "b"], ["a", "b", "c"], ["c"]):
        pieces = fragments.kept_many(request, "many", keys, tags=lambda key: [key], make=make)
        assert pieces == {key: f"<b>{key}</b>" for key in keys}
    assert asked == [["a", "b"], ["c"]]


def test_nothing_is_kept_where_no_store_was_opened() -> None:
    request, before = HttpRequest(), fragments.made["closed"]
    for _read in range(2):
        assert fragments.kept(request, "closed", "", tags=(), make=lambda: "x") == "x"
    assert fragments.made["closed"] == before + 2

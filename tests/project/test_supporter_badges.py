"""*Supporter* beside a name: who reads the discussion sees it where its bearer wished it, and nowhere anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from masthead.accounts.testing import make_publisher, make_user
from masthead.core import events
from masthead.discussion import services as discussion
from masthead.discussion.models import Comment, Guest
from masthead.discussion.rules.people import Person
from masthead.discussion.testing import make_comment, make_thread
from masthead.edge import fragments
from masthead.funding.models import Donor
from masthead.funding.services import choose_badge
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox.models import Event
from masthead.outbox.tail import Fact
from masthead.outbox.testing import deliver_all
from masthead.project.answers.discussion import AccountBadges
from masthead.project.sections import EmbedConfig
from masthead.project.wiring.edge import purge_for, purge_of
from masthead.publishing.models import ArticlePage
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.discussion.visits import FRAGMENT, soup

pytestmark = pytest.mark.django_db(transaction=True)
ADA, BEN, NAN = "ada@example.org", "ben@example.org", "nan@example.org"
CLUB = "https://club.example"
FROM_CLUB = {"Origin": CLUB, "Sec-Fetch-Site": "cross-site"}
GIL, HAL = "gil@example.org", "hal@example.org"


@pytest.fixture(autouse=True)
def _club_is_listed() -> Iterator[None]:
    """Its pages show the discussion too."""
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, embed=EmbedConfig(origins=[CLUB]))):
        yield


def gives(address: str, *, wishes: bool = False) -> Donor:
    """Let somebody give, and wish to be called a supporter or not."""
    make_gift(contact=address, donor_name="Somebody")
    deliver_all()
    found = Donor.objects.get(email=address)
    if wishes:
        choose_badge(donor=found, shown=True)
    return found


def writes(article: ArticlePage, address: str, *, is_guest: bool = False) -> Comment:
    """Let an account or a guest with this proven address write."""
    name, thread = address.partition("@")[0].title(), make_thread(article.thread_key)
    if is_guest:
        guest = Guest.objects.create(address=address, name=name)
        return make_comment(thread, text=f"By {name}.", name=name, guest=guest.mark)
    return make_comment(thread, text=f"By {name}.", user=make_user(address, display_name=name))


def story() -> ArticlePage:
    """Return a story under which members and guests wrote."""
    make_campaign()
    article = make_article("The pumps")
    for address in (ADA, BEN, NAN):
        writes(article, address)
    for address in (GIL, HAL):
        writes(article, address, is_guest=True)
    return article


def roles(page: Any) -> dict[str, str]:
    """Return what stands beside each name on a page."""
    found = {}
    for comment in soup(page).select("article.comment"):
        name, role = comment.select_one(".comment-by"), comment.select_one(".role")
        assert name is not None
        found[name.get_text()] = role.get_text() if role else ""
    return found


def places(article: ArticlePage) -> dict[str, dict[str, str]]:
    """Return every address at which the discussion can be read, with the headers that ask for it."""
    key, first = article.thread_key, Comment.objects.earliest("pk").public_id
    ids = "&".join(f"id={each}" for each in Comment.objects.values_list("public_id", flat=True))
    return {
        str(article.url): {},
        f"{article.url}?sort=best": {},
        f"{article.url}?q=By": {},
        f"/-/comments/{first}/": {},
        f"/-/comments/list/?thread={key}&sort=oldest": FRAGMENT,
        f"/-/comments/new/?thread={key}&{ids}": FRAGMENT,
        f"/-/embed/comments/?thread={key}": FROM_CLUB,
        f"/api/v1/threads/{key}/comments": {},
        f"/api/v1/comments/{first}": {},
        "/feed/": {},
    }


def discussed(client: CheckingClient, path: str, headers: dict[str, str]) -> str:
    """Return what a reply says of the discussion: all of it, but for the meter and when it was asked."""
    reply = client.get(path, headers=headers)
    assert reply.status_code == 200, path
    if not reply["Content-Type"].startswith("text/html"):
        return str(reply.content.decode())
    page = soup(reply)
    return "".join(str(each) for each in page.select("article.comment")) or str(page)


def test_readers_see_it_beside_who_wished_it_and_gives(client: CheckingClient) -> None:
    article = story()
    gives(ADA, wishes=True)
    gives(GIL, wishes=True)
    gives(BEN)
    gives(HAL)
    others = {"Ben": "Verified", "Nan": "Verified", "Hal": "Verified"}
    assert roles(client.get(article.url)) == {"Ada": "Supporter", "Gil": "Supporter", **others}
    told = client.get(f"/api/v1/threads/{article.thread_key}/comments").json()["items"]
    assert {each["author"]["name"]: each["author"]["role"] for each in told} == roles(client.get(article.url))


def test_s6_nothing_anywhere_tells_who_gives_without_having_wished_it(client: CheckingClient) -> None:
    article = story()
    before = {path: discussed(client, path, headers) for path, headers in places(article).items()}
    gives(BEN)
    gives(HAL)
    for path, headers in places(article).items():
        assert discussed(client, path, headers) == before[path], path


def test_the_wish_is_taken_back_and_every_place_is_as_before(client: CheckingClient) -> None:
    article = story()
    before = {path: discussed(client, path, headers) for path, headers in places(article).items()}
    donor = gives(ADA, wishes=True)
    seen = [path for path, headers in places(article).items() if discussed(client, path, headers) != before[path]]
    assert len(seen) == len(before) - 1, "all but the feed"
    choose_badge(donor=donor, shown=False)
    for path, headers in places(article).items():
        assert discussed(client, path, headers) == before[path], path


def test_work_in_the_newsroom_comes_before_gifts(client: CheckingClient) -> None:
    article = make_article("The pumps")
    eve = make_publisher()
    make_comment(make_thread(article.thread_key), user=eve)
    gives(eve.email, wishes=True)
    assert roles(client.get(article.url)) == {"Eve": "Editor"}


def test_an_address_that_an_account_merely_bears_lends_nobody_its_badge(client: CheckingClient) -> None:
    article = make_article("The pumps")
    make_comment(make_thread(article.thread_key), user=make_user(ADA, is_proven=False))
    typed = Person(guest="browser", browser="browser")
    discussion.post_comment(thread_key=article.thread_key, person=typed, name="Cy", text="Under hers.", address=ADA)
    gives(ADA, wishes=True)
    assert "Supporter" not in roles(client.get(article.url)).values()


def test_kept_pages_follow_at_once_and_what_is_taken_back_has_no_stale_copy(client: CheckingClient) -> None:
    """Every reply that shows roles bears the tag that the facts make stale; the kept pieces are dropped with it."""
    article = story()
    before = fragments.store.budget
    fragments.open_store(1_000_000)
    try:
        donor = gives(ADA)
        for shown, role, purge in ((True, "Supporter", "stale"), (False, "Verified", "forget")):
            client.get(article.url)
            choose_badge(donor=donor, shown=shown)
            told = Event.objects.latest("pk")
            assert getattr(purge_of([events.from_payload(told.type, told.payload)]), purge) == {"people"}
            purge_for([Fact(told.pk, told.type, events.from_payload(told.type, told.payload))])
            assert roles(client.get(article.url))["Ada"] == role
    finally:
        fragments.store.clear()
        fragments.open_store(before)
    for path, headers in places(article).items():
        reply = client.get(path, headers=headers)
        if reply["Cache-Control"].startswith("public") and path != "/feed/":
            assert "people" in reply["Surrogate-Key"].split(), path


def test_the_cost_is_the_same_for_two_writers_and_for_many(client: CheckingClient) -> None:
    article = story()
    gives(ADA, wishes=True)
    costs = [cost(client, article)]
    for number in range(30):
        address = f"reader{number}@example.org"
        make_comment(make_thread(article.thread_key), user=make_user(address), recount=False)
        writes(article, f"guest{number}@example.org", is_guest=True)
    costs.append(cost(client, article))
    assert costs[0] == costs[1] <= 20
    with CaptureQueriesContext(connection) as captured:
        AccountBadges().badges([*range(1, 40), *(f"guest{number}@example.org" for number in range(30))])
    assert len(captured) == 3


def cost(client: CheckingClient, article: ArticlePage) -> int:
    """Return how many queries the whole page takes when nothing of it is kept."""
    with CaptureQueriesContext(connection) as captured:
        client.get(article.url)
    return len(captured)

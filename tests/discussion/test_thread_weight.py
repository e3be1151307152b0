"""What the first page of a thread weighs: 40 kB of HTML, as it is sent, for 20 conversations."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from bs4 import BeautifulSoup

from masthead.discussion.models import Comment
from masthead.discussion.services import post_comment
from masthead.discussion.testing import make_guest
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide
from tests.discussion.visits import FRAGMENT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]
LIMIT = 40_000
WORDS = (
    "The minutes of {0} May say that {1} pumps were asked for, and that the harbour office had answered in "
    "writing before the vote. I stood at gate {2} that night; the water came over the sill at ten past {3}."
)


def post(number: int, **more: Any) -> Comment:
    words = WORDS.format(number % 31, number * 7 % 97, number * 13 % 41, number * 5 % 12)
    person, name = make_guest(f"reader-{number}"), f"Reader {number * 17 % 101}"
    return post_comment(thread_key="article:1", person=person, name=name, text=words, **more)


def test_twenty_conversations_with_replies_are_within_the_budget(client: CheckingClient, settings: Any) -> None:
    decide(settings, posts_per_minute=0)
    for number in range(20):
        root = post(number)
        for reply in range(3):
            post(100 + 3 * number + reply, reply_to=root.public_id)
    loaded = [client.get("/article-1/").content]
    seen: set[str] = set()
    # Every piece that a reader's browser asks for until all of it is there: no other way to load it weighs more.
    for piece in loaded:
        found = BeautifulSoup(piece, "html.parser")
        seen |= {str(item["id"]) for item in found.select("article.comment")}
        links = found.select("load-more a, a.load-more, .folded a[data-live]")
        loaded += [client.get(str(link["data-from"]), headers=FRAGMENT).content for link in links]
    assert len(seen) == 80
    weight = sum(len(gzip.compress(piece, 6)) for piece in loaded)
    assert weight <= LIMIT, weight

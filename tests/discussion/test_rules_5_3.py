"""How comment systems were really broken: each rule of section 5.3 of the research, one function per rule.

Rule 1 is kept by ``tests/accounts/test_provider.py``, rules 2, 3, 11 and 12 at length by ``test_verified_guests.py``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from masthead.accounts.models import User
from masthead.discussion import errors, selectors, services
from masthead.discussion.models import Comment, Vote
from masthead.discussion.ports import ScorerUnavailable
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.voting import Direction
from masthead.discussion.testing import FakeSpamScorer, FakeSubjectDirectory, make_comment, make_guest
from masthead.project.config import ConfigError, load
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide
from tests.discussion.visits import ADA, act, button, press, prove, write
from tests.project.site_process import masthead

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]


def test_rule_4_every_road_that_writes_asks_the_real_subject(subjects: FakeSubjectDirectory) -> None:
    """Rule 4: CVE-2023-46309 and CVE-2025-68997 wrote where nobody may; the check is one function, asked by all."""
    ada, ben = make_guest("ada"), make_guest("ben")
    own = make_comment(guest=ada.guest)
    roads: dict[str, Callable[[], object]] = {
        "post": lambda: services.post_comment(thread_key="article:1", person=ada, name="Ada", text="A new one."),
        "reply": lambda: services.post_comment(
            thread_key="article:1", person=ben, name="Ben", text="Answer.", reply_to=own.public_id
        ),
        "edit": lambda: services.edit_comment(comment_id=own.public_id, person=ada, text="Changed."),
        "vote": lambda: services.cast_vote(comment_id=own.public_id, person=ben, direction="up"),
    }
    states: list[tuple[dict[str, Any], set[str]]] = [
        ({"is_public": False}, set(roads)),
        ({"comments": "off"}, set(roads)),
        ({"comments": "closed"}, {"post", "reply", "edit"}),
    ]
    for state, closed in states:
        subjects.put("article:1", **state)
        for name in sorted(closed):
            with pytest.raises((errors.UnknownThread, errors.CommentingClosed)):
                roads[name]()
    subjects.subjects.clear()
    for road in roads.values():
        with pytest.raises(errors.UnknownThread):
            road()
    assert list(Comment.objects.values_list("source", "score")) == [(own.source, 0)]


def test_rule_10_an_address_in_a_header_counts_only_from_a_trusted_proxy(client: CheckingClient, settings: Any) -> None:
    """Rule 10: CVE-2026-22201 forged it, against bans and limits. By default nobody is trusted."""
    decide(settings, posts_per_minute=1)

    def post(number: int) -> int:
        forged = {"X-Forwarded-For": f"203.0.{number}.7", "Client-IP": f"203.0.{number}.7", "X-Real-IP": "203.0.113.9"}
        values = {"thread": "article:1", "name": "Ada", "text": f"Text {number}."}
        status: int = client.post("/-/comments/post/", values, headers=forged).status_code
        return status

    assert [post(1), post(2)] == [303, 429]
    settings.MASTHEAD = replace(
        settings.MASTHEAD, server=replace(settings.MASTHEAD.server, trusted_proxies=["127.0.0.1/32"])
    )
    assert [post(3), post(4), post(4)] == [303, 303, 429]


def test_rule_15_logs_hold_ids_not_words_or_addresses(
    client: CheckingClient, settings: Any, scorer: FakeSpamScorer, caplog: pytest.LogCaptureFixture
) -> None:
    """Rule 15: whatever goes wrong, no log tells who wrote what."""
    decide(settings, guests="verified")
    caplog.set_level(logging.DEBUG)
    scorer.verdict = ScorerUnavailable("away")
    write(client, "Words for nobody.", name="Ada Venn")
    press(client)
    scorer.verdict = RuntimeError("broken")
    client.raise_request_exception = False
    write(client, "More words for nobody.", name="Ada Venn")
    client.get("/-/comments/mine/")
    client.post("/-/comments/mine/erase/")
    assert "the spam scorer could not say" in caplog.text
    for secret in (ADA, "for nobody", "Ada Venn"):
        assert secret not in caplog.text


def test_rule_17_addresses_are_compared_as_equal_never_by_likeness(
    client: CheckingClient, settings: Any, ada: User
) -> None:
    """Rule 17: CVE-2026-22216 matched addresses by wildcard. Here one spelling is equal, and nothing else is."""
    decide(settings, guests="verified")
    make_comment(author_email="abc@example.org")
    prove(client, address="A_C@Example.org")
    guest = Person(guest=Comment.objects.latest("id").guest, email="a_c@example.org")
    assert Comment.objects.latest("id").author_email == "a_c@example.org"
    assert selectors.claimable_count(guest) == 0
    write(client, "The same spelling.", address=" a_c@EXAMPLE.org ")
    assert Comment.objects.latest("id").is_public
    for pattern in ("%@example.org", "___@example.org"):
        write(CheckingClient(), f"By {pattern}.", address=pattern)
        assert Comment.objects.latest("id").is_unconfirmed
    assert selectors.claimable_count(Person(user_id=ada.pk, email="%@example.org")) == 0


def test_rule_18_keys_are_the_installations_own(
    client: CheckingClient, settings: Any, new_site: Path, tmp_path: Path
) -> None:
    """Rule 18: what one site signed opens nothing at another, and a site without a key of its own does not start."""
    decide(settings, guests="verified")
    comment = prove(client)
    write(CheckingClient(), "Waiting.", address="ben@example.org")
    path = button()
    settings.SECRET_KEY = "the-key-of-another-site-" + "y" * 40
    assert CheckingClient().post(path).status_code == 404
    assert act(client, comment, "delete").status_code == 403
    first = (new_site / "data" / "secret_key").read_text()
    masthead("init", str(tmp_path / "other"), "--name", "Another")
    other = tmp_path / "other" / "data" / "secret_key"
    assert len(first) >= 40
    assert other.read_text() != first
    for weak in ("", "change-me"):
        other.write_text(weak)
        with pytest.raises(ConfigError, match="secret_key"):
            load(tmp_path / "other", {})


def test_rule_9_votes_are_unique_in_the_database_and_counters_are_its_sums() -> None:
    """Rule 9: wpDiscuz had no constraint and read, added and wrote. Even past our services nobody votes twice here.

    Many at once: test_counters.py, 32 people changing their minds.
    """
    comment = make_comment()
    clicks: list[Direction] = ["up", "down", "down", "up"]
    for direction in clicks:
        services.cast_vote(comment_id=comment.public_id, person=make_guest(), direction=direction)
    vote = Vote.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(comment=comment, voter=vote.voter, value=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(score=5)
    assert list(selectors.drift()) == []

"""Whatever people do, in any order: what is kept equals what would be rendered now, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from taggit.models import Tag
from wagtail.models import Site

from masthead.core import events
from masthead.core.clock import frozen
from masthead.core.errors import DomainError
from masthead.discussion.models import Comment
from masthead.edge import fragments, pages
from masthead.edge.store import TagStore
from masthead.outbox.models import Event
from masthead.outbox.tail import Fact
from masthead.project.wiring.edge import purge_for
from masthead.publishing.models import Author, PlainPage, PublishedStory, SectionPage
from tests.edge import deeds
from tests.edge.deeds import found_paper
from tests.edge.note_deeds import NOTE_DEEDS

DEEDS = {**deeds.DEEDS, **NOTE_DEEDS}

START = datetime(2026, 11, 29, 12, tzinfo=UTC)
QUERIES = [
    "page=1",
    "show=hottest",
    "show=most-reacted",
    "q=text",
    "filter=newsroom",
    "filter=unanswered",
    "all=1",
    "sort=best",
]
FIXED = ["/", "/?p=1", "/feed/", "/sitemap.xml", "/support/", "/support/working/", "/support/working/months.csv"]
FIXED += [
    "/api/v1/stories",
    "/api/v1/campaigns",
    "/support/boat/",
    "/support/boat/feed/",
    "/support/boat/supporters/",
    "/-/embed/meter/boat/",
]


def api_paths(comment_id: str | None) -> list[str]:
    """Return what programs read of the first story, its discussion."""
    found = PublishedStory.objects.order_by("pk").values_list("article_id", "thread_key").first()
    if found is None:
        return []
    article_id, key = found
    own = [f"/api/v1/stories/{article_id}", f"/api/v1/threads/{key}", f"/api/v1/threads/{key}/comments?sort=most-voted"]
    return [*own, f"/api/v1/comments/{comment_id}"] if comment_id else own


class Keeper:
    """Keeps public replies as the front does, and renders afresh to compare."""

    def __init__(self) -> None:
        self.client = Client()
        self.turn = 0
        self.seen: dict[str, None] = dict.fromkeys([*FIXED, "/-/meter/"])
        self.last_event = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def paths(self) -> list[str]:
        """Return all addresses that were ever public, with those that are now."""
        stories = list(PublishedStory.objects.order_by("pk").values_list("path", flat=True))
        first = Comment.objects.order_by("pk").values_list("public_id", flat=True).first()
        now_public = [
            *stories,
            *(f"{path}?sort=oldest" for path in stories[:1]),
            *(f"{path}?comment={first}" for path in stories[:1]),
            *(f"{path}?{query}" for path in stories[:1] for query in QUERIES),
            *([f"/-/comments/{first}/"] if first else []),
            *api_paths(first),
            *(f"/{slug}/" for slug in SectionPage.objects.values_list("slug", flat=True)),
            *(f"/{slug}/feed/" for slug in SectionPage.objects.values_list("slug", flat=True)[:1]),
            *(f"/{slug}/" for slug in PlainPage.objects.values_list("slug", flat=True)),
            *(f"/authors/{slug}/" for slug in Author.objects.values_list("slug", flat=True)),
            *(f"/tags/{slug}/" for slug in Tag.objects.values_list("slug", flat=True)),
        ]
        self.seen |= dict.fromkeys(now_public)
        return list(self.seen)

    def hear(self) -> None:
        """Purge by the table, as a process does when it hears what was committed."""
        rows = list(Event.objects.filter(pk__gt=self.last_event).order_by("pk"))
        purge_for([Fact(row.pk, row.type, events.from_payload(row.type, row.payload)) for row in rows])
        if rows:
            self.last_event = rows[-1].pk

    def check(self, moment: datetime, deed: str, *, share: int = 1) -> None:
        """Read pages: what is kept, and what is composed of kept pieces, equals what is rendered from nothing.

        With a ``share`` only every so manieth page is read, each time others: what is stale stays so until it is read.
        """
        self.turn += 1
        for path in self.paths()[self.turn % share :: share]:
            fresh = self._fresh(path)
            kept: Any = pages.store.get(path)
            if kept is not None and (kept[1] is None or moment < kept[1]):
                assert kept[0] == fresh, f"{path} is stale after {deed}: {difference(kept[0], fresh)}"
            else:
                assert self._read(path, moment) == fresh, f"{path} has a stale piece after {deed}"

    def _fresh(self, path: str) -> bytes:
        """Render from nothing; what is not public has no bytes."""
        own, fragments.store = fragments.store, TagStore(0)
        try:
            reply = self.client.get(path)
        finally:
            fragments.store = own
        return reply.content if reply["Cache-Control"].startswith("public") else b""

    def _read(self, path: str, moment: datetime) -> bytes:
        mark = pages.store.mark()
        reply = self.client.get(path)
        if not reply["Cache-Control"].startswith("public"):
            return b""
        seconds = reply.get("Surrogate-Control", "").removeprefix("max-age=")
        until = moment + timedelta(seconds=int(seconds)) if seconds else None
        value: Any = (reply.content, until)
        pages.store.put(path, value, tags=reply.get("Surrogate-Key", "").split(), size=1, mark=mark)
        return reply.content


def difference(kept: bytes, fresh: bytes) -> str:
    """Return the first place where the two differ."""
    at = next((n for n, pair in enumerate(zip(kept, fresh, strict=False)) if pair[0] != pair[1]), len(kept))
    return f"…{kept[at - 40 : at + 60]!r} should be …{fresh[at - 40 : at + 60]!r}"


class Paper(RuleBasedStateMachine):
    """A paper that is read after everything that is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = START
        # Undone afterwards, so that each example begins with the same paper.
        self.example = transaction.atomic()
        self.example.__enter__()
        Site.clear_site_root_paths_cache()
        fragments.store.clear()
        pages.store.clear()
        self.keeper = Keeper()
        with frozen(self.moment):
            self.keeper.check(self.moment, "nothing")

    @rule(deed=st.sampled_from(sorted(DEEDS)), number=st.integers(0, 11))
    def somebody_does_something(self, deed: str, number: int) -> None:
        """Do it, commit it, hear of it, read. What a rule of the house refuses is refused."""
        with frozen(self.moment):
            try:
                with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
                    DEEDS[deed](number)
            except DomainError:
                return
            self.keeper.hear()
            self.keeper.check(self.moment, deed, share=4)

    @rule(hours=st.sampled_from([1, 13, 24, 48]))
    def time_passes(self, hours: int) -> None:
        """Nobody writes anything; days end, a month ends."""
        self.moment += timedelta(hours=hours)
        with frozen(self.moment):
            self.keeper.check(self.moment, f"{hours} hours")

    def teardown(self) -> None:
        """Read everything, then undo the example."""
        try:
            with frozen(self.moment):
                self.keeper.check(self.moment, "all of it")
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)


@pytest.fixture
def _paper(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    monkeypatch.setattr(fragments, "store", TagStore(50_000_000))
    monkeypatch.setattr(pages, "store", TagStore(50_000_000))
    with frozen(START):
        found_paper()
    yield
    Site.clear_site_root_paths_cache()


def examine(examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Paper,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
        ),
    )


@pytest.mark.no_cover  # quicker by half; others run the same lines
@pytest.mark.usefixtures("_paper")
def test_after_each_kind_of_deed_what_is_kept_is_what_would_be_rendered_now() -> None:
    """All deeds once, in a fixed order: quick, and it names the deed."""
    paper = Paper()
    try:
        for number, deed in enumerate(DEEDS):
            paper.somebody_does_something(deed, number)
        paper.time_passes(48)
    finally:
        paper.teardown()


@pytest.mark.no_cover  # quicker by half; others run the same lines
@pytest.mark.usefixtures("_paper")
def test_after_any_deeds_what_is_kept_is_what_would_be_rendered_now() -> None:
    examine(examples=3, steps=6)


@pytest.mark.nightly
@pytest.mark.usefixtures("_paper")
def test_after_many_deeds_what_is_kept_is_what_would_be_rendered_now() -> None:
    examine(examples=150, steps=25)

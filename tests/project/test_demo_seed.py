"""The demo on a site: what ``masthead init --demo`` leaves behind, seen through the selectors that the pages use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from masthead.core import clock
from masthead.core.money import Money
from masthead.discussion.models import Comment, Note, Thread
from masthead.discussion.selectors.counts import drift
from masthead.funding.selectors import ledger_problems, meter
from masthead.outbox.selectors import lag
from masthead.project.demo.press import office_hours
from masthead.project.demo.seed import SiteNotEmpty, seed
from masthead.publishing.models import Edition, PublishedStory
from masthead.publishing.selectors import navigation
from masthead.publishing.services import ensure_site

NOW = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)
LEAD = "/town-hall/the-pumps-were-bought-two-weeks-after-the-warning/"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """One demo for all tests of this file, taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        with clock.frozen(NOW):
            ensure_site(name="The Saltmere Ledger", url="http://testserver")
            seed()
        yield
        transaction.set_rollback(True)


def test_no_hearer_of_the_demo_is_late_from_the_start() -> None:
    with clock.frozen(NOW):
        found = lag()
    assert found.pending > 0
    assert found.oldest_seconds == 0


def lead() -> PublishedStory:
    return PublishedStory.objects.select_related("edition").get(path=LEAD)


def test_sections_stand_in_the_order_of_the_menu() -> None:
    assert [entry.title for entry in navigation()] == ["Town hall", "Harbour", "Schools", "Opinion"]


def test_lead_story_is_the_newest() -> None:
    newest = PublishedStory.objects.order_by("-published_at").first()

    assert newest is not None
    assert newest.path == LEAD
    assert [line["name"] for line in newest.bylines] == ["Marit Oyelaran", "Jonas Pell"]
    assert all(line["face"] for line in newest.bylines)


def test_every_story_is_public_with_its_picture() -> None:
    stories = list(PublishedStory.objects.all())

    assert len(stories) == 16
    assert all(story.picture and story.picture["alt"] and story.picture["caption"] for story in stories)


def test_editions_are_sealed_when_the_story_was_published() -> None:
    edition = lead().edition

    assert edition.sealed_at == lead().published_at
    assert edition.sealed_by_name == "Teodora Quist"
    assert Edition.objects.count() == 16


def test_correction_is_noted_in_the_story() -> None:
    (correction,) = lead().corrections
    assert correction["text"].startswith("An earlier version")
    assert correction["credit"] == "H. Lund"
    assert lead().updated_at == datetime(2026, 11, 21, 12, 40, tzinfo=UTC)


def test_links_between_stories_are_addresses() -> None:
    markup = " ".join(
        [*Edition.objects.values_list("html", flat=True), *Comment.objects.values_list("html", flat=True)]
    )

    assert 'href="story:' not in markup
    assert 'href="page:' not in markup
    assert 'href="/harbour/the-last-ferry-leaves-twenty-minutes-before-the-shift-ends/"' in markup
    assert 'href="/corrections-policy/"' in markup


def test_no_story_is_dated_in_the_night_except_those_of_the_last_day() -> None:
    nights = [
        office_hours(datetime(2026, 11, day, hour, 13, 5, tzinfo=UTC), NOW) for day in (9, 10) for hour in range(24)
    ]

    assert all(6 <= moment.hour <= 20 and moment.minute % 5 == 0 for moment in nights)
    assert all(moment.second == 0 for moment in nights)


def test_lead_thread_shows_sixty_comments_on_page_and_card() -> None:
    thread = Thread.objects.get(key=lead().thread_key)

    assert thread.comment_count == 60
    assert thread.inline_count == 5
    assert lead().comment_count == 60


def test_tombstone_keeps_its_replies_and_no_name() -> None:
    tombstone = Comment.objects.get(status=Comment.Status.DELETED)

    assert tombstone.author_name == ""
    assert tombstone.html == ""
    assert tombstone.is_listed
    assert tombstone.reply_total == 3


def test_counters_equal_the_rows() -> None:
    assert list(drift()) == []


def test_question_stands_at_the_marked_words() -> None:
    note = Note.objects.get()

    assert note.quote == "should not be considered for the north gate"
    assert note.question == "Have you worked with this type of pump?"
    assert note.passage_id == lead().edition.passages[0]["id"]
    assert note.answer_count == 5


def test_staff_answer_under_their_accounts() -> None:
    marit = get_user_model().objects.get(email="marit.oyelaran@saltmere-ledger.example")

    assert marit.is_staff
    assert Comment.objects.filter(author_name="Marit Oyelaran").exclude(user=marit).count() == 0
    assert Comment.objects.filter(user=marit).count() >= 5


def test_one_publisher_whose_account_has_no_password() -> None:
    publisher = get_user_model().objects.get(is_superuser=True)

    assert publisher.name == "Teodora Quist"
    assert not publisher.has_usable_password()


def test_meter_stands_where_the_gifts_bring_it() -> None:
    shown = meter(NOW)

    assert shown is not None
    assert shown.name == "November fund"
    assert shown.raised == Money(163_900, "USD")
    assert shown.goal == Money(500_000, "USD")
    assert shown.gifts == 40
    assert list(ledger_problems()) == []


def test_second_run_is_refused_and_changes_nothing() -> None:
    with pytest.raises(SiteNotEmpty) as refused:
        seed()

    assert "empty site only" in refused.value.message()
    assert PublishedStory.objects.count() == 16

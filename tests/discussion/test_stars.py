"""Threads in which readers rate: bounded, once per person, and averages that are what the rows say."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from masthead.accounts.models import User
from masthead.discussion.attached_errors import StarsRefused
from masthead.discussion.models import Comment, Rating, RatingTotal
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.query import parse
from masthead.discussion.rules.stars import Average, Rated, RatedField
from masthead.discussion.selectors import ThreadPage, belongings, drift, thread_page
from masthead.discussion.services import (
    ImportedComment,
    approve_comment,
    delete_own_comment,
    edit_comment,
    erase_person,
    import_comments,
    post_comment,
    recount_thread,
    remove_comment,
    take_back_comment,
    undo_deletion,
)
from masthead.discussion.testing import FakeSpamScorer, FakeSubjectDirectory, make_comment, make_guest, make_member
from masthead.outbox.models import Event
from masthead.project.answers.discussion import PublishedSubjects
from masthead.publishing.services import RatingDraft
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.discussion.test_reading import MO
from tests.discussion.visits import FRAGMENT, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved", "scorer"),
]

KEY = "article:1"
FOOD, SERVICE = RatedField("food", "Food"), RatedField("service", "Service & welcome")


@pytest.fixture(autouse=True)
def _rating(subjects: FakeSubjectDirectory) -> None:
    """Readers rate food and service."""
    subjects.put(KEY, kind="ratings", rated_fields=(FOOD, SERVICE))


def rate(who: str = "ada", text: str = "", **stars: int) -> Comment:
    """Post a comment with stars."""
    words = text or f"What {who} thinks, {Comment.objects.count()}."
    return post_comment(thread_key=KEY, person=make_guest(who), name=who.title(), text=words, stars=stars)


def page(**query: str) -> ThreadPage:
    """Return the page that an address asks for."""
    found = thread_page(KEY, parse(query))
    assert found is not None
    return found


def sums() -> dict[str, tuple[int, int]]:
    """Return how many rated each field, and the sum of their stars; the rows say the same."""
    assert list(drift()) == []
    return {name: (one.count, one.total) for name, one in page().averages.items() if one.count}


def edited() -> list[str]:
    """Return the comments of which open pages were told that they read otherwise now."""
    rows = Event.objects.filter(type="discussion.comment-edited").order_by("pk")
    return [payload["comment_id"] for payload in rows.values_list("payload", flat=True)]


def test_each_field_has_its_own_average_and_what_was_not_rated_counts_nowhere() -> None:
    rate("ada", overall=5, food=4)
    rate("ben", overall=2)
    rate("cy")
    assert sums() == {"overall": (2, 7), "food": (1, 4)}
    assert page().averages["overall"].tenths == 35


@pytest.mark.parametrize(
    ("stars", "why"),
    [
        ({"overall": 0}, "range"),
        ({"overall": 6}, "range"),
        ({"overall": 3, "food": -1}, "range"),
        ({"food": 3}, "overall"),
        ({"overall": 3, "price": 3}, "field"),
    ],
)
def test_stars_out_of_bounds_are_refused_and_nothing_is_stored(stars: dict[str, Any], why: str) -> None:
    with pytest.raises(StarsRefused) as refused:
        rate(**stars)
    assert refused.value.params["why"] == why
    assert Comment.objects.count() == 0


def test_the_database_takes_no_sixth_star_and_no_second_rating_of_one_person() -> None:
    comment, other = rate(overall=3), rate("ben", overall=3)
    row = {"thread": comment.thread, "rater": "g:guest-ada", "counts": True}
    for wrong in ({"comment": other, "field": "x", "stars": 6}, {"comment": other, "field": "overall", "stars": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(**{**row, **wrong})


def test_stars_are_given_with_a_comment_on_the_story_only(subjects: FakeSubjectDirectory) -> None:
    asked = rate(overall=4)
    with pytest.raises(StarsRefused):
        post_comment(
            thread_key=KEY,
            person=make_guest("ben"),
            name="Ben",
            text="No.",
            reply_to=asked.public_id,
            stars={"overall": 1},
        )
    subjects.put("article:2")
    with pytest.raises(StarsRefused):
        post_comment(thread_key="article:2", person=make_guest(), name="Ada", text="Well.", stars={"overall": 1})


def test_a_later_rating_replaces_the_former_and_open_pages_are_told_that_it_lost_its_stars() -> None:
    first = rate(overall=1, food=1)
    second = rate(overall=5)
    assert sums() == {"overall": (1, 5)}
    assert page().stars == {second.pk: {"overall": 5}}
    assert edited() == [first.public_id]


def test_taking_the_later_one_back_lets_the_former_stand_again() -> None:
    rate(overall=2)
    later = rate(overall=5)
    delete_own_comment(comment_id=later.public_id, person=make_guest("ada"))
    assert sums() == {"overall": (1, 2)}
    undo_deletion(comment_id=later.public_id, person=make_guest("ada"))
    assert sums() == {"overall": (1, 5)}
    take_back_comment(comment_id=later.public_id, person=make_guest("ada"))
    assert sums() == {"overall": (1, 2)}
    assert Rating.objects.count() == 1


def test_hidden_ratings_do_not_count_until_they_are_public(scorer: FakeSpamScorer) -> None:
    comment = rate(overall=4)
    remove_comment(comment_id=comment.public_id, moderator=MO, reason="other")
    assert sums() == {}
    approve_comment(comment_id=comment.public_id, moderator=MO)
    assert sums() == {"overall": (1, 4)}
    held = post_comment(
        thread_key=KEY, person=make_guest("ada"), name="Ada", text="See https://a.example/", stars={"overall": 1}
    )
    assert held.status == "held"
    assert sums() == {"overall": (1, 4)}
    approve_comment(comment_id=held.public_id, moderator=MO)
    assert sums() == {"overall": (1, 1)}


def test_an_edit_changes_the_stars_leaves_them_or_takes_them_back() -> None:
    comment, ada = rate(overall=4, food=2), make_guest("ada")
    edit_comment(comment_id=comment.public_id, person=ada, text="Other words.")
    assert sums() == {"overall": (1, 4), "food": (1, 2)}
    edit_comment(comment_id=comment.public_id, person=ada, text="Other words.", stars={"overall": 3})
    assert sums() == {"overall": (1, 3)}
    with pytest.raises(StarsRefused):
        edit_comment(comment_id=comment.public_id, person=ada, text="Other words.", stars={"overall": 9})
    edit_comment(comment_id=comment.public_id, person=ada, text="Other words.", stars={})
    assert sums() == {}
    assert edited() == [comment.public_id] * 3


def test_two_browsers_are_two_people_and_a_member_is_one_in_both(eve: User) -> None:
    rate("ada", overall=1)
    rate("ben", overall=2)
    for text, number in (("Once.", 3), ("Twice.", 4)):
        post_comment(thread_key=KEY, person=make_member(eve), text=text, stars={"overall": number})
    assert sums() == {"overall": (3, 7)}


def test_what_a_person_gave_goes_with_him_and_can_be_taken_away() -> None:
    rate(overall=5)
    assert belongings(make_guest("ada"))["comments"][0]["stars"] == {"overall": 5}
    erase_person(person=make_guest("ada"))
    assert sums() == {}
    assert not Rating.objects.exists()


def test_a_recount_mends_what_somebody_broke() -> None:
    rate(overall=5)
    rate("ben", overall=1)
    RatingTotal.objects.update(count=1, total=2)
    Rating.objects.filter(stars=1).update(counts=False)
    assert list(drift()) != []
    recount_thread(thread_key=KEY)
    assert sums() == {"overall": (2, 6)}


def test_an_import_brings_ratings_one_for_each_address_and_the_newest() -> None:
    made = [("1", "a@example.org", 2), ("2", "A@example.org", 4), ("3", "", 5), ("4", "b@example.org", 7)]
    start = datetime(2020, 1, 1, tzinfo=UTC)
    comments = [
        ImportedComment(
            source_id=name,
            author_name="Old",
            author_email=address,
            body="Old words.",
            created_at=start + timedelta(days=int(name)),
            stars={"overall": stars},
        )
        for name, address, stars in made
    ]
    for _twice in range(2):
        import_comments(thread_key=KEY, source="wordpress", comments=comments)
        assert sums() == {"overall": (2, 9)}


def test_a_comment_says_its_stars_in_words_and_the_averages_stand_above(client: CheckingClient) -> None:
    rate("ada", overall=5, service=1)
    rate("ben", overall=2)
    shown = soup(client.get("/article-1/"))
    said = [item.get_text(" ", strip=True) for item in shown.select(".comment .stars")]
    assert said == ["Overall ★★☆☆☆ 2 stars of 5", "Overall ★★★★★ 5 stars of 5 Service & welcome ★☆☆☆☆ 1 star of 5"]
    assert all(item.has_attr("aria-hidden") for item in shown.select(".stars-row"))
    rows = [item.get_text(" ", strip=True) for item in shown.select("#ratings dl > div")]
    assert rows == ["Overall ★★★★☆ 3.5 of 5 stars 2 ratings", "Service & welcome ★☆☆☆☆ 1.0 of 5 stars 1 rating"]


@pytest.mark.parametrize("query", ["sort=oldest", "sort=most-voted", "sort=best", "all=1", "page=1", "q=thinks"])
def test_every_way_of_reading_shows_the_stars(client: CheckingClient, query: str) -> None:
    rate(overall=3)
    shown = soup(client.get(f"/article-1/?{query}"))
    assert len(shown.select(".comment .stars")) == 1
    assert len(shown.select("#ratings")) == 1


def test_without_script_radio_buttons_rate_and_what_was_chosen_stays_when_refused(client: CheckingClient) -> None:
    form = soup(client.get("/article-1/")).select_one("#comment-form")
    assert form is not None
    groups = [item.get_text(" ", strip=True) for item in form.select("fieldset.rate legend")]
    assert groups == ["Overall", "Food optional", "Service & welcome optional"]
    assert [item["value"] for item in form.select('[name="stars-food"]')] == ["1", "2", "3", "4", "5", ""]
    typed = {"thread": KEY, "name": "Ada", "text": "Good soup.", "stars-overall": "", "stars-food": "4"}
    refused = client.post("/-/comments/post/", typed)
    assert refused.status_code == 422
    again = soup(refused)
    assert "Give stars overall too" in again.get_text()
    assert again.select_one('[name="stars-food"][value="4"]').has_attr("checked")  # type: ignore[union-attr]
    sent = client.post("/-/comments/post/", {**typed, "stars-overall": "5"})
    assert sent.status_code == 303
    assert sums() == {"overall": (1, 5), "food": (1, 4)}
    comment = Comment.objects.get()
    own = soup(client.get(f"/-/comments/{comment.public_id}/edit/"))
    assert own.select_one('[name="stars-food"][value="4"]').has_attr("checked")  # type: ignore[union-attr]
    changed = {"text": "Good soup.", "stars-overall": "5", "stars-food": ""}
    client.post(f"/-/comments/{comment.public_id}/edit/", changed)
    assert sums() == {"overall": (1, 5)}


@pytest.mark.parametrize("value", ["0", "6", "1.5", "five", "<b>", "٣"])
def test_nonsense_in_the_form_is_refused_in_words(client: CheckingClient, value: str) -> None:
    typed = {"thread": KEY, "name": "Ada", "text": "Good soup.", "stars-overall": value}
    refused = client.post("/-/comments/post/", typed)
    assert refused.status_code == 422
    assert "Give between 1 and 5 stars." in soup(refused).get_text()
    # Where the script moves focus to, so that it is heard.
    wrong = soup(refused).select_one("fieldset.rate[role=radiogroup][aria-invalid=true]")
    assert wrong is not None
    error = soup(refused).select_one(f"#{wrong['aria-describedby']}")
    assert error is not None
    assert error.get_text() == "Give between 1 and 5 stars."


def test_the_script_gets_the_new_comment_and_the_new_averages(client: CheckingClient) -> None:
    typed = {"thread": KEY, "name": "Ada", "text": "Good soup.", "stars-overall": "4"}
    piece = soup(client.post("/-/comments/post/", typed, headers=FRAGMENT))
    assert "4 stars of 5" in piece.select_one(".comment .stars").get_text()  # type: ignore[union-attr]
    assert piece.select_one("[data-replaces='#ratings']") is not None
    other = rate("ben", overall=2)
    address = f"/-/comments/new/?thread={KEY}&id={other.public_id}&changed={Comment.objects.earliest('id').public_id}"
    news = soup(client.get(address, headers=FRAGMENT))
    assert news.select_one("[data-replaces='#ratings']").get_text(" ", strip=True).endswith("2 ratings")  # type: ignore[union-attr]
    assert [item.get_text(" ", strip=True)[-12:] for item in news.select(".stars")] == ["2 stars of 5", "4 stars of 5"]


def machines(client: CheckingClient) -> Any:
    """Return the structured data above the thread, if any."""
    script = soup(client.get("/article-1/")).select_one('#ratings script[type="application/ld+json"]')
    return json.loads(script.get_text()) if script else None


def as_member(user: User, number: int, text: str = "As a member.", **more: Any) -> Comment:
    """Post stars as the owner of an account; ``more`` is what else is known of the browser."""
    person = replace(make_member(user), **more)
    return post_comment(thread_key=KEY, person=person, text=text, stars={"overall": number})


def test_machines_are_told_only_when_an_editor_named_what_is_rated(
    client: CheckingClient, subjects: FakeSubjectDirectory, eve: User, ben: User
) -> None:
    assert machines(client) is None
    as_member(eve, 5)
    as_member(ben, 4, "</script><script>alert(1)</script>")
    assert machines(client) is None
    subjects.put(KEY, kind="ratings", rated=Rated("Restaurant", "The Pump House"))
    told = machines(client)
    assert (told["@type"], told["name"]) == ("Restaurant", "The Pump House")
    assert told["aggregateRating"]["ratingValue"] == 4.5
    assert told["aggregateRating"]["ratingCount"] == 2
    assert [item["reviewRating"]["ratingValue"] for item in told["review"]] == [4, 5]


def test_a_thread_that_does_not_rate_shows_nothing_of_it(
    client: CheckingClient, subjects: FakeSubjectDirectory
) -> None:
    rate(overall=5)
    subjects.put(KEY)
    shown = soup(client.get("/article-1/"))
    assert shown.select(".stars, #ratings, .rate") == []


def test_the_first_page_costs_no_more_than_eight(eve: User) -> None:
    asked = rate(overall=5)
    make_comment(parent=asked, user=eve, by_newsroom=True)
    with CaptureQueriesContext(connection) as captured:
        page()
    assert len(captured) <= 8


def test_the_editor_chooses_it_with_the_story() -> None:
    draft = RatingDraft(fields={"f1": "Food"}, type="Restaurant", name="The Pump House")
    article = make_article("Dinner at the Pump House", discussion_kind="ratings", rating=draft)
    other = make_article("News")
    subjects = PublishedSubjects().describe([article.thread_key, other.thread_key])
    rated = subjects[article.thread_key]
    assert [field.key for field in rated.asks_stars] == ["overall", "f1"]
    assert rated.rated == Rated("Restaurant", "The Pump House")
    assert subjects[other.thread_key].asks_stars == ()


@pytest.mark.parametrize(
    ("count", "total", "tenths", "whole"), [(0, 0, 0, 0), (2, 9, 45, 5), (3, 10, 33, 3), (20, 49, 25, 3)]
)
def test_averages_are_rounded_halves_up(count: int, total: int, tenths: int, whole: int) -> None:
    average = Average("overall", count, total)
    assert (average.tenths, average.whole) == (tenths, whole)


@pytest.mark.django_db(transaction=True)
def test_32_people_rating_at_once_and_again_leave_averages_that_are_the_rows() -> None:
    rate("first", overall=3)

    def change_mind(number: int) -> None:
        try:
            person = Person(guest=f"reader-{number}")
            for turn in range(2):
                stars = {"overall": (number + turn) % 5 + 1, "food": (number * turn) % 5 + 1}
                text = f"Round {turn} of reader {number}."
                post_comment(thread_key=KEY, person=person, name="Reader", text=text, stars=stars)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(change_mind, range(32)))
    last = [{"overall": (number + 1) % 5 + 1, "food": number % 5 + 1} for number in range(32)]
    assert sums() == {
        "overall": (33, 3 + sum(item["overall"] for item in last)),
        "food": (32, sum(item["food"] for item in last)),
    }

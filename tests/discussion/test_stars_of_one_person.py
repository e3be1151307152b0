"""Whose stars count: each person once, in whatever way he is known, and for machines only people who are known."""

from __future__ import annotations

import pytest

from masthead.accounts.models import User
from masthead.discussion.models import Comment
from masthead.discussion.rules.people import Person
from masthead.discussion.rules.stars import Rated
from masthead.discussion.services import delete_own_comment, edit_comment, post_comment, recount_thread
from masthead.discussion.testing import FakeSpamScorer, FakeSubjectDirectory, make_guest, make_member
from tests.client import CheckingClient
from tests.discussion.test_stars import KEY, as_member, machines, rate, sums

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved", "scorer"),
]


@pytest.fixture(autouse=True)
def _rating(subjects: FakeSubjectDirectory) -> None:
    """Readers rate."""
    subjects.put(KEY, kind="ratings")


def test_machines_are_told_of_people_who_are_known_and_of_nobody_else(
    client: CheckingClient, subjects: FakeSubjectDirectory, eve: User
) -> None:
    subjects.put(KEY, kind="ratings", rated=Rated("Restaurant", "The Pump House"))
    for number in range(3):
        rate(f"browser-{number}", overall=5)
    assert machines(client) is None, "anybody may be three browsers"
    as_member(eve, 2)
    proven = Person(guest="v:0f", email="cy@example.org", name="Cy", network="192.0.2.0/24")
    post_comment(thread_key=KEY, person=proven, name="Cy", text="Proven.", stars={"overall": 3})
    told = machines(client)
    assert (told["aggregateRating"]["ratingCount"], told["aggregateRating"]["ratingValue"]) == (2, 2.5)
    assert [item["reviewRating"]["ratingValue"] for item in told["review"]] == [3, 2]
    assert sums()["overall"] == (5, 20), "readers see all"


def test_who_rates_as_a_guest_and_then_signed_in_counts_once_either_way_round(eve: User) -> None:
    rate(overall=1)
    own = as_member(eve, 5, guest="guest-ada")
    assert sums() == {"overall": (1, 5)}
    rate(overall=2)
    assert sums() == {"overall": (1, 2)}, "signed out again, in the same browser"
    delete_own_comment(comment_id=Comment.objects.latest("id").public_id, person=make_guest("ada"))
    assert sums() == {"overall": (1, 5)}
    delete_own_comment(comment_id=own.public_id, person=make_member(eve))
    assert sums() == {"overall": (1, 1)}
    recount_thread(thread_key=KEY)
    assert sums() == {"overall": (1, 1)}


def test_one_proven_address_is_one_person_and_a_claimed_one_is_nobody(eve: User) -> None:
    proven = Person(guest="v:0f", email=eve.email, name="Eve", network="192.0.2.0/24")
    post_comment(thread_key=KEY, person=proven, name="Evie", text="As a guest.", stars={"overall": 1})
    as_member(eve, 4)
    assert sums() == {"overall": (1, 4)}
    liar = make_guest("liar")
    post_comment(thread_key=KEY, person=liar, name="Liar", address=eve.email, text="Not I.", stars={"overall": 1})
    assert sums() == {"overall": (2, 5)}


def test_two_accounts_in_one_browser_are_two_people(eve: User, ben: User) -> None:
    as_member(eve, 1, guest="guest-ada")
    as_member(ben, 2, guest="guest-ada")
    assert sums() == {"overall": (2, 3)}


def test_no_stars_with_a_comment_that_waits_touches_no_other_comment(scorer: FakeSpamScorer) -> None:
    rate(overall=4)
    held = rate("ada", "See https://a.example/", overall=1)
    assert held.status == "held"
    edit_comment(comment_id=held.public_id, person=make_guest("ada"), text="See https://a.example/", stars={})
    assert sums() == {"overall": (1, 4)}


def test_no_stars_with_a_comment_that_was_overtaken_leaves_the_newer_ones() -> None:
    first = rate(overall=1)
    rate(overall=5)
    edit_comment(comment_id=first.public_id, person=make_guest("ada"), text="Other words.", stars={})
    assert sums() == {"overall": (1, 5)}

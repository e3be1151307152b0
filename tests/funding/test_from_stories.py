"""Which stories brought supporters, counted on small histories."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Donor, Gift
from masthead.funding.selectors.from_stories import Brought, brought
from masthead.funding.services import merge_donors, reverse_gift
from masthead.funding.testing import make_gift
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.funding.reading import shown
from tests.funding.test_staff_screens import signed_in

pytestmark = pytest.mark.django_db
NOVEMBER, OCTOBER = datetime(2026, 11, 5, 12, tzinfo=UTC), datetime(2026, 10, 5, 12, tzinfo=UTC)
HERE = "/admin/funding/stories/"


def given(story: str, major: int, at: datetime = NOVEMBER, *, donor: Donor | None = None) -> Gift:
    """Return a gift that began at a story."""
    with frozen(NOVEMBER):
        gift = make_gift(amount=Money.from_major(major, "USD"), received_at=at)
    Gift.objects.filter(pk=gift.pk).update(story=story, donor=donor)
    return gift


def usd(major: int) -> Money:
    """Return dollars."""
    return Money.from_major(major, "USD")


def test_supporters_are_persons_and_amounts_are_sums_month_by_month() -> None:
    ada, work = (Donor.objects.create(name="Ada", email=f"{number}@example.org") for number in range(2))
    merge_donors(donor=work, into=ada, by=None)
    given("boat", 10, donor=ada)
    given("boat", 20, donor=work)
    given("boat", 5)
    given("boat", 7, OCTOBER, donor=ada)
    given("lake", 100, OCTOBER)
    given("", 1000)
    given("lake", 3, datetime(2026, 9, 30, 12, tzinfo=UTC))
    together, months = brought(since=date(2026, 10, 1))
    assert together == [Brought("boat", "", 2, usd(42)), Brought("lake", "", 1, usd(100))]
    assert months == [
        (date(2026, 11, 1), [Brought("boat", "", 2, usd(35))]),
        (date(2026, 10, 1), [Brought("lake", "", 1, usd(100)), Brought("boat", "", 1, usd(7))]),
    ]


def test_what_went_back_brought_nobody() -> None:
    given("boat", 10)
    reverse_gift(gift=given("boat", 20), reason="bounced")
    reverse_gift(gift=given("lake", 30), reason="bounced")
    together, _months = brought(since=date(2026, 1, 1))
    assert together == [Brought("boat", "", 1, usd(10))]


def test_money_of_a_rehearsal_is_left_out() -> None:
    given("boat", 10)
    Gift.objects.update(is_live=False)
    assert brought(since=date(2026, 1, 1)) == ([], [])


def test_the_page_names_stories_and_nobody_who_gave(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    story = make_article(title="The boat that never sailed")
    key = str(story.thread_key)
    for number in range(3):
        given(key, 10 + number)
    given("gone", 5)
    don = signed_in("view_gift")
    with frozen(NOVEMBER):
        page = shown(don.get(HERE))
    for part in ("The boat that never sailed", "33 $", "not public any more (gone)", "Since December 2025"):
        assert part in page
    assert "Ada Venn" not in page
    with django_assert_num_queries(4):
        brought(since=date(2026, 1, 1))


def test_the_page_is_for_staff() -> None:
    assert "No gift has come from a story yet." in shown(signed_in("view_gift").get(HERE))
    assert signed_in("add_gift").get(HERE).status_code == 302
    assert "login" in CheckingClient().get(HERE)["Location"]

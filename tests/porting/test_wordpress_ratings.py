"""Stars from wpDiscuz: one number for each comment, only where the post says what is rated, and nothing invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from masthead.discussion.models import Comment, Rating
from masthead.discussion.selectors import averages_of, drift, subject_of
from masthead.porting.report import ImportReport
from masthead.porting.run import ImportOptions, SiteImport
from masthead.porting.sources.wordpress.reader import WordPressSource
from masthead.publishing.models import ArticlePage, PublishedStory
from masthead.publishing.testing import make_home
from tests.client import CheckingClient

from .wxr import comment, fields, item, meta, write

pytestmark = pytest.mark.django_db
FOOD, ROOM = "custom_field_5c1d", "custom_field_5c1e"
COUNTS = f'a:2:{{s:17:"{FOOD}";a:2:{{i:5;i:1;i:4;i:1;}}s:17:"{ROOM}";a:1:{{i:2;i:1;}}}}'  # as PHP writes it


@pytest.fixture(autouse=True)
def _home() -> None:
    make_home()


def rated(number: int, given: dict[str, str] | None = None, *, parent: int = 0) -> str:
    """Return a comment with meta of its own."""
    own = "".join(
        "<wp:commentmeta>" + fields({"wp:meta_key": key, "wp:meta_value": value}) + "</wp:commentmeta>"
        for key, value in (given or {}).items()
    )
    return comment(number, parent=parent).replace("</wp:comment>", f"{own}</wp:comment>")


def bring(tmp_path: Path, *items: str) -> ImportReport:
    """Import a small export."""
    path = write(tmp_path, *items)
    return SiteImport(WordPressSource(path), path, ImportOptions()).perform()


def stars() -> dict[str, int]:
    """Return what came with which comment, by its old number."""
    rows = Rating.objects.values_list("comment__legacy_id", "field", "stars")
    assert {field for _number, field, _stars in rows} <= {"overall"}
    return {number: given for number, _field, given in rows}


def test_each_comment_keeps_its_stars_and_the_story_asks_for_them_further_on(
    tmp_path: Path, client: CheckingClient
) -> None:
    comments = (
        rated(1, {FOOD: "5", ROOM: "2"})
        + rated(2, {FOOD: "4"})
        + rated(3)
        + rated(4, {FOOD: "1"}, parent=1)
        + rated(5, {FOOD: "0"})
        + rated(6, {FOOD: "9"})
        + rated(7, {FOOD: "4; DROP"})
        + rated(8, {"wpdiscuz_votes": "3", "rating": "1"})
    )
    story = item(1, extra=meta("wpdiscuz_rating_count", COUNTS) + comments)
    for _twice in range(2):
        bring(tmp_path, story)
        assert stars() == {"1": 4, "2": 4}, "5 and 2 are 3.5, halves up; votes and replies are no ratings"
        assert Comment.objects.count() == 8
    assert list(drift()) == []
    key = ArticlePage.objects.get().thread_key
    assert averages_of([key])[key]["overall"].count == 2
    subject = subject_of(key)
    assert subject is not None
    assert subject.kind == "ratings"
    assert "4 stars of 5" in client.get(PublishedStory.objects.get().path).content.decode()


@pytest.mark.parametrize("counts", ["", "a:0:{}", "not php", 'a:1:{s:5:"other";a:1:{i:5;i:1;}}'])
def test_numbers_in_meta_are_no_stars_where_the_post_names_no_such_field(tmp_path: Path, counts: str) -> None:
    bring(tmp_path, item(1, extra=meta("wpdiscuz_rating_count", counts) + rated(1, {FOOD: "5"})))
    assert stars() == {}
    assert ArticlePage.objects.get().discussion_kind == "comments"


def test_stars_without_a_comment_are_nobodys_and_the_report_says_so(tmp_path: Path) -> None:
    own = meta("wpdiscuz_post_rating", "4.5") + meta("wpdiscuz_post_rating_count", "12")
    report = bring(tmp_path, item(1, extra=own), item(2, extra=meta("wpdiscuz_post_rating_count", "many")))
    told = [sentence for sentence in report.repairs if "stars" in sentence]
    assert len(told) == 1
    assert told[0].startswith("12 readers gave “Story 1” stars without a comment")
    assert not Rating.objects.exists()

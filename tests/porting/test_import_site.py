"""Bringing in a whole site: what stands there afterwards, and that a second run adds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from masthead.discussion.models import Comment
from masthead.porting.report import ImportReport
from masthead.porting.run import ImportOptions, SiteImport
from masthead.porting.sources.wordpress.reader import WordPressSource
from masthead.publishing.models import ArticlePage, PlainPage, PublishedStory
from masthead.publishing.testing import make_home

from .inputs import INPUTS, expected_counts, needs_inputs, wordpress_files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home() -> Any:
    return make_home()


def run_import(path: Path, **options: Any) -> ImportReport:
    return SiteImport(WordPressSource(path), path, ImportOptions(**options)).perform()


@needs_inputs
class TestRealFiles:
    @pytest.mark.parametrize("name", wordpress_files())
    def test_the_report_holds_exactly_the_counts_of_the_file(self, name: str) -> None:
        counts = expected_counts()[name]
        kinds, statuses = counts.get("comment_types", {}), counts["type/status"]
        others = kinds.get("pingback", 0) + kinds.get("trackback", 0)
        published = statuses.get("post/publish", 0) + statuses.get("page/publish", 0) - counts["password_protected"]
        posts, pages = counts["types"].get("post", 0), counts["types"].get("page", 0)
        report = run_import(INPUTS / name).as_dict()
        expected = {
            "posts": posts,
            "pages": pages,
            "comments": counts["comments"] - others,
            "replies": counts.get("replies", 0),
            "orphans": counts.get("orphans", 0),
            "pingbacks": kinds.get("pingback", 0),
            "trackbacks": kinds.get("trackback", 0),
            "published": published,
            "unpublished": posts + pages - published,
            "added": posts + pages + counts["comments"],
            "unchanged": 0,
        }
        assert {key: report[key] for key in expected} == expected

    @pytest.mark.parametrize("name", wordpress_files())
    def test_the_tables_hold_what_the_report_says(self, name: str) -> None:
        counts = expected_counts()[name]
        report = run_import(INPUTS / name)
        listed = sum(story.comment_count for story in PublishedStory.objects.all())
        assert ArticlePage.objects.count() + PlainPage.objects.count() == report.posts + report.pages
        assert ArticlePage.objects.live().count() + PlainPage.objects.live().count() == report.published
        assert Comment.objects.count() == counts["comments"]
        assert listed == counts.get("visible_reader_comments", 0)

    @pytest.mark.parametrize("name", wordpress_files())
    def test_twice_is_once(self, name: str) -> None:
        first = run_import(INPUTS / name)
        second = run_import(INPUTS / name)
        assert (second.added, second.unchanged) == (0, first.added)
        assert {**second.as_dict(), "added": 0, "unchanged": 0} == {**first.as_dict(), "added": 0, "unchanged": 0}

    @pytest.mark.parametrize("name", wordpress_files())
    def test_a_dry_run_foretells_the_counts_and_writes_nothing(self, name: str) -> None:
        foretold = run_import(INPUTS / name, is_dry_run=True).as_dict()
        assert not ArticlePage.objects.exists()
        assert not Comment.objects.exists()
        done = run_import(INPUTS / name).as_dict()
        assert {**foretold, "dry_run": False} == done

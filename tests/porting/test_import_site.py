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


def foreseen(name: str) -> dict[str, int]:
    """Return what the report must say of a file, from the counts that were computed without this program."""
    counts = expected_counts()[name]
    kinds, statuses = counts.get("comment_types", {}), counts["type/status"]
    others = kinds.get("pingback", 0) + kinds.get("trackback", 0)
    published = statuses.get("post/publish", 0) + statuses.get("page/publish", 0) - counts["password_protected"]
    posts, pages = counts["types"].get("post", 0), counts["types"].get("page", 0)
    return {
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


@needs_inputs
@pytest.mark.parametrize("name", wordpress_files())
def test_a_real_file_is_foretold_brought_in_counted_and_brought_in_only_once(name: str) -> None:
    """One story in four steps, because each import of a real site takes seconds: each step has its own sentence."""
    foretold = run_import(INPUTS / name, is_dry_run=True)
    assert not ArticlePage.objects.exists(), "a dry run wrote stories"
    assert not Comment.objects.exists(), "a dry run wrote comments"

    done = run_import(INPUTS / name)
    report = done.as_dict()
    expected = foreseen(name)
    assert {key: report[key] for key in expected} == expected, "the report holds other counts than the file"
    assert {**foretold.as_dict(), "dry_run": False} == report, "the dry run foretold something else"

    counts = expected_counts()[name]
    listed = sum(story.comment_count for story in PublishedStory.objects.all())
    assert ArticlePage.objects.count() + PlainPage.objects.count() == done.posts + done.pages
    assert ArticlePage.objects.live().count() + PlainPage.objects.live().count() == done.published
    assert Comment.objects.count() == counts["comments"]
    assert listed == counts.get("visible_reader_comments", 0)

    again = run_import(INPUTS / name)
    assert (again.added, again.unchanged) == (0, done.added), "a second import added something"
    assert {**again.as_dict(), "added": 0, "unchanged": 0} == {**report, "added": 0, "unchanged": 0}

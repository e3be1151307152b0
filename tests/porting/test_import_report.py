"""The report of an import, for machines and for publishers."""

from __future__ import annotations

from pathlib import Path

from masthead.porting.records import Body, SkippedRecord, StoryRecord
from masthead.porting.report import ImportReport
from masthead.porting.sources.wordpress.reader import WordPressSource

from . import wxr

FIXED_KEYS = {
    *(
        "source",
        "posts",
        "pages",
        "comments",
        "replies",
        "orphans",
        "pingbacks",
        "trackbacks",
        "authors",
        "media_found",
    ),
    *("media_missing", "published", "unpublished", "added", "unchanged", "skipped", "repairs", "kept_as_html"),
}


def report_of(path: Path) -> ImportReport:
    report = ImportReport(source="wordpress")
    for record in WordPressSource(path).records():
        if isinstance(record, SkippedRecord):
            report.skip(record)
        else:
            report.count_story(record, is_public=record.is_public)
    return report


def example(folder: Path) -> Path:
    comments = (
        wxr.comment(1)
        + wxr.comment(2, parent=1)
        + wxr.comment(3, parent=99)
        + wxr.comment(4, comment_type="pingback")
        + wxr.comment(5, comment_type="trackback")
    )
    return wxr.write(
        folder,
        wxr.item(1, extra=comments),
        wxr.item(2, wp__post_type="page", wp__status="draft"),
        wxr.item(3, wp__post_type="nav_menu_item"),
        wxr.item(4, wp__post_type="nav_menu_item"),
        wxr.item(5, wp__post_type="recipe", extra=wxr.comment(6)),
    )


def test_the_keys_of_the_interface_are_all_there(tmp_path: Path) -> None:
    assert set(report_of(example(tmp_path)).as_dict()) >= FIXED_KEYS


def test_everything_is_counted_once(tmp_path: Path) -> None:
    counted = report_of(example(tmp_path)).as_dict()
    expected = {
        "posts": 1,
        "pages": 1,
        "comments": 4,
        "replies": 2,
        "orphans": 1,
        "pingbacks": 1,
        "trackbacks": 1,
        "authors": 1,
        "published": 1,
        "unpublished": 1,
    }
    assert {name: counted[name] for name in expected} == expected
    assert counted["orphan_list"] == ["3->99"]
    assert [each["kind"] for each in counted["skipped"]] == ["nav_menu_item", "nav_menu_item", "recipe"]


def test_sentences_name_what_matters(tmp_path: Path) -> None:
    report = report_of(example(tmp_path))
    report.media_missing["https://old.example/boat.jpg"] = "not in the folder"
    report.repair("One thing was repaired.")
    report.repair("One thing was repaired.")
    told = "\n".join(report.sentences())
    assert "1 posts and 1 pages" in told
    assert "3->99" in told
    assert "https://old.example/boat.jpg" in told
    assert "2 items of the type “nav_menu_item”" in told
    assert told.count("One thing was repaired.") == 1
    assert "pingbacks" in told


def test_a_dry_run_says_so() -> None:
    report = ImportReport(source="wordpress", is_dry_run=True)
    assert "nothing was written" in report.sentences()[0]
    assert report.as_dict()["dry_run"] is True


def test_what_is_kept_or_taken_out_is_listed_with_its_story(tmp_path: Path) -> None:
    (story,) = WordPressSource(wxr.write(tmp_path, wxr.item(1))).records()
    assert isinstance(story, StoryRecord)
    report = ImportReport(source="wordpress")
    report.count_body(story, Body((), kept_as_html=("verse", "verse", "an address"), removed=("1 × <script>",)))
    assert report.kept_as_html == [
        {"id": "1", "title": "Story 1", "what": "verse (×2)"},
        {"id": "1", "title": "Story 1", "what": "an address"},
    ]
    assert "1 × <script>" in report.repairs[0]
    assert any("verse (×2)" in sentence for sentence in report.sentences())

"""Importing again: new things are added, work done here is respected, and pictures that were missing are filled in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from masthead.discussion.models import Comment
from masthead.porting.errors import ImportRefused
from masthead.porting.models import ImportRun
from masthead.porting.report import ImportReport
from masthead.porting.run import ImportOptions, SiteImport
from masthead.porting.sources.wordpress.reader import WordPressSource
from masthead.publishing.models import ArticlePage, Author, Picture, PlainPage, PublishedStory, SectionPage
from masthead.publishing.testing import make_home, make_section

from . import wxr

pytestmark = pytest.mark.django_db

BOAT = "https://old.example/wp-content/uploads/2024/03/boat.jpg"


@pytest.fixture(autouse=True)
def home() -> Any:
    return make_home()


def run_import(path: Path, **options: Any) -> ImportReport:
    return SiteImport(WordPressSource(path), path, ImportOptions(**options)).perform()


def photo(folder: Path, name: str, colour: str = "#345") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    output = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(output, "JPEG")
    path.write_bytes(output.getvalue())
    return path


def with_picture(folder: Path) -> Path:
    body = f'<p>Low tide.</p><img class="wp-image-7" src="{BOAT}" alt="b">'
    return wxr.write(
        folder, wxr.attachment(7, BOAT, alt="A boat"), wxr.item(1, body=body, extra=wxr.meta("_thumbnail_id", "7"))
    )


class TestStories:
    def test_a_new_comment_in_a_later_export_is_added_alone(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1, extra=wxr.comment(1))))
        report = run_import(wxr.write(tmp_path, wxr.item(1, extra=wxr.comment(1) + wxr.comment(2, parent=1))))
        assert (report.added, report.unchanged) == (1, 2)
        assert PublishedStory.objects.get().comment_count == 2
        assert Comment.objects.get(legacy_id="2").parent == Comment.objects.get(legacy_id="1")

    def test_a_dry_run_foretells_a_new_comment(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1, extra=wxr.comment(1))))
        path = wxr.write(tmp_path, wxr.item(1, extra=wxr.comment(1) + wxr.comment(2)))
        assert run_import(path, is_dry_run=True).added == 1
        assert Comment.objects.count() == 1

    def test_a_story_changed_in_the_old_site_is_brought_up_to_date(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1, title="Old")))
        run_import(wxr.write(tmp_path, wxr.item(1, title="New")))
        assert [story.title for story in PublishedStory.objects.all()] == ["New"]

    def test_a_page_changed_in_the_old_site_is_brought_up_to_date(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1, title="Old", wp__post_type="page")))
        run_import(wxr.write(tmp_path, wxr.item(1, title="New", wp__post_type="page")))
        assert [page.title for page in PlainPage.objects.all()] == ["New"]

    def test_a_story_that_somebody_worked_on_here_is_left_alone(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1, title="Old")))
        article = ArticlePage.objects.get()
        article.title = "Corrected"
        article.save()
        report = run_import(wxr.write(tmp_path, wxr.item(1, title="New", extra=wxr.comment(1))))
        assert ArticlePage.objects.get().title == "Corrected"
        assert any("left alone" in sentence for sentence in report.repairs)
        assert Comment.objects.count() == 1

    def test_a_story_that_somebody_deleted_here_stays_deleted(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1)))
        ArticlePage.objects.get().delete()
        run_import(wxr.write(tmp_path, wxr.item(1, title="New")))
        assert not ArticlePage.objects.exists()

    def test_pages_and_sections_that_are_already_here_are_not_taken_over(self, tmp_path: Path) -> None:
        section = make_section("Harbour news", slug="harbour")
        extra = '<category domain="category" nicename="harbour">Other name</category>'
        own = wxr.item(2, title="About", wp__post_name="about", wp__post_type="page")
        run_import(wxr.write(tmp_path, wxr.item(1, extra=extra), own))
        run_import(wxr.write(tmp_path, own.replace("?p=2", "?p=3")))
        assert SectionPage.objects.get(slug="harbour").title == "Harbour news"
        assert ArticlePage.objects.get().get_parent().pk == section.pk
        assert sorted(PlainPage.objects.values_list("slug", flat=True)) == ["about", "about-2"]

    def test_the_same_login_on_two_sites_is_two_people(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.author("ada", "Ada One"), wxr.item(1)))
        other = wxr.HEAD.replace("old.example", "other.example")
        run_import(wxr.write(tmp_path, wxr.author("ada", "Ada Two"), wxr.item(2), head=other))
        assert set(Author.objects.values_list("name", flat=True)) == {"Ada One", "Ada Two"}

    def test_what_is_hidden_stays_hidden(self, tmp_path: Path) -> None:
        hidden = [
            wxr.item(1, wp__post_password="x", extra=wxr.comment(1)),
            wxr.item(2, wp__status="private", extra=wxr.comment(2)),
            wxr.item(3, wp__status="draft"),
            wxr.item(4, wp__status="future", wp__post_date_gmt="2090-01-01 00:00:00"),
            wxr.item(5, wp__status="future"),
            wxr.item(6, wp__status="draft", wp__post_type="page"),
        ]
        run_import(wxr.write(tmp_path, *hidden))
        assert not PublishedStory.objects.exists()
        assert not ArticlePage.objects.live().exists()
        assert not PlainPage.objects.live().exists()
        assert ArticlePage.objects.exclude(go_live_at=None).count() == 1

    def test_every_run_is_recorded_with_its_report(self, tmp_path: Path) -> None:
        run_import(wxr.write(tmp_path, wxr.item(1)))
        run = ImportRun.objects.get()
        assert run.position == 1
        assert run.finished_at is not None
        assert run.report["posts"] == 1

    def test_without_a_front_page_nothing_is_imported(self, tmp_path: Path, home: Any) -> None:
        home.delete()
        with pytest.raises(ImportRefused, match="masthead init"):
            run_import(wxr.write(tmp_path, wxr.item(1)))

    def test_only_the_largest_sections_stand_in_the_masthead(self, tmp_path: Path) -> None:
        items = [
            wxr.item(number, extra=f'<category domain="category" nicename="s{number % 10}">S{number % 10}</category>')
            for number in range(1, 19)
        ]
        run_import(wxr.write(tmp_path, *items))
        shown = SectionPage.objects.filter(show_in_menus=True).values_list("slug", flat=True)
        assert set(shown) == {f"s{number}" for number in range(1, 9)}


class TestPictures:
    def test_pictures_come_from_the_folder(self, tmp_path: Path) -> None:
        photo(tmp_path / "uploads", "2024/03/Boat.jpg")
        report = run_import(with_picture(tmp_path), media_folder=tmp_path / "uploads")
        article = ArticlePage.objects.get()
        assert (len(report.media_found), dict(report.media_missing)) == (1, {})
        assert article.picture == Picture.objects.get()
        assert article.body[1].value["picture"] == article.picture
        assert article.picture.alt == "A boat"

    def test_a_picture_is_found_by_its_name_where_only_one_file_has_it(self, tmp_path: Path) -> None:
        photo(tmp_path / "uploads", "boat.jpg")
        assert not run_import(with_picture(tmp_path), media_folder=tmp_path / "uploads").media_missing
        two = tmp_path / "two"
        photo(two, "a/boat.jpg", "#111")
        photo(two, "b/boat.jpg", "#222")
        Picture.objects.all().delete()
        assert run_import(with_picture(tmp_path), media_folder=two).media_missing

    def test_a_missing_picture_leaves_its_words_and_never_a_broken_picture(self, tmp_path: Path) -> None:
        report = run_import(with_picture(tmp_path))
        kinds = [block.block_type for block in ArticlePage.objects.get().body]
        assert kinds == ["text", "text"]
        assert list(report.media_missing) == [BOAT]
        assert BOAT in ArticlePage.objects.get().body[1].value.source

    def test_pictures_that_were_missing_are_filled_in_later(self, tmp_path: Path) -> None:
        path = with_picture(tmp_path)
        run_import(path)
        photo(tmp_path / "uploads", "2024/03/boat.jpg")
        report = run_import(path, media_folder=tmp_path / "uploads")
        assert [block.block_type for block in ArticlePage.objects.get().body] == ["text", "picture"]
        assert report.added == 0
        assert PublishedStory.objects.get().picture is not None

    def test_a_file_that_is_no_picture_is_named(self, tmp_path: Path) -> None:
        photo(tmp_path / "uploads", "2024/03/boat.jpg").write_text("<script>alert(1)</script>")
        report = run_import(with_picture(tmp_path), media_folder=tmp_path / "uploads")
        assert not Picture.objects.exists()
        assert "boat.jpg" in report.media_missing[BOAT]

    def test_a_dry_run_looks_for_pictures_and_keeps_none(self, tmp_path: Path) -> None:
        photo(tmp_path / "uploads", "2024/03/boat.jpg")
        report = run_import(with_picture(tmp_path), media_folder=tmp_path / "uploads", is_dry_run=True)
        assert len(report.media_found) == 1
        assert not Picture.objects.exists()

    def test_pictures_no_story_shows_come_into_the_library(self, tmp_path: Path) -> None:
        photo(tmp_path / "uploads", "2024/03/boat.jpg")
        path = wxr.write(tmp_path, wxr.attachment(7, BOAT), wxr.item(1))
        run_import(path, media_folder=tmp_path / "uploads")
        assert Picture.objects.count() == 1

    def test_a_lead_picture_of_another_file_is_named(self, tmp_path: Path) -> None:
        report = run_import(wxr.write(tmp_path, wxr.item(1, extra=wxr.meta("_thumbnail_id", "5"))))
        assert "#5" in report.media_missing

    def test_the_lead_picture_of_a_page_opens_it(self, tmp_path: Path) -> None:
        photo(tmp_path / "uploads", "2024/03/boat.jpg")
        item = wxr.item(1, wp__post_type="page", extra=wxr.meta("_thumbnail_id", "7"))
        run_import(wxr.write(tmp_path, wxr.attachment(7, BOAT), item), media_folder=tmp_path / "uploads")
        assert [block.block_type for block in PlainPage.objects.get().body] == ["picture", "text"]

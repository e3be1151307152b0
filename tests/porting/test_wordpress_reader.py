"""Reading real and broken WordPress exports: what is counted, repaired and refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from masthead.porting.errors import ImportRefused
from masthead.porting.records import CommentKind, CommentStatus, SkippedRecord, StoryKind, StoryRecord, StoryStatus
from masthead.porting.sources.wordpress.reader import WordPressSource

from . import wxr
from .inputs import INPUTS, expected_counts, needs_inputs, wordpress_files


def stories(path: Path) -> list[StoryRecord]:
    return [record for record in WordPressSource(path).records() if isinstance(record, StoryRecord)]


def story(path: Path) -> StoryRecord:
    (found,) = stories(path)
    return found


@needs_inputs
class TestRealFiles:
    @pytest.mark.parametrize("name", wordpress_files())
    def test_everything_in_the_file_is_counted(self, name: str) -> None:
        counts = expected_counts()[name]
        records = list(WordPressSource(INPUTS / name).records())
        found = [record for record in records if isinstance(record, StoryRecord)]
        comments = [comment for record in found for comment in record.comments]
        kinds = counts.get("comment_types", {})
        assert {
            "posts": sum(record.kind is StoryKind.POST for record in found),
            "pages": sum(record.kind is StoryKind.PAGE for record in found),
            "comments": len(comments),
            "pingbacks": sum(comment.kind is CommentKind.PINGBACK for comment in comments),
            "trackbacks": sum(comment.kind is CommentKind.TRACKBACK for comment in comments),
            "replies": sum(comment.is_reply for comment in comments),
            "orphans": sum(comment.is_orphan for comment in comments),
            "approved": sum(comment.status is CommentStatus.APPROVED for comment in comments),
        } == {
            "posts": counts["types"].get("post", 0),
            "pages": counts["types"].get("page", 0),
            "comments": counts["comments"],
            "pingbacks": kinds.get("pingback", 0),
            "trackbacks": kinds.get("trackback", 0),
            "replies": counts.get("replies", 0),
            "orphans": counts.get("orphans", 0),
            "approved": counts.get("comment_approved", {}).get("1", 0),
        }

    @pytest.mark.parametrize("name", wordpress_files())
    def test_what_is_public_is_what_the_old_site_showed(self, name: str) -> None:
        counts = expected_counts()[name]
        statuses = counts["type/status"]
        found = stories(INPUTS / name)
        published = statuses.get("post/publish", 0) + statuses.get("page/publish", 0) - counts["password_protected"]
        visible = [
            comment
            for record in found
            if record.is_public
            for comment in record.comments
            if comment.kind is CommentKind.COMMENT and comment.status is CommentStatus.APPROVED
        ]
        assert sum(record.is_public for record in found) == published
        assert len(visible) == counts.get("visible_reader_comments", 0)

    @pytest.mark.parametrize("name", wordpress_files())
    def test_every_item_becomes_something_or_is_named(self, name: str) -> None:
        source = WordPressSource(INPUTS / name)
        records = list(source.records())
        pages = [
            record for record in records if isinstance(record, StoryRecord) and record.kind is not StoryKind.DISCUSSION
        ]
        left_out = [record for record in records if isinstance(record, SkippedRecord)]
        attachments = expected_counts()[name]["types"].get("attachment", 0)
        assert len(pages) + len(left_out) + attachments == expected_counts()[name]["items"]
        assert all(record.reason for record in left_out)

    @pytest.mark.parametrize("name", wordpress_files())
    def test_keys_are_unique_and_the_same_in_a_second_reading(self, name: str) -> None:
        first = [(record.key, [each.key for each in record.comments]) for record in stories(INPUTS / name)]
        keys = [key for key, _ in first] + [key for _, comments in first for key in comments]
        assert len(keys) == len(set(keys))
        assert first == [(record.key, [each.key for each in record.comments]) for record in stories(INPUTS / name)]

    def test_a_file_that_is_not_well_formed_is_refused_with_the_line(self) -> None:
        with pytest.raises(ImportRefused, match="line 90"):
            WordPressSource(INPUTS / "wordpress/small/malformed.xml").survey()

    def test_a_file_without_items_is_refused(self) -> None:
        with pytest.raises(ImportRefused, match="no posts and no pages"):
            WordPressSource(INPUTS / "wordpress/small/missing-version-tag.xml").survey()

    def test_a_file_without_a_version_is_read_and_the_repair_named(self) -> None:
        survey = WordPressSource(INPUTS / "wordpress/isso-wordpress.xml").survey()
        assert any("version" in sentence for sentence in survey.repairs)

    def test_misspelt_authors_are_read_as_those_they_mean(self) -> None:
        source = WordPressSource(INPUTS / "wordpress/theme-unit-test-data.xml")
        assert set(source.survey().authors) == {"themedemos", "themereviewteam"}
        assert any("themereviewteam>" in sentence for sentence in source.survey().repairs)

    def test_addresses_as_logins_are_never_names(self) -> None:
        for name in ("posts-only.xml", "sample-with-alt.xml"):
            survey = WordPressSource(INPUTS / "wordpress/ghost-migrate" / name).survey()
            assert not [author for author in survey.authors.values() if "@" in author.name]

    def test_all_authors_of_a_story_stand_in_its_byline_once(self) -> None:
        found = stories(INPUTS / "wordpress/ghost-migrate/co-authors-plus.xml")
        assert [len(record.author_keys) for record in found] == [2, 3, 1, 2]
        assert not any(tag.slug == "alice-smith" for record in found for tag in (*record.tags, *record.sections))

    def test_search_texts_come_from_the_story_that_has_them(self) -> None:
        first, second = stories(INPUTS / "wordpress/ghost-migrate/has-yoast-meta.xml")
        assert first.seo_title == "My Custom SEO Title for Search Engines"
        assert first.seo_description.startswith("A short description")
        assert (second.seo_title, second.seo_description) == ("", "")

    def test_percent_encoded_slugs_are_decoded(self) -> None:
        found = stories(INPUTS / "wordpress/theme-test-data-ja.xml")
        slugs = [term.slug for record in found for term in record.sections] + [record.slug for record in found]
        assert not [slug for slug in slugs if "%" in slug]

    def test_backslashes_survive(self) -> None:
        record = story(INPUTS / "wordpress/small/slashes.xml")
        assert r"Slashes aren\'t \"cool\"" in record.body_source
        assert record.comments[0].body_source == r"\o/ ¯\_(ツ)_/¯"

    def test_padding_is_trimmed(self) -> None:
        survey = WordPressSource(INPUTS / "wordpress/theme-unit-test-data.xml").survey()
        assert all(record.url == record.url.strip() and record.url for record in survey.media.values())
        for record in stories(INPUTS / "wordpress/isso-wordpress.xml"):
            assert all(each.author_email == each.author_email.strip() for each in record.comments)


class TestDates:
    def test_zero_in_the_utc_column_means_the_local_date(self, tmp_path: Path) -> None:
        path = wxr.write(tmp_path, wxr.item(1, wp__post_date_gmt="0000-00-00 00:00:00"))
        (record,) = WordPressSource(path, zone=ZoneInfo("America/New_York")).records()
        assert isinstance(record, StoryRecord)
        assert record.published_at == datetime(2024, 3, 1, 15, tzinfo=UTC)

    def test_the_date_of_the_feed_is_the_last_resort(self, tmp_path: Path) -> None:
        zero = "0000-00-00 00:00:00"
        dates = {"wp__post_date": zero, "wp__post_date_gmt": zero, "pubDate": "Wed, 05 Jun 2024 16:04:48 +0200"}
        assert story(wxr.write(tmp_path, wxr.item(1, **dates))).published_at == datetime(
            2024, 6, 5, 14, 4, 48, tzinfo=UTC
        )

    @pytest.mark.parametrize("fed", ["", "some day", "Thu, 01 Jan 1970 00:00:00 +0000"])
    def test_a_story_may_have_no_date(self, tmp_path: Path, fed: str) -> None:
        dates = {"wp__post_date": "", "wp__post_date_gmt": "0000-00-00 00:00:00", "pubDate": fed}
        assert story(wxr.write(tmp_path, wxr.item(1, **dates))).published_at is None


class TestStories:
    @pytest.mark.parametrize(
        ("status", "password", "expected"),
        [
            ("publish", "", StoryStatus.PUBLISHED),
            ("publish", "secret", StoryStatus.PASSWORD),
            ("future", "", StoryStatus.SCHEDULED),
            ("private", "", StoryStatus.PRIVATE),
            ("draft", "", StoryStatus.DRAFT),
            ("pending", "", StoryStatus.DRAFT),
            ("something-new", "", StoryStatus.DRAFT),
        ],
    )
    def test_only_what_was_public_is_public(
        self, tmp_path: Path, status: str, password: str, expected: StoryStatus
    ) -> None:
        record = story(wxr.write(tmp_path, wxr.item(1, wp__status=status, wp__post_password=password)))
        assert record.status is expected
        assert record.is_public is (expected is StoryStatus.PUBLISHED)

    def test_the_bin_stays_behind_and_says_so(self, tmp_path: Path) -> None:
        (record,) = WordPressSource(wxr.write(tmp_path, wxr.item(1, wp__status="trash"))).records()
        assert isinstance(record, SkippedRecord)
        assert "bin" in record.reason

    def test_comments_below_something_that_is_no_story_are_kept(self, tmp_path: Path) -> None:
        path = wxr.write(tmp_path, wxr.item(1, wp__post_type="recipe", extra=wxr.comment(5)))
        left_out, kept = WordPressSource(path).records()
        assert isinstance(left_out, SkippedRecord)
        assert "1 comments are kept" in left_out.reason
        assert isinstance(kept, StoryRecord)
        assert kept.kind is StoryKind.DISCUSSION
        assert not kept.is_public
        assert [comment.source_id for comment in kept.comments] == ["5"]

    def test_meta_of_plug_ins_is_not_read(self, tmp_path: Path) -> None:
        meta = (
            "<wp:postmeta><wp:meta_key>_oembed_x</wp:meta_key><wp:meta_value>of-a-plug-in</wp:meta_value></wp:postmeta>"
        )
        assert "of-a-plug-in" not in repr(story(wxr.write(tmp_path, wxr.item(1, extra=meta))))

    def test_the_chosen_category_leads_and_the_default_one_comes_last(self, tmp_path: Path) -> None:
        slugs = ["uncategorized", "news", "sport"]
        declared = "".join(
            f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>"
            f"<wp:cat_name>{slug.title()}</wp:cat_name></wp:category>"
            for number, slug in enumerate(slugs, start=1)
        )
        extra = (
            "".join(
                f'<category domain="category" nicename="{slug}">x</category>'
                for slug in ("uncategorized", "news", "sport")
            )
            + '<category domain="post_tag" nicename="t">Tea &amp;amp; toast</category>'
            + wxr.meta("_yoast_wpseo_primary_category", "3")
        )
        record = story(wxr.write(tmp_path, declared, wxr.item(1, extra=extra)))
        assert [term.name for term in record.sections] == ["Sport", "News", "Uncategorized"]
        assert [term.name for term in record.tags] == ["Tea & toast"]

    def test_a_template_of_a_plug_in_is_no_search_text(self, tmp_path: Path) -> None:
        meta = wxr.meta("_yoast_wpseo_title", "%%title%% %%sep%%")
        assert story(wxr.write(tmp_path, wxr.item(1, extra=meta))).seo_title == ""

    def test_stories_that_share_id_and_address_stay_apart(self, tmp_path: Path) -> None:
        first, second = stories(wxr.write(tmp_path, wxr.item(1), wxr.item(1)))
        assert first.key != second.key

    def test_titles_are_plain_text(self, tmp_path: Path) -> None:
        title = "Caf&eacute; <em>open</em><script>alert(1)</script> a < b"
        assert story(wxr.write(tmp_path, wxr.item(1, title=title))).title == "Café open a < b"


class TestComments:
    def test_a_lost_parent_is_an_orphan_and_stands_at_top_level(self, tmp_path: Path) -> None:
        record = story(wxr.write(tmp_path, wxr.item(1, extra=wxr.comment(7, parent=6))))
        (comment,) = record.comments
        assert (comment.parent_id, comment.lost_parent_id, comment.is_orphan) == ("", "6", True)

    def test_an_id_used_twice_is_two_comments(self, tmp_path: Path) -> None:
        record = story(wxr.write(tmp_path, wxr.item(1, extra=wxr.comment(7) + wxr.comment(7))))
        assert len({comment.key for comment in record.comments}) == 2

    def test_replies_in_a_circle_are_broken_up(self, tmp_path: Path) -> None:
        extra = (
            wxr.comment(1, parent=3) + wxr.comment(2, parent=1) + wxr.comment(3, parent=2) + wxr.comment(4, parent=4)
        )
        record = story(wxr.write(tmp_path, wxr.item(1, extra=extra)))
        parents = {comment.source_id: comment.parent_id for comment in record.comments}
        for start in parents:
            at, steps = start, 0
            while parents[at]:
                at, steps = parents[at], steps + 1
                assert steps <= len(parents)

    @pytest.mark.parametrize(
        ("approved", "kind", "expected"),
        [
            ("1", "", CommentStatus.APPROVED),
            ("1", "comment", CommentStatus.APPROVED),
            ("0", "comment", CommentStatus.HELD),
            ("hold", "comment", CommentStatus.HELD),
            ("spam", "comment", CommentStatus.SPAM),
            ("trash", "comment", CommentStatus.TRASH),
            ("post-trashed", "comment", CommentStatus.TRASH),
            ("1", "order_note", CommentStatus.HELD),
            ("1", "pingback", CommentStatus.APPROVED),
        ],
    )
    def test_what_moderators_decided_still_holds(
        self, tmp_path: Path, approved: str, kind: str, expected: CommentStatus
    ) -> None:
        extra = wxr.comment(1, comment_approved=approved, comment_type=kind)
        assert story(wxr.write(tmp_path, wxr.item(1, extra=extra))).comments[0].status is expected

    def test_an_address_as_a_name_is_not_published(self, tmp_path: Path) -> None:
        extra = wxr.comment(1, comment_author="ada@example.invalid")
        assert story(wxr.write(tmp_path, wxr.item(1, extra=extra))).comments[0].author_name == ""

    def test_a_comment_by_staff_knows_the_author(self, tmp_path: Path) -> None:
        author = "<wp:author><wp:author_id>9</wp:author_id><wp:author_login>Ada</wp:author_login></wp:author>"
        record = story(wxr.write(tmp_path, author, wxr.item(1, extra=wxr.comment(1, comment_user_id="9"))))
        assert record.comments[0].author_key == "ada"


class TestAuthors:
    def test_names_come_from_first_and_last_name_when_the_display_name_is_an_address(self, tmp_path: Path) -> None:
        author = (
            "<wp:author><wp:author_login>a@b.invalid</wp:author_login><wp:author_display_name>a@b.invalid</wp:author_display_name>"
            "<wp:author_first_name>Ada</wp:author_first_name><wp:author_last_name>Byron</wp:author_last_name></wp:author>"
        )
        survey = WordPressSource(wxr.write(tmp_path, author, wxr.item(1, dc__creator="a@b.invalid"))).survey()
        assert survey.authors["a@b.invalid"].name == "Ada Byron"

    def test_an_author_known_by_address_only_stays_unnamed_and_is_reported(self, tmp_path: Path) -> None:
        survey = WordPressSource(wxr.write(tmp_path, wxr.item(1, dc__creator="a@b.invalid"))).survey()
        assert survey.authors["a@b.invalid"].name == "Unnamed author"
        assert any("e-mail address only" in sentence for sentence in survey.repairs)

    def test_a_guest_author_without_an_account_gets_a_byline(self, tmp_path: Path) -> None:
        extra = '<category domain="author" nicename="cap-zoe-quill">Zoë Quill</category>'
        source = WordPressSource(wxr.write(tmp_path, wxr.item(1, extra=extra)))
        (record,) = source.records()
        assert isinstance(record, StoryRecord)
        assert [source.survey().authors[key].name for key in record.author_keys] == ["Zoë Quill"]

    def test_an_author_entry_without_a_login_is_passed_over(self, tmp_path: Path) -> None:
        path = wxr.write(tmp_path, "<wp:author><wp:author_id>1</wp:author_id></wp:author>", wxr.item(1, dc__creator=""))
        assert WordPressSource(path).survey().authors == {}


class TestDamage:
    def test_control_characters_and_broken_bytes_are_repaired_and_named(self, tmp_path: Path) -> None:
        path = wxr.write(tmp_path, wxr.item(1, body="one@two#three"))
        path.write_bytes(b"\n " + path.read_bytes().replace(b"@two", b"\x08two").replace(b"#", b"\xff"))
        source = WordPressSource(path)
        assert len(source.survey().repairs) == 3
        assert story(path).body_source == "onetwo\ufffdthree"

    @pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16"])
    def test_other_encodings_are_read(self, tmp_path: Path, encoding: str) -> None:
        path = wxr.write(tmp_path, wxr.item(1, title="Café"))
        path.write_bytes(path.read_text(encoding="utf-8").replace("UTF-8", encoding).encode(encoding))
        assert story(path).title == "Café"

    def test_an_unknown_encoding_is_read_as_utf_8(self, tmp_path: Path) -> None:
        path = wxr.write(tmp_path, wxr.item(1, title="Café"))
        path.write_text(path.read_text(encoding="utf-8").replace("UTF-8", "x-none"), encoding="utf-8")
        assert story(path).title == "Café"

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "damaged"),
            ("GIF89a", "damaged"),
            ("<html><body>Log in</body></html>", "not a WordPress export"),
            ("<rss><channel><item><title>News</title></item></channel></rss>", "news feed"),
            ("<rss><channel/></rss>", "no posts"),
            ('<!DOCTYPE r [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>', "entities"),
        ],
    )
    def test_other_files_are_refused_in_one_sentence(self, tmp_path: Path, content: str, words: str) -> None:
        path = tmp_path / "file.xml"
        path.write_text(content)
        with pytest.raises(ImportRefused, match=words) as refusal:
            WordPressSource(path).survey()
        assert refusal.value.sentence.endswith(".")

    def test_a_missing_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ImportRefused, match="cannot be read"):
            WordPressSource(tmp_path / "none.xml").survey()

    def test_a_file_cut_off_in_the_middle_is_refused(self, tmp_path: Path) -> None:
        path = wxr.write(tmp_path, wxr.item(1), wxr.item(2))
        path.write_text(path.read_text()[:-200])
        with pytest.raises(ImportRefused, match="breaks off"):
            WordPressSource(path).survey()

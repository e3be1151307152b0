"""What is computed from values alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.publishing.rules import addresses, embeds, passages, renditions, story_html, text


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        ("https://www.youtube.com/watch?v=dQw4&t=1", "https://www.youtube-nocookie.com/embed/dQw4"),
        ("https://youtu.be/dQw4?si=x", "https://www.youtube-nocookie.com/embed/dQw4"),
        ("https://m.youtube.com/shorts/dQw4", "https://www.youtube-nocookie.com/embed/dQw4"),
        ("https://www.youtube.com/watch?v=a%22onload", ""),
        ("https://vimeo.com/1234", "https://player.vimeo.com/video/1234?dnt=1"),
        ("https://vimeo.com/about", ""),
        ("https://www.dailymotion.com/video/x7tgad0", "https://geo.dailymotion.com/player.html?video=x7tgad0"),
        ("https://soundcloud.com/a/b", "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b"),
        ("https://soundcloud.com/a", ""),
        ("https://archive.org/details/film_1", "https://archive.org/embed/film_1"),
        ("https://archive.org/", ""),
        (
            "https://www.openstreetmap.org/export/embed.html?bbox=1.0,2.0,3.0,4.0&layer=x",
            "https://www.openstreetmap.org/export/embed.html?bbox=1.0,2.0,3.0,4.0",
        ),
        ("https://www.openstreetmap.org/#map=1", ""),
        (
            "https://tube.example/w/abcdefghijklmnopqrstuv",
            "https://tube.example/videos/embed/abcdefghijklmnopqrstuv?peertubeLink=0",
        ),
        ("https://example.org/page", ""),
    ],
)
def test_frames_come_from_known_places_only(url: str, frame: str) -> None:
    card = embeds.embed(url)
    assert card is not None
    assert card.frame == frame


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "//x.org", "https://", "http://[::1"])
def test_what_is_no_address_is_no_embed(url: str) -> None:
    assert embeds.embed(url) is None


@given(st.text(max_size=80))
def test_no_address_gives_a_frame_outside_its_form(path: str) -> None:
    card = embeds.embed(f"https://youtube.com/watch?v={path}")
    assert card is None or card.frame == "" or re.fullmatch(r"https://[\w.-]+/embed/[\w-]{1,64}", card.frame, re.ASCII)


@given(st.text(alphabet=st.sampled_from("<>/=\"' abimgscriptonerror:javascript&;#xa\x00\n"), max_size=120))
def test_cleaning_is_idempotent_and_leaves_nothing_that_runs(markup: str) -> None:
    once = story_html.clean(markup, story_html.HTML_TAGS)
    assert story_html.clean(once, story_html.HTML_TAGS) == once
    assert not re.search(r"<script|<[^>]*\son\w+=|<[^>]*javascript:", once, re.IGNORECASE)


def test_pictures_of_other_sites_are_not_loaded() -> None:
    cleaned = story_html.clean('<img src="https://t.example/x.png" alt="A"><img src="/media/x.png">', {"img"})
    assert cleaned == '<img alt="A"><img src="/media/x.png">'


def test_links_by_id_become_addresses_or_words() -> None:
    markup = 'A <a linktype="page" id="3">b</a> <a id="4" linktype="page">c</a> <a linktype="document" id="x">d</a>'
    assert story_html.internal_links(markup) == {("page", 3), ("page", 4)}
    resolved = story_html.resolve_links(markup, {("page", 3): '/a"b/'})
    assert resolved == 'A <a href="/a&quot;b/">b</a> <a>c</a> <a>d</a>'


@pytest.mark.parametrize(
    ("words", "found"),
    [("two words", 1), ("two  words", 1), ("“so”", 1), ('"so"', 1), ("words and", 0), ("", 0), ("a", 4)],
)
def test_words_are_counted_within_one_paragraph(words: str, found: int) -> None:
    assert passages.occurrences(words, "Here a two\u00a0words\nand then “so” a a") == found


def mark(words: str) -> passages.Mark:
    return passages.Mark("abc", 1, words, "Question 1")


def test_marking_keeps_every_word_in_its_place() -> None:
    markup = "<p>One <b>two</b> &amp; “three” four.</p><p>Five</p>"
    marked = passages.mark(markup, [mark('two & "three"')])
    assert re.sub(r"<sup.*?</sup>|<[^>]*>", "", marked) == "One two &amp; “three” four.Five"
    assert marked.count('class="asked"') == 2
    assert marked.count('id="note-1-words"') == 1
    assert "</p><!--passage:abc--><p>Five" in marked
    assert passages.split(marked)[0][1] == "abc"


def test_words_that_are_not_there_change_nothing() -> None:
    assert passages.mark("<p>One</p>", [mark("two")]) == "<p>One</p>"


@given(st.text(alphabet="ab <&>", min_size=1, max_size=30))
def test_marking_never_loses_text(words: str) -> None:
    import html

    markup = f"<p>start {html.escape(words)} end</p>"
    marked = passages.mark(markup, [mark(words)])
    assert text.plain(re.sub(r"<sup.*?</sup>", "", passages.without_markers(marked))) == text.plain(markup)


def test_a_text_is_measured_and_cut() -> None:
    assert text.word_count("One two\nthree") == 3
    assert [text.reading_minutes(words) for words in (0, 100, 230, 1000)] == [1, 1, 1, 4]
    assert text.shortened("One two three", 9) == "One two…"
    assert text.shortened("Onetwothree", 5) == "Onet…"
    assert text.shortened("Short", 9) == "Short"


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [
        ("a", set(), "a"),
        ("a", {"a"}, "a-2"),
        ("a", {"a", "a-2"}, "a-3"),
        ("a-2", {"a-2"}, "a-3"),
        ("", set(), "story"),
    ],
)
def test_a_slug_finds_its_number(wanted: str, taken: set[str], free: str) -> None:
    assert addresses.free_slug(wanted, taken) == free


def test_the_name_of_a_size_says_how_it_is_made() -> None:
    rendition = renditions.Rendition(7, "0123456789", "card", "jpg")
    assert renditions.parse(rendition.name) == rendition
    assert rendition.filter_spec == "fill-660x440|format-jpeg|bgcolor-ffffff"
    assert renditions.parse("renditions/7-0123456789/761.jpg") is None

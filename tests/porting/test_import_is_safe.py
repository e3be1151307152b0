"""Whatever an export holds, nothing of it runs in a reader's browser."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.markup import clean_comment_html, clean_story_html
from masthead.porting.markup import INLINE_TAGS, RICH_TAGS, clean_inline, clean_rich_text
from masthead.porting.records import (
    Body,
    EmbedBlock,
    GalleryBlock,
    HtmlBlock,
    ListBlock,
    MediaRecord,
    PictureBlock,
    QuoteBlock,
    StoryRecord,
    TableBlock,
    TextBlock,
)
from masthead.porting.sources.wordpress.body import BodyContext, convert_body
from masthead.porting.sources.wordpress.comment_body import convert_comment
from masthead.porting.sources.wordpress.media_index import MediaIndex
from masthead.porting.sources.wordpress.reader import WordPressSource
from masthead.porting.text import plain_text

from . import wxr
from .inputs import INPUTS, needs_inputs, payloads

CONTEXT = BodyContext(
    media=MediaIndex({"7": MediaRecord(key="7", url="https://old.example/a.jpg", parent_key="1")}),
    base_url="https://old.example",
    story_id="1",
)
COMMENT_TAGS = {
    "p", "br", "a", "em", "strong", "i", "b", "s", "del", "ins", "sub", "sup", "q", "cite", "abbr", "blockquote",
    "ul", "ol", "li", "code", "pre", "details", "summary",
}  # fmt: skip
KEPT_TAGS = COMMENT_TAGS | {
    "h2", "h3", "h4", "h5", "h6", "hr", "dl", "dt", "dd", "figure", "figcaption", "small", "mark", "u", "kbd",
    "samp", "var", "time", "div", "span", "wbr", "address", "ruby", "rt", "rp", "table",
    "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "colgroup", "col",
}  # fmt: skip
HARMLESS_ATTRIBUTES = {
    "href", "title", "rel", "dir", "lang", "start", "reversed", "open", "colspan", "rowspan", "scope", "datetime",
}  # fmt: skip
SCHEMES = {"", "http", "https", "mailto", "tel"}
TAGS = """<p> </p> <b> </b> </a> <svg> </svg> <math> <style> </style> <table> <td> </table> <!-- --> <script> </script>
<noscript> <template> <li> <ul> <pre> </pre> <blockquote> </blockquote> <ruby> <figure> </figure> <h2> </h2> <title>
<mtext> <details> <summary> </li> <dl> <dt> <abbr> &lt;script&gt; [caption] [/caption] [gallery] [code] [/code]"""
PHRASES = [
    *("<!-- wp:html -->", "<!-- /wp:html -->", "<a href='javascript:x'>", "<img src=x onerror=y>", "a", "\x00"),
    *("<iframe src='data:text/html,x'>", "\n", "\n\n"),
]
PIECES = st.sampled_from(TAGS.split() + PHRASES)


def markup_of(block: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield every piece of HTML in a block with the tags it may have."""
    if isinstance(block, TextBlock | QuoteBlock):
        yield block.html, RICH_TAGS
    elif isinstance(block, HtmlBlock):
        yield block.html, KEPT_TAGS
    elif isinstance(block, ListBlock):
        yield from ((item, INLINE_TAGS) for item in block.items)
    elif isinstance(block, TableBlock):
        yield from ((cell, INLINE_TAGS) for row in block.rows for cell in row)
    elif isinstance(block, PictureBlock | GalleryBlock):
        yield block.caption_html, INLINE_TAGS


def addresses_of(value: Any) -> Iterator[str]:
    """Yield every address in a block that is no part of its HTML."""
    if isinstance(value, EmbedBlock | PictureBlock):
        yield value.url
    if isinstance(value, PictureBlock):
        yield value.link
    if is_dataclass(value):
        for field in fields(value):
            yield from addresses_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from addresses_of(each)


def assert_harmless(markup: str, tags: set[str]) -> None:
    """Parse like a browser and look at every element."""
    tree = html5lib.parseFragment(markup, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in tags | {"tbody"}, markup
        assert set(element.attrib) <= HARMLESS_ATTRIBUTES, markup
        assert urlsplit(element.attrib.get("href", "").strip()).scheme in SCHEMES, markup


def assert_body_is_safe(body: Body) -> None:
    cleaners = {id(INLINE_TAGS): clean_inline, id(RICH_TAGS): clean_rich_text, id(KEPT_TAGS): clean_story_html}
    for block in body.blocks:
        for markup, tags in markup_of(block):
            assert_harmless(markup, tags)
            assert cleaners[id(tags)](markup) == markup
        assert all(urlsplit(url).scheme in SCHEMES for url in addresses_of(block))


@pytest.mark.no_cover  # quicker by half; others run the same lines
@needs_inputs
class TestPayloads:
    def test_the_collections_are_there(self) -> None:
        assert len(payloads()) > 4000

    @pytest.mark.parametrize("part", range(8))
    def test_bodies(self, part: int) -> None:
        for payload in payloads()[part::8]:
            assert_body_is_safe(convert_body(payload, CONTEXT))

    def test_bodies_hidden_in_shortcodes_and_blocks(self) -> None:
        frames = (
            "[caption caption='{0}']<img src='https://a.example/{0}' alt='{0}'>{0}[/caption]",
            "[embed]{0}[/embed][audio src=\"{0}\"][code language='{0}']{0}[/code]",
            '<!-- wp:html -->{0}<!-- /wp:html --><!-- wp:social-link {{"url":"{0}","service":"{0}"}} /-->',
            "<ul><li>{0}</li></ul><table><tr><td>{0}</td></tr></table><blockquote>{0}<cite>{0}</cite></blockquote>",
            "<pre>{0}</pre><figure class='wp-block-embed'>{0}</figure><div style='background:url({0})'>",
        )
        for number, payload in enumerate(payloads()):
            assert_body_is_safe(convert_body(frames[number % len(frames)].replace("{0}", payload), CONTEXT))

    @pytest.mark.parametrize("part", range(4))
    def test_comments(self, part: int) -> None:
        for payload in payloads()[part::4]:
            clean = clean_comment_html(convert_comment(payload))
            assert_harmless(clean, COMMENT_TAGS)
            assert clean_comment_html(clean) == clean

    def test_names_and_titles_are_text(self, tmp_path: Path) -> None:
        hostile = [text for text in payloads() if text.strip() and text.isprintable()][:400]
        items = [
            wxr.item(
                number,
                title=text,
                extra=wxr.comment(number, comment_author=text, comment_author_url=text, comment_content=text),
            )
            for number, text in enumerate(hostile, start=1)
        ]
        for record in WordPressSource(wxr.write(tmp_path, *items)).records():
            assert isinstance(record, StoryRecord)
            raw = hostile[int(record.source_id) - 1]
            for text in (record.title, record.comments[0].author_name):
                assert "<script" not in text.lower() or "&" in raw

    def test_scripts_of_other_sites_in_meta_are_not_read(self) -> None:
        source = WordPressSource(INPUTS / "wordpress/theme-unit-test-data.xml")
        for record in source.records():
            assert "embed.js" not in repr(record)

    @pytest.mark.parametrize(
        "name", ["theme-unit-test-data.xml", "theme-test-data-ja.xml", "nikola-export-example.xml"]
    )
    def test_real_bodies(self, name: str) -> None:
        source = WordPressSource(INPUTS / "wordpress" / name)
        for record in source.records():
            if isinstance(record, StoryRecord):
                assert_body_is_safe(source.body(record))


class TestAnything:
    @given(st.lists(PIECES, max_size=25).map("".join))
    def test_no_mixture_of_markup_runs(self, source: str) -> None:
        assert_body_is_safe(convert_body(source, CONTEXT))

    @given(st.lists(PIECES, max_size=25).map("".join))
    def test_no_mixture_runs_in_a_comment(self, source: str) -> None:
        assert_harmless(clean_comment_html(convert_comment(source)), COMMENT_TAGS)

    @given(st.text())
    def test_text_without_markup_survives(self, text: str) -> None:
        source = html.escape(text)
        shown = plain_text(source)
        assert shown == plain_text(html.escape(shown))

    def test_what_was_taken_out_is_named(self) -> None:
        body = convert_body("<p>Hi</p><script>alert(1)</script><form><input></form>", CONTEXT)
        assert body.blocks == (TextBlock("<p>Hi</p>"),)
        assert body.removed == ("1 × <script>", "1 × <form>", "1 × <input>")

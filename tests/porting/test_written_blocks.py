"""Neutral blocks, written as publishing takes them."""

from __future__ import annotations

from masthead.porting.blocks import BlockWriter
from masthead.porting.records import Block, Body, GalleryBlock, PictureBlock, QuoteBlock, TableBlock

HERE = PictureBlock("https://old.example/a.jpg", alt="A pier", link="https://x.example/")
GONE = PictureBlock("https://old.example/b.jpg", alt="A boat", caption_html="At <em>dawn</em>")


def written(block: Block) -> tuple[list[tuple[str, object]], list[str]]:
    writer = BlockWriter(lambda url, _key: 5 if url == HERE.url else None)
    return writer.written(Body((block,))), writer.kept


def test_where_a_click_on_a_picture_led_stands_below_it() -> None:
    (picture, link), kept = written(HERE)
    assert picture == ("picture", {"picture": 5, "alt": "A pier", "caption": "", "credit": ""})
    assert link == ("text", '<p><a href="https://x.example/">A pier</a></p>')
    assert len(kept) == 1


def test_a_gallery_shows_what_there_is_and_keeps_the_words_of_the_rest() -> None:
    blocks, _kept = written(GalleryBlock((HERE, GONE), caption_html="Two"))
    assert [kind for kind, _value in blocks] == ["gallery", "text", "text", "text"]
    assert "At <em>dawn</em>" in str(blocks[2][1])
    assert blocks[3] == ("text", "<p>Two</p>")


def test_a_gallery_without_any_picture_is_words() -> None:
    blocks, _kept = written(GalleryBlock((GONE,)))
    assert [kind for kind, _value in blocks] == ["text"]


def test_a_quote_with_a_link_is_kept_as_html_and_named() -> None:
    blocks, kept = written(QuoteBlock('<p>See <a href="/a">this</a></p>', "Ada"))
    assert blocks == [("html", '<blockquote><p>See <a href="/a">this</a></p><p>Ada</p></blockquote>')]
    assert len(kept) == 1


def test_a_quote_keeps_its_paragraphs() -> None:
    blocks, _kept = written(QuoteBlock("<p>One<br>two</p>\n<p>Three</p>", "Ada"))
    assert blocks == [("quote", {"text": "One\ntwo\n\nThree", "attribution": "Ada"})]


def test_links_in_table_heads_are_written_out() -> None:
    ((_kind, value),), _kept = written(TableBlock((('<a href="/a">A</a>',), ("1",)), has_header=True))
    assert value == {"caption": "", "has_header_row": True, "rows": [["A (/a)"], ["1"]]}

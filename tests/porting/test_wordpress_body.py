"""Text, links and pictures of WordPress bodies, turned into our blocks."""

from __future__ import annotations

import pytest

from masthead.porting.records import (
    CodeBlock,
    EmbedBlock,
    GalleryBlock,
    HeadingBlock,
    PictureBlock,
    TextBlock,
)
from masthead.porting.sources.wordpress.body import BodyContext, convert_body
from masthead.porting.sources.wordpress.media_index import MediaIndex

from .bodies import BOAT, MEDIA, PIER, block, blocks, converted


class TestClassicText:
    def test_blank_lines_part_paragraphs_and_line_ends_break_lines(self) -> None:
        assert block("One\ntwo\n\nThree") == TextBlock("<p>One<br>two</p><p>Three</p>")

    def test_windows_line_ends_are_line_ends(self) -> None:
        assert block("One\r\n\r\nTwo") == TextBlock("<p>One</p><p>Two</p>")

    def test_a_break_tag_before_a_line_end_is_one_break(self) -> None:
        assert block("One<br />\ntwo") == TextBlock("<p>One<br>two</p>")

    def test_indented_code_keeps_its_blanks_and_blank_lines(self) -> None:
        assert block("<pre>\nif a:\n    b\n\n    c</pre>") == CodeBlock("if a:\n    b\n\n    c")

    def test_an_unclosed_pre_keeps_the_rest(self) -> None:
        assert block("<pre>a\n\nb") == CodeBlock("a\n\nb")

    def test_page_marks_vanish(self) -> None:
        assert block("One<!--more Read on-->\n\nTwo\n<!--nextpage-->\nThree") == TextBlock(
            "<p>One</p><p>Two</p><p>Three</p>"
        )

    def test_nothing_yields_nothing(self) -> None:
        assert blocks("\n&nbsp;\n\n<p></p><!-- a note -->") == ()

    def test_an_address_alone_on_a_line_is_a_card(self) -> None:
        assert blocks("Look:\n\nhttps://youtu.be/ex8fMxXJDJw\n\nNice.") == (
            TextBlock("<p>Look:</p>"),
            EmbedBlock("https://youtu.be/ex8fMxXJDJw"),
            TextBlock("<p>Nice.</p>"),
        )

    def test_an_address_of_any_other_site_stays_text(self) -> None:
        assert block("https://example.org/a") == TextBlock("<p>https://example.org/a</p>")

    def test_old_spellings_become_ours(self) -> None:
        assert block("<strike>a</strike> <tt>b</tt> <q>c</q> <big>d</big> <u>e</u>") == TextBlock(
            "<p><s>a</s> <code>b</code> “c” d e</p>"
        )

    def test_a_smiley_picture_is_its_letters(self) -> None:
        assert block('Hi <img class="wp-smiley" src="https://s.w.org/1.svg" alt="🙂">!') == TextBlock("<p>Hi 🙂!</p>")
        assert block('<em>Hi <img class="emoji" src="https://s.w.org/1.svg" alt="🙂"></em>') == TextBlock(
            "<p><em>Hi 🙂</em></p>"
        )
        assert block('<h2>Hi <img class="emoji" src="https://s.w.org/1.svg" alt="🙂"></h2>') == HeadingBlock("Hi 🙂", 2)


class TestLinks:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("https://old.example/2014/test/", "/2014/test/"),
            ("http://www.old.example/?p=4#comment-2", "/?p=4#comment-2"),
            ("//old.example/about", "/about"),
            ("https://other.example/a", "https://other.example/a"),
            ("https://old.example/wp-content/uploads/a.pdf", "https://old.example/wp-content/uploads/a.pdf"),
            ("mailto:desk@example.org", "mailto:desk@example.org"),
            ("#note", "#note"),
        ],
    )
    def test_links_to_the_old_site_become_paths(self, old: str, new: str) -> None:
        assert block(f'<a href="{old}">x</a>') == TextBlock(f'<p><a href="{new}">x</a></p>')

    def test_a_neighbour_of_the_old_site_on_the_same_host_is_not_the_old_site(self) -> None:
        context = BodyContext(media=MEDIA, base_url="https://old.example/blog")
        source = '<a href="https://old.example/blog/a">x</a> <a href="https://old.example/blog-not">y</a>'
        assert convert_body(source, context).blocks == (
            TextBlock('<p><a href="/blog/a">x</a> <a href="https://old.example/blog-not">y</a></p>'),
        )

    def test_without_a_known_address_links_stay(self) -> None:
        body = convert_body('<a href="https://old.example/a">x</a>', BodyContext(media=MEDIA))
        assert body.blocks == (TextBlock('<p><a href="https://old.example/a">x</a></p>'),)


class TestPictures:
    def test_the_number_in_the_class_names_the_file(self) -> None:
        source = f'<img class="alignleft wp-image-7" src="{BOAT.replace(".jpg", "-300x200.jpg")}" alt="">'
        assert block(source) == PictureBlock(url=BOAT.replace(".jpg", "-300x200.jpg"), media_key="7", alt="A boat")

    def test_a_copy_in_another_size_is_the_same_file(self) -> None:
        assert block(f'<img src="{PIER.replace(".png", "-1024x768.png")}?w=5">') == PictureBlock(
            url=PIER.replace(".png", "-1024x768.png") + "?w=5", media_key="8", alt="A pier"
        )

    def test_a_picture_at_the_start_of_a_paragraph_stands_before_it(self) -> None:
        kinds = [type(each) for each in blocks(f'<p><img src="{PIER}">Text</p>')]
        assert kinds == [PictureBlock, TextBlock]

    def test_a_picture_inside_a_paragraph_does_not_tear_it(self) -> None:
        assert blocks(f'<p>One <em><img src="{PIER}" alt="x"></em> two</p>') == (
            TextBlock("<p>One  two</p>"),
            PictureBlock(url=PIER, media_key="8", alt="x"),
        )

    def test_a_link_to_the_picture_itself_is_no_link(self) -> None:
        source = f'<a href="{BOAT}"><img src="{BOAT.replace(".jpg", "-150x150.jpg")}" alt="x"></a>'
        found = block(source)
        assert isinstance(found, PictureBlock)
        assert found.link == ""

    @pytest.mark.parametrize(
        ("href", "kept"), [("https://x.example/", True), ("/?attachment_id=7", False), ("#a", False)]
    )
    def test_a_link_elsewhere_is_kept(self, href: str, kept: bool) -> None:
        found = block(f'<a href="{href}"><img src="{BOAT}" alt="x"></a>')
        assert isinstance(found, PictureBlock)
        assert bool(found.link) is kept

    @pytest.mark.parametrize(
        "source",
        [
            '<img src="https://t.example/p.gif" width="1" height="1">',
            '<img alt="x">',
            '<img src="data:image/png;base64,A">',
        ],
    )
    def test_tracking_dots_and_pictures_without_address_vanish(self, source: str) -> None:
        assert blocks(source) == ()

    @pytest.mark.parametrize(
        ("src", "url"), [("/a.png", "https://old.example/a.png"), ("//cdn.example/b.png", "https://cdn.example/b.png")]
    )
    def test_relative_and_schemeless_addresses_are_completed(self, src: str, url: str) -> None:
        assert block(f'<img src="{src}" alt="x">') == PictureBlock(url, alt="x")

    def test_a_figure_gives_its_caption(self) -> None:
        source = (
            '<!-- wp:image {"id":7} -->\n<figure class="wp-block-image"><a href="https://x.example/">'
            f'<img src="{BOAT}" alt="b" class="wp-image-7"/>'
            "</a><figcaption>At <em>dawn</em></figcaption></figure>\n<!-- /wp:image -->"
        )
        assert block(source) == PictureBlock(
            url=BOAT, media_key="7", alt="b", caption_html="At <em>dawn</em>", link="https://x.example/"
        )

    def test_a_background_picture_is_a_picture(self) -> None:
        source = f'<div class="wp-block-cover" style="background-image:url({PIER})"><p>Over it</p></div>'
        assert blocks(source) == (PictureBlock(url=PIER, media_key="8", alt="A pier"), TextBlock("<p>Over it</p>"))


class TestGalleries:
    def test_a_block_gallery_keeps_each_caption_and_its_own(self) -> None:
        figure = '<figure class="wp-block-image"><img src="{}" alt="a"/><figcaption>{}</figcaption></figure>'
        source = (
            '<!-- wp:gallery -->\n<figure class="wp-block-gallery has-nested-images">'
            + figure.format(BOAT, "One")
            + figure.format(PIER, "Two")
            + '<figcaption class="blocks-gallery-caption">All</figcaption></figure>\n<!-- /wp:gallery -->'
        )
        assert block(source) == GalleryBlock(
            (PictureBlock(BOAT, "7", "a", "One"), PictureBlock(PIER, "8", "a", "Two")), caption_html="All"
        )

    def test_a_shortcode_shows_the_pictures_it_names(self) -> None:
        body = converted('[gallery ids="8,7,99"]')
        assert body.blocks == (
            GalleryBlock((PictureBlock(PIER, "8", "A pier"), PictureBlock(BOAT, "7", "A boat", "The boat"))),
        )
        assert len(body.kept_as_html) == 1

    def test_a_shortcode_without_numbers_shows_the_storys_own_pictures(self) -> None:
        found = block('[gallery columns="3"]')
        assert isinstance(found, GalleryBlock)
        assert [each.media_key for each in found.pictures] == ["7", "8"]

    def test_a_gallery_without_pictures_is_named(self) -> None:
        body = convert_body("[gallery]", BodyContext(media=MediaIndex({})))
        assert (body.blocks, len(body.kept_as_html)) == ((), 1)

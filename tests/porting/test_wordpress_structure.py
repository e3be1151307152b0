"""Shortcodes, lists, tables, quotes and editor blocks of WordPress, turned into our blocks."""

from __future__ import annotations

import re

import pytest

from masthead.porting.records import (
    Body,
    CodeBlock,
    EmbedBlock,
    HeadingBlock,
    HtmlBlock,
    ListBlock,
    PictureBlock,
    QuoteBlock,
    RuleBlock,
    StoryRecord,
    TableBlock,
    TextBlock,
)
from masthead.porting.sources.wordpress.reader import WordPressSource

from .bodies import BOAT, PIER, block, blocks, converted
from .inputs import INPUTS, needs_inputs


class TestShortcodes:
    def test_a_caption_in_its_old_form(self) -> None:
        source = f'[caption id="attachment_7" width="300" caption="Low tide"]<img src="{BOAT}" alt="b" />[/caption]'
        assert block(source) == PictureBlock(BOAT, "7", "b", "Low tide")

    def test_a_caption_in_its_new_form(self) -> None:
        source = f'[caption width="300"]<a href="{BOAT}"><img src="{BOAT}" alt="b" /></a> Low <em>tide</em>[/caption]'
        assert block(source) == PictureBlock(BOAT, "7", "b", "Low <em>tide</em>")

    def test_a_caption_without_a_picture_is_its_text(self) -> None:
        assert block("[caption]Only words[/caption]") == TextBlock("<p>Only words</p>")

    @pytest.mark.parametrize("name", ["sourcecode", "code"])
    def test_code_is_code_also_where_it_looks_like_markup(self, name: str) -> None:
        source = f'[{name} language="Python"]\nif a &lt; b:\n\n    print("<p>")\n[/{name}]'
        assert block(source) == CodeBlock('if a < b:\n\n    print("<p>")', "python")

    @pytest.mark.parametrize(
        "source",
        [
            "[embed]https://vimeo.com/22439234[/embed]",
            "[vimeo https://vimeo.com/22439234]",
            '[video src="https://vimeo.com/22439234"][/video]',
            "[audio https://vimeo.com/22439234]",
            '<iframe src="https://player.vimeo.com/video/22439234?h=1"></iframe>',
            '<figure class="wp-block-embed is-type-video"><div>\nhttps://vimeo.com/22439234\n</div></figure>',
        ],
    )
    def test_everything_that_plays_is_a_card(self, source: str) -> None:
        assert block(source) == EmbedBlock("https://vimeo.com/22439234")

    def test_a_playlist_is_its_recordings(self) -> None:
        assert block('[playlist ids="9,77"]') == EmbedBlock("https://old.example/u/talk.mp3", "Talk")
        assert converted('[playlist ids="77"]').kept_as_html

    def test_the_caption_of_a_card_is_its_title(self) -> None:
        film = '<video><source src="/u/a.mp4"></video>'
        source = f'<figure class="wp-block-video">{film}<figcaption>Waves</figcaption></figure>'
        assert block(source) == EmbedBlock("https://old.example/u/a.mp4", "Waves")

    def test_an_embed_without_an_address_stays_as_text(self) -> None:
        assert converted("[youtube abc]") == Body(
            (TextBlock("<p>abc</p>"),), ("an embed without a full address, left as text",)
        )
        assert block("[audio][/audio] and [embed][/embed]") == TextBlock("<p>[audio][/audio] and [embed][/embed]</p>")

    def test_brackets_in_prose_are_prose(self) -> None:
        body = converted("It sank [sic] and [see note]. [[gallery]]")
        assert body == Body((TextBlock("<p>It sank [sic] and [see note]. [gallery]</p>"),))

    def test_an_unknown_shortcode_is_left_and_named(self) -> None:
        body = converted('[contact-form to="x"] [box]Text[/box]')
        assert body.blocks == (TextBlock('<p>[contact-form to="x"] [box]Text[/box]</p>'),)
        assert len(body.kept_as_html) == 2


class TestStructure:
    @pytest.mark.parametrize(("tag", "level"), [("h1", 2), ("h2", 2), ("h3", 3), ("h4", 4), ("h6", 4)])
    def test_headings_lie_between_two_and_four(self, tag: str, level: int) -> None:
        assert block(f"<{tag}>A <em>title</em></{tag}>") == HeadingBlock("A title", level)

    def test_a_heading_with_a_link_is_kept(self) -> None:
        body = converted('<h3><a href="/x">A</a></h3>')
        assert body.kept_as_html == ("a heading with a link in it",)
        assert isinstance(body.blocks[0], HtmlBlock)

    def test_a_list_within_a_list_is_text(self) -> None:
        source = "<ul><li>One<ul><li>Two</li></ul></li></ul>"
        found = block(source)
        assert isinstance(found, TextBlock)
        assert found.html.replace("\n", "") == source

    def test_lists(self) -> None:
        assert block("<ul>\n<li>One</li>\n<li><p>Two</p><p>more</p></li>\n<li></li></ul>") == ListBlock(
            False, ("One", "Two<br>more")
        )
        assert block("<ol><li>One</li></ol>") == ListBlock(True, ("One",))

    @pytest.mark.parametrize(
        "source",
        [
            "<ul><li>One<ol start='3'><li>Two</li></ol></li></ul>",
            '<ol start="8"><li>Eight</li></ol>',
            "<ul><li><h3>One</h3></li></ul>",
            "<ul>no items</ul>",
            "<ul><li><ruby>a<rt>b</rt></ruby></li></ul>",
            "<dl><dt>a</dt><dd>b</dd></dl>",
            "<address>1 Pier Road</address>",
            "<details><summary>a</summary>b</details>",
            '<pre><a href="/x">a</a></pre>',
            '<pre class="wp-block-verse">a\n  b</pre>',
            "<blockquote><ul><li>a</li></ul></blockquote>",
            "<blockquote><ruby>a<rt>b</rt></ruby></blockquote>",
            "<table><tr><td colspan='2'>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
            "<table><tr><td><ul><li>a</li></ul></td></tr></table>",
            "<table><tr><td><ruby>a<rt>b</rt></ruby></td></tr></table>",
            "<p>The <abbr title='Harbour Board'>HB</abbr></p>",
            "<p><bdo dir='rtl'>abc</bdo></p>",
        ],
    )
    def test_what_has_no_counterpart_is_kept_as_html_and_named(self, source: str) -> None:
        body = converted(source)
        (only,) = body.blocks
        assert isinstance(only, HtmlBlock)
        assert body.kept_as_html == (only.what,)

    def test_empty_parts_leave_nothing(self) -> None:
        source = "<ul></ul><table></table><blockquote></blockquote><h2></h2><pre></pre><dl></dl>"
        assert converted(source) == Body(())

    def test_a_quote_with_its_source(self) -> None:
        source = "<blockquote><p>Stay.</p><cite>— Ada <a href='https://a.example/'>here</a></cite></blockquote>"
        assert block(source) == QuoteBlock("<p>Stay.</p>", "Ada here (https://a.example/)")

    def test_a_cited_title_inside_a_quote_is_no_source(self) -> None:
        assert block("<blockquote>In <cite>Ulysses</cite> it rains.</blockquote>") == QuoteBlock(
            "<p>In <em>Ulysses</em> it rains.</p>"
        )

    def test_a_quote_that_is_only_a_source(self) -> None:
        assert block("<blockquote><cite>Ada</cite></blockquote>") == QuoteBlock("<p>Ada</p>")

    def test_a_pull_quote_is_a_quote(self) -> None:
        source = '<figure class="wp-block-pullquote"><blockquote><p>Yes</p><cite>Bo</cite></blockquote></figure>'
        assert block(source) == QuoteBlock("<p>Yes</p>", "Bo")

    def test_a_table_with_header_footer_and_caption(self) -> None:
        source = (
            '<figure class="wp-block-table"><table><thead><tr><th>A</th><th>B</th></tr></thead>'
            "<tfoot><tr><td>z</td></tr></tfoot><tbody><tr><td>1<p>x</p></td><td><em>2</em></td></tr></tbody></table><figcaption>Tides</figcaption></figure>"
        )
        assert block(source) == TableBlock((("A", "B"), ("1<br>x", "<em>2</em>"), ("z", "")), True, "Tides")

    def test_a_tables_own_caption(self) -> None:
        found = block("<table><caption>Tides</caption><tr><td>1</td></tr></table>")
        assert found == TableBlock((("1",),), False, "Tides")

    def test_pictures_in_a_table_stand_after_it(self) -> None:
        kinds = [type(each) for each in blocks(f'<table><tr><td>a <img src="{PIER}"></td></tr></table>')]
        assert kinds == [TableBlock, PictureBlock]

    def test_a_file_block_is_one_link(self) -> None:
        button = '<a href="/a.pdf" class="wp-block-file__button">Download</a>'
        source = f'<div class="wp-block-file"><a href="/a.pdf">A</a>{button}</div>'
        assert block(source) == TextBlock('<p><a href="/a.pdf">A</a></p>')

    def test_a_rule(self) -> None:
        assert blocks("a<hr>b") == (TextBlock("<p>a</p>"), RuleBlock(), TextBlock("<p>b</p>"))

    def test_columns_and_groups_are_read_in_order(self) -> None:
        source = '<div class="wp-block-columns"><div><p>a</p></div><div><p>b</p></div></div>'
        assert block(source) == TextBlock("<p>a</p><p>b</p>")

    def test_the_language_of_code_is_known(self) -> None:
        assert block('<pre class="brush: php"><code>a &amp; b</code></pre>') == CodeBlock("a & b", "php")

    def test_absurd_nesting_keeps_the_text(self) -> None:
        assert block("<div>" * 500 + "deep" + "</div>" * 500) == TextBlock("<p>deep</p>")


class TestBlocksOfTheEditor:
    def test_text_between_blocks_is_read_like_the_classic_editors(self) -> None:
        source = (
            "<!-- wp:paragraph -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\nTwo\nthree\n\n"
            "<!-- wp:freeform -->\nFour\n\nFive\n<!-- /wp:freeform -->"
        )
        assert block(source) == TextBlock("<p>One</p><p>Two<br>three</p><p>Four</p><p>Five</p>")

    def test_dynamic_blocks_are_named(self) -> None:
        more = "<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->"
        body = converted(f'<!-- wp:latest-posts {{"a":{{"b":1}}}} /--><!-- wp:block {{"ref":5}} /-->{more}')
        assert body.blocks == ()
        assert len(body.kept_as_html) == 2

    def test_social_links_keep_their_addresses(self) -> None:
        source = (
            "<!-- wp:social-links -->\n<ul>"
            '<!-- wp:social-link {"url":"https://a.example/?x=1&y","service":"mastodon"} /-->'
            '<!-- wp:social-link {"url":"#","service":"x"} /--><!-- wp:social-link {broken} /-->'
            "</ul>\n<!-- /wp:social-links -->"
        )
        assert block(source) == ListBlock(False, ('<a href="https://a.example/?x=1&amp;y">mastodon</a>',))

    def test_unbalanced_delimiters_lose_no_text(self) -> None:
        source = "<!-- /wp:a --><!-- wp:group --><p>a</p><!-- wp:column --><p>b</p><!-- /wp:group -->c<!-- wp:z"
        assert "a</p><p>b</p><p>c" in repr(blocks(source))


@needs_inputs
class TestRealBodies:
    def test_whitespace_makes_a_paragraph_break(self) -> None:
        source = WordPressSource(INPUTS / "wordpress/small/post-content-blank-lines.xml")
        (record,) = source.records()
        assert isinstance(record, StoryRecord)
        (text,) = source.body(record).blocks
        assert isinstance(text, TextBlock)
        assert text.html.count("<p>") == 2

    def test_links_to_the_old_site_become_paths(self) -> None:
        source = WordPressSource(INPUTS / "wordpress/small/wxr-simple.xml")
        (record,) = source.records()
        assert isinstance(record, StoryRecord)
        (text,) = source.body(record).blocks
        assert isinstance(text, TextBlock)
        hrefs = re.findall(r'href="([^"]+)"', text.html)
        assert hrefs
        assert not [href for href in hrefs if f"{source.survey().base_url}/" in href]

    @pytest.mark.parametrize("name", ["theme-unit-test-data.xml", "theme-test-data-ja.xml"])
    def test_few_blocks_have_to_be_kept_as_html(self, name: str) -> None:
        source = WordPressSource(INPUTS / "wordpress" / name)
        records = [record for record in source.records() if isinstance(record, StoryRecord)]
        found = [each for record in records for each in source.body(record).blocks]
        assert sum(isinstance(each, HtmlBlock) for each in found) < len(found) / 6

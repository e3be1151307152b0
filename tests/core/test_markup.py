"""Reader text and foreign HTML become safe HTML: the one sanitiser."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest

from masthead.core import markup

INPUTS = Path(os.environ.get("MASTHEAD_INPUTS", Path(__file__).resolve().parents[3] / "shared" / "inputs"))
_DOORS = [markup.render_markdown, markup.clean_comment_html, markup.clean_story_html]


def test_readers_write_emphasis_quotes_lists_and_code() -> None:
    source = "A *soft* and **loud** word\nnext line\n\n> quoted\n\n- one\n- two\n\n`code`\n\n~~gone~~"
    assert markup.render_markdown(source) == (
        "<p>A <em>soft</em> and <strong>loud</strong> word<br>\nnext line</p>\n<blockquote>\n<p>quoted</p>\n"
        "</blockquote>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p><code>code</code></p>\n<p><s>gone</s></p>\n"
    )


def test_links_carry_no_weight_and_bare_addresses_become_links() -> None:
    html = markup.render_markdown("[minutes](https://town.example/m) and (https://pumps.example/a_b?x=1&y=2).")
    assert html == (
        '<p><a href="https://town.example/m" rel="nofollow ugc noopener">minutes</a> and '
        '(<a href="https://pumps.example/a_b?x=1&amp;y=2" rel="nofollow ugc noopener">'
        "https://pumps.example/a_b?x=1&amp;y=2</a>).</p>\n"
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "It was ||the *butler*||, of course.",
            "<p>It was </p><details><summary>Spoiler</summary><p>the <em>butler</em></p></details><p>, of course.</p>",
        ),
        ("Ends ||so||.", "<p>Ends </p><details><summary>Spoiler</summary><p>so.</p></details>"),
        ("- a ||b||", "<ul>\n<li>a <details><summary>Spoiler</summary>b</details></li>\n</ul>\n"),
        ("||<b>||", "<details><summary>Spoiler</summary><p>&lt;b&gt;</p></details>"),
        ("if a || b || c", "<p>if a || b || c</p>\n"),
        ("`||a||` and ||", "<p><code>||a||</code> and ||</p>\n"),
    ],
)
def test_what_is_hidden_opens_without_script(source: str, html: str) -> None:
    assert markup.render_markdown(source) == html


def test_what_is_hidden_stays_so_in_excerpts_and_mails() -> None:
    source = "It was ||the butler||, of course."
    assert "butler" not in markup.text_of(markup.render_markdown(source))
    assert markup.covered(source) == "It was [Spoiler], of course."


def test_only_given_names_are_mentioned_and_the_longest_wins() -> None:
    names = {"Ada": "/a/", "Ada Venn": "/b/"}
    html = markup.render_markdown("@ada venn, @Ada, @Adam, x@ada.example, `@Ada`", mentions=names)
    assert html == (
        '<p><a href="/b/" rel="nofollow ugc noopener">@ada venn</a>, <a href="/a/" rel="nofollow ugc noopener">@Ada</a>'
        ", @Adam, x@ada.example, <code>@Ada</code></p>\n"
    )
    assert markup.may_mention("Well, @Ada said")
    assert not markup.may_mention("ada@example.org")


def test_an_address_with_its_own_bracket_keeps_it() -> None:
    assert 'href="https://w.example/Pump_(harbour)"' in markup.render_markdown("https://w.example/Pump_(harbour)")


def test_no_pictures_headings_or_html_of_readers() -> None:
    html = markup.render_markdown("# Big\n\n![x](https://spy.example/p.gif)\n\n<b onclick=alert(1)>bold</b>")
    assert "<img" not in html
    assert "<h1" not in html
    assert "# Big" in html
    assert "&lt;b onclick" in html


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"])
def test_only_harmless_schemes_lead_anywhere(target: str) -> None:
    assert "href" not in markup.render_markdown(f"[click]({target})")
    assert "href" not in markup.clean_comment_html(f'<a href="{target}">click</a>')


def test_story_html_keeps_tables_and_pictures_and_drops_frames() -> None:
    html = markup.clean_story_html(
        '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table><img src="/m/a.jpg" alt="a" onerror="x()">'
        '<iframe src="https://a.example">no</iframe><p style="color:red" lang="de">Ja</p>'
    )
    assert html == (
        '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table><img src="/m/a.jpg" alt="a"><p lang="de">Ja</p>'
    )


def test_text_loses_what_cannot_be_stored_or_seen() -> None:
    assert markup.plain_text("a\r\nb\rc\x00\x07\ud800") == "a\nb\nc"
    assert markup.plain_line("  A\u202eda \n\t Venn\u200b ") == "Ada Venn"


def test_words_of_html_are_one_line() -> None:
    assert markup.text_of("<p>Fish &amp; chips</p><p>to<em>day</em>.</p>") == "Fish & chips today."


@pytest.mark.parametrize(
    "piece", ["*", "[", "> ", "- ", "`", "(", "[a](", "_a", "**a ", "<", "&", "https://a", "\n", "||a||", "@a ", "|| "]
)
def test_no_text_is_slow_to_render(piece: str) -> None:
    """A text of the longest possible length, repeated nonsense, stays far below what a visitor would notice."""
    begun = time.process_time()
    markup.render_markdown((piece * 5000)[:5000])
    assert time.process_time() - begun < 1.5


def _payloads() -> Iterator[str]:
    for path in sorted((INPUTS / "xss").glob("*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".txt":
            yield from text.splitlines()
            continue
        for item in json.loads(text):
            yield item if isinstance(item, str) else item["payload"]
    for path in sorted((INPUTS / "html5").rglob("*.dat")):
        for test in path.read_bytes().decode("utf-8", "surrogateescape").split("#data\n")[1:]:
            yield test.split("\n#errors")[0]


_FORBIDDEN_TAGS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "svg",
    "math",
    "link",
    "meta",
    "base",
}


_GOOD = ("http:", "https:", "mailto:")


def _is_harmless(html: str) -> bool:
    """Read the result as a browser does and look for anything that runs or loads."""
    for element in html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False).iter():
        if element.tag in _FORBIDDEN_TAGS:
            return False
        for name, value in element.attrib.items():
            address = re.sub(r"[\t\n\r]", "", value).lstrip("".join(map(chr, range(33)))).lower()
            if str(name).startswith("on") or name == "style":
                return False
            if name in {"href", "src"} and re.match(r"[^/?#]*:", address) and not address.startswith(_GOOD):
                return False
    return True


@pytest.mark.skipif(not INPUTS.is_dir(), reason=f"shared inputs not found at {INPUTS}")
@pytest.mark.filterwarnings("ignore::html5lib.constants.DataLossWarning")
@pytest.mark.parametrize("door", _DOORS, ids=lambda door: door.__name__)
def test_hostile_strings_come_out_harmless_and_stable(door: object) -> None:
    """Rule 8: one allow-list on output. Each also with blanks where the published list has no-break spaces."""
    assert callable(door)
    clean = markup.clean_story_html if door is markup.clean_story_html else markup.clean_comment_html
    count = 0
    for payload in _payloads():
        for variant in {payload, payload.replace("\u00a0", " ")}:
            result = door(variant)
            assert clean(result) == result, variant
            assert _is_harmless(result), variant
            result.encode("utf-8")
            count += 1
    assert count > 5000

"""Comments of WordPress keep their text, links, emphasis and paragraphs."""

from __future__ import annotations

import pytest

from masthead.core.markup import clean_comment_html
from masthead.porting.sources.wordpress.comment_body import convert_comment


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Erster!1", "<p>Erster!1</p>"),
        ("", ""),
        ("  \n ", ""),
        (r"\o/ ¯\_(ツ)_/¯", r"<p>\o/ ¯\_(ツ)_/¯</p>"),
        ("a &amp; b > c", "<p>a &amp; b &gt; c</p>"),
        ("One\ntwo\n\nThree", "<p>One<br>two</p>\n<p>Three</p>"),
        ("*not* _markdown_ 1. no", "<p>*not* _markdown_ 1. no</p>"),
        ("<em>Yes</em> <b>no</b>", "<p><em>Yes</em> <b>no</b></p>"),
        (
            '<a href="https://a.example/" rel="nofollow">A</a>',
            '<p><a href="https://a.example/">A</a></p>',
        ),
        (
            "See https://a.example/x_(y)?a=1&amp;b=2.",
            '<p>See <a href="https://a.example/x_(y)?a=1&amp;b=2">https://a.example/x_(y)?a=1&amp;b=2</a>.</p>',
        ),
        ("<code>https://a.example/</code>", "<p><code>https://a.example/</code></p>"),
        ("<blockquote>He said</blockquote>\nNo.", "<blockquote>He said</blockquote>\n<p>No.</p>"),
        ("<script>alert(1)</script>Hi", "<p>Hi</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<p><a>x</a></p>"),
        ('<img src="https://t.example/p.gif">Hi', "<p>Hi</p>"),
    ],
)
def test_a_comment_is_shown_as_it_was(source: str, shown: str) -> None:
    stored = clean_comment_html(convert_comment(source))
    # Every link says that the paper does not vouch for it.
    assert stored.replace(' rel="nofollow ugc noopener"', "") == shown

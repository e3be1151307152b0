"""What a site may say in place of a phrase: text, with everything of ours that must stay."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.core.markup import text_of
from masthead.wording.rules.phrases import Phrase, problems, tidied
from tests.properties import examples


def phrase(*ours: str, plural: str = "") -> Phrase:
    return Phrase("", ours[0], plural, ours)


def codes(known: Phrase, *forms: str) -> list[str]:
    return [problem.code for problem in problems(known, tidied(known, forms))]


PLAIN = phrase("Newest")
FILLED = phrase("%(name)s on “%(title)s”")
COUNTED = phrase("%(count)s comment", "%(count)s comments", plural="%(count)s comments")
ONE_MORE = phrase("View 1 more reply", "View %(count)s more replies", plural="View %(count)s more replies")
MARKED = phrase('<b>%(author)s</b> commented on <a href="%(url)s">%(title)s</a>:')
SIGNS = phrase("*emphasis*, > quote, - list; links work.")
PLACED = phrase("Field %s of %d")


@pytest.mark.parametrize(
    ("known", "forms"),
    [
        (PLAIN, ["Latest first"]),
        (PLAIN, ["Q&A"]),
        (FILLED, ["“%(title)s”: %(name)s"]),
        (COUNTED, ["%(count)s letter", "%(count)s letters"]),
        (ONE_MORE, ["One more", "%(count)s more"]),
        (ONE_MORE, ["%(count)s more", "%(count)s more"]),
        (MARKED, ['On <a href="%(url)s">%(title)s</a> <b>%(author)s</b> wrote:']),
        (SIGNS, ["*stress*, > words of others"]),
        (PLACED, ["No. %s out of %d"]),
    ],
)
def test_other_words_with_the_same_parts_are_possible(known: Phrase, forms: list[str]) -> None:
    assert codes(known, *forms) == []


@pytest.mark.parametrize(
    ("known", "forms", "code"),
    [
        (PLAIN, [""], "empty"),
        (PLAIN, ["  \n"], "empty"),
        (PLAIN, [], "empty"),
        (COUNTED, ["%(count)s letter"], "empty"),
        (COUNTED, ["%(count)s letter", " "], "empty"),
        (COUNTED, ["letter", "%(count)s letters"], "missing"),
        (FILLED, ["%(name)s wrote"], "missing"),
        (FILLED, ["%(name)s on “%(titel)s”"], "missing"),
        (FILLED, ["%(name)s on “%(title)s” %(secret)s"], "unknown"),
        (PLAIN, ["%(name)s"], "unknown"),
        (PLAIN, ["%s"], "unknown"),
        (PLACED, ["No. %d out of %s"], "missing"),
        (PLAIN, ["100 % new"], "percent"),
        (FILLED, ["%(name)s on “%(title)s” %(name)"], "percent"),
        (PLAIN, ["<script>alert(1)</script>"], "markup"),
        (PLAIN, ["a < b"], "markup"),
        (PLAIN, ["<img src=x onerror=alert(1)"], "markup"),
        (MARKED, ["%(author)s commented on %(title)s at %(url)s"], "markup"),
        (MARKED, ['<a href="%(url)s">%(title)s <b>%(author)s</a></b>'], "markup"),
        (MARKED, ['<b onclick="x">%(author)s</b> on <a href="%(url)s">%(title)s</a>:'], "markup"),
        (PLAIN, ["&lt;script&gt;"], "entity"),
        (PLAIN, ["&#34; onclick"], "entity"),
        (PLAIN, ["&copy 2026"], "entity"),
        (PLAIN, ["x" * 1000], "long"),
    ],
)
def test_what_would_break_is_refused(known: Phrase, forms: list[str], code: str) -> None:
    assert code in codes(known, *forms)


def test_straight_quotes_become_typographic_and_line_breaks_go() -> None:
    assert tidied(PLAIN, ['Say "new"\r\nisn\'t it']) == ("Say “new” isn’t it",)
    assert tidied(PLAIN, ["a\x00b\u202ec"]) == ("abc",)
    broken = phrase("\n  Two\n  lines\n")
    assert tidied(broken, ["one\ntwo"]) == ("\n  one\ntwo\n",)


_HOSTILE = st.text(st.sampled_from(list("<>\"'&;=/ %s(){}`\\\n\x00abplt#3")), max_size=40)


@settings(max_examples=examples(300), deadline=None)
@given(_HOSTILE)
def test_whatever_passes_is_the_same_text_escaped_or_not_and_stays_in_an_attribute(typed: str) -> None:
    words = tidied(PLAIN, [typed])
    if problems(PLAIN, words):
        return
    (text,) = words
    assert not set(text) & set("<\"'`")
    assert html.unescape(text) == text
    assert text_of(f"<p>{text}</p>").split() == text.split()


def test_names_last_and_differ_by_context() -> None:
    same: dict[str, Any] = {"msgid": "May", "plural": "", "ours": ("May",)}
    assert Phrase("", **same).name == Phrase("", **same).name != Phrase("month", **same).name

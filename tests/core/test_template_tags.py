"""The tags that every template has."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from masthead.core import avatars, slots


def render(source: str, **values: object) -> str:
    """Render a template text."""
    return Template(source).render(Context(values))


def test_an_element_sees_only_its_own_values() -> None:
    html = render('{% element "notice" kind="bad" %}', text="from outside")
    assert "notice-bad" in html
    assert 'role="alert"' in html
    assert "from outside" not in html


def test_an_element_escapes_what_it_is_given() -> None:
    assert "&lt;script&gt;" in render('{% element "notice" text=text %}', text="<script>")


def test_a_block_element_is_given_what_stands_inside() -> None:
    html = render('{% elementblock "panel" title="Readers" %}<b>{{ inside }}</b>{% endelementblock %}', inside="a & b")
    assert "<b>a &amp; b</b>" in html
    assert "Readers" in html


def test_a_slot_without_a_request_is_empty() -> None:
    assert render('[{% slot "nowhere" %}]') == "[]"


def test_a_slot_prints_its_fillers_and_can_be_kept_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    class Greeting:
        def prepare(self, request: object, keys: list[str]) -> None:
            return None

        def render(self, request: object, key: str, prepared: object, **options: object) -> str:
            return f"<i>{key}{options.get('end', '')}</i>"

    monkeypatch.setitem(slots._fillers, "test.greeting", [Greeting()])
    request = RequestFactory().get("/")
    assert render('{% slot "test.greeting" key="hello" end="!" %}', request=request) == "<i>hello!</i>"
    assert render('{% slot "test.greeting" as kept %}[{{ kept }}]', request=request) == "[<i></i>]"


def cells(path: str) -> set[tuple[int, int]]:
    """Return the filled cells of a face as (row, column)."""
    found = set()
    for x, y, width in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v1\.4h-\3z", path):
        row, column, length = (round(value / 1.4) for value in (float(y) - 1, float(x) - 1, float(width)))
        found |= {(row, column + step) for step in range(length)}
    return found


@given(st.text())
def test_a_face_is_always_the_same_and_neither_empty_nor_full(seed: str) -> None:
    path = avatars.avatar_path(seed)
    assert path == avatars.avatar_path(seed)
    assert 6 <= len(cells(path)) <= 18
    assert 0 <= avatars.avatar_tone(seed) < avatars.TONES


@given(st.text())
def test_a_face_is_symmetric_and_stays_on_its_field(seed: str) -> None:
    filled = cells(avatars.avatar_path(seed))
    assert filled == {(row, 4 - column) for row, column in filled}
    assert all(0 <= row < 5 and 0 <= column < 5 for row, column in filled)


def test_a_face_is_decorative_and_does_not_print_its_seed() -> None:
    html = render('{% avatar "ada@example.org" %}')
    assert 'aria-hidden="true"' in html
    assert "ada" not in html

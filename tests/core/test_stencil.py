"""Stencils: what is filled in is what the template would have shown."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.stencil import Stencil, StencilSpoilt

TEMPLATE = '<a href="{{ address }}" title="{{ name }}">{{ name }}</a>{{ html }}'


def drawn(texts: dict[str, str]) -> str:
    return Template(TEMPLATE).render(Context(texts))


@given(address=st.text(), name=st.text(), html=st.text())
def test_a_filled_stencil_is_the_rendered_template(address: str, name: str, html: str) -> None:
    stencil = Stencil(["address", "name", "html"], drawn)
    texts = {"address": address, "name": name, "html": SafeString(html)}
    assert stencil.fill(**texts) == drawn(texts)


def test_texts_are_escaped_and_safe_ones_are_not() -> None:
    stencil = Stencil(["address", "name", "html"], drawn)
    filled = stencil.fill(address="/?a=1&b=2", name='<script>"', html=SafeString("<b>x</b>"), unused="z")
    assert filled == ('<a href="/?a=1&amp;b=2" title="&lt;script&gt;&quot;">&lt;script&gt;&quot;</a><b>x</b>')


def test_one_text_may_hold_another_stencil_and_its_marks() -> None:
    inner = Stencil(["word"], lambda texts: f"<i>{texts['word']}</i>")
    outer = Stencil(["word"], lambda texts: f"<p>{inner.fill(word=texts['word'])}</p>")
    assert outer.fill(word="a<b") == "<p><i>a&lt;b</i></p>"


def test_a_template_that_changes_a_text_is_refused() -> None:
    with pytest.raises(StencilSpoilt, match="name"):
        Stencil(["name"], lambda texts: Template("{{ name|upper }}").render(Context(texts)))

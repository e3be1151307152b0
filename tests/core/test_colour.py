"""A publisher's accent is taken when text in it can be read, and else answered with the nearest that can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core import colour
from masthead.core.colour import AccentTooFaint, Colour, NotAColour

COLOURS = st.builds(Colour, *(st.integers(0, 255) for _ in range(3)))


def test_contrast_agrees_with_the_examples_of_the_standard() -> None:
    black, white = Colour.parse("#000"), Colour.parse("#fff")
    assert colour.contrast(black, white) == pytest.approx(21)
    assert colour.contrast(Colour.parse("#777777"), white) == pytest.approx(4.48, abs=0.005)
    assert colour.contrast(Colour.parse("#767676"), white) == pytest.approx(4.54, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_within_its_range(one: Colour, other: Colour) -> None:
    ratio = colour.contrast(one, other)
    assert ratio == colour.contrast(other, one)
    assert 1 <= ratio <= 21.01


@given(COLOURS)
def test_every_colour_has_a_nearest_that_passes_on_both_schemes(one: Colour) -> None:
    for grounds in (colour.LIGHT_GROUNDS, colour.DARK_GROUNDS):
        nearest = colour.nearest_passing(one, grounds)
        assert colour.worst_contrast(nearest, grounds) >= colour.MINIMUM
        assert colour.nearest_passing(nearest, grounds) == nearest


def test_nearest_keeps_the_hue() -> None:
    nearest = colour.nearest_passing(Colour.parse("#ff8800"), colour.LIGHT_GROUNDS)
    assert nearest.red > nearest.green > nearest.blue


def test_nearest_falls_back_to_ink_when_no_lightness_can_reach_the_ratio() -> None:
    grounds = (Colour.parse("#767676"),)
    assert str(colour.nearest_passing(Colour.parse("#808080"), grounds, 21)) in {"#161512", "#fdfcf9"}


def test_the_house_accent_is_accepted_as_written() -> None:
    found = colour.accent("#8C2A1E")
    assert str(found.light) == "#8c2a1e"
    assert colour.contrast(found.light, found.light_ink) >= colour.MINIMUM
    assert colour.contrast(found.dark, found.dark_ink) >= colour.MINIMUM
    assert colour.worst_contrast(found.dark, colour.DARK_GROUNDS) >= colour.MINIMUM


def test_a_faint_accent_is_refused_with_one_that_would_be_accepted() -> None:
    with pytest.raises(AccentTooFaint, match="nearest that passes is #") as refusal:
        colour.accent("#fe0")
    assert str(colour.accent(str(refusal.value.nearest)).light) == str(refusal.value.nearest)


@given(COLOURS)
def test_whatever_accent_is_accepted_can_be_read_with_its_ink_in_both_schemes(one: Colour) -> None:
    try:
        found = colour.accent(str(one))
    except AccentTooFaint as refusal:
        found = colour.accent(str(refusal.nearest))
    assert colour.contrast(found.light, found.light_ink) >= colour.MINIMUM
    assert colour.contrast(found.dark, found.dark_ink) >= colour.MINIMUM


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "8c2a1e", "#8c2a1e; } body { display: none"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(NotAColour):
        colour.accent_css(text)


def test_the_css_of_an_accent_sets_only_custom_properties() -> None:
    css = colour.accent_css("#8c2a1e")
    assert css.startswith(":root { --accent-light: #8c2a1e;")
    assert css.count("{") == css.count("}") == 1

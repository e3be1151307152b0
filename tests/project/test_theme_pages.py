"""The pages of the theme itself: what a reader meets when something is missing, refused or broken."""

from __future__ import annotations

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.forms import CharField, ChoiceField, Form, HiddenInput, RadioSelect
from django.forms.fields import BooleanField, EmailField
from django.template.loader import render_to_string
from django.test import RequestFactory


class Card(Form):
    """One field of each kind."""

    name = CharField(label="Name", help_text="As printed.")
    address = EmailField(label="Mail address", required=False)
    often = ChoiceField(label="How often", choices=[("once", "Once"), ("month", "Every month")], widget=RadioSelect)
    agree = BooleanField(label="I agree")
    token = CharField(widget=HiddenInput, required=False)


def test_a_missing_page_offers_the_search_and_the_front_page(db: None) -> None:
    html = render_to_string("404.html", request=RequestFactory().get("/nowhere/"))
    assert '<form class="search-form" role="search" method="get" action="/search/">' in html
    assert '<main id="main"' in html
    assert html.count("<h1>") == 1


def test_the_error_page_needs_no_database_and_no_request() -> None:
    html = render_to_string("500.html")
    assert "The page could not be made" in html
    assert "/-/style-" in html


def test_a_refusal_says_its_sentence_as_an_alert() -> None:
    html = render_to_string("elements/notice.html", {"kind": "bad", "text": "Too many at once."})
    assert '<p class="notice notice-bad" role="alert">Too many at once.</p>' in html


def test_fields_are_wired_to_their_help_and_errors_and_keep_what_was_typed() -> None:
    form = Card({"name": "", "address": "ada at example", "often": "", "agree": ""})
    html = render_to_string("elements/form.html", {"form": form, "button": "Save", "cancel_url": "/back/"})
    for described in ("id_name_helptext id_name_error", "id_address_error", "id_agree_error"):
        assert f'aria-describedby="{described}"' in html
        for identifier in described.split():
            assert html.count(f'id="{identifier}"') == 1
    assert 'value="ada at example"' in html
    assert 'aria-invalid="true"' in html
    assert '<fieldset class="field field-bad" aria-describedby="id_often_error">' in html
    assert 'type="hidden" name="token"' in html
    assert 'href="/back/"' in html
    assert "csrf" not in html


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (constants.ERROR, ('class="notice notice-bad"', 'role="alert"')),
        (constants.SUCCESS, ('class="notice notice-good"', 'role="status"')),
        (constants.WARNING, ('class="notice notice-warn"', 'role="status"')),
    ],
)
def test_messages_have_a_role_by_their_level(level: int, expected: tuple[str, str]) -> None:
    html = render_to_string("elements/messages.html", {"messages": [Message(level, "Said.")]})
    assert all(part in html for part in expected)


def test_pages_link_to_their_neighbours_only() -> None:
    pages = Paginator(range(30), 10)
    middle = render_to_string("elements/pages.html", {"page": pages.page(2), "query": "q=a&"})
    assert '<a rel="prev" href="?q=a&amp;page=1">' in middle
    assert '<a rel="next" href="?q=a&amp;page=3">' in middle
    assert "Page 2 of 3" in middle
    assert 'rel="prev"' not in render_to_string("elements/pages.html", {"page": pages.page(1)})
    assert "nav" not in render_to_string("elements/pages.html", {"page": Paginator(range(3), 10).page(1)})


@pytest.mark.parametrize(("now", "percent", "rest"), [(0, "0", "100"), (1639, "32.8", "67.2"), (9000, "100", "0")])
def test_the_meter_says_the_same_as_bar_figures_and_sentence(now: int, percent: str, rest: str) -> None:
    values = {
        "name": "November fund",
        "now": now,
        "goal": 5000,
        "percent": percent,
        "rest": rest,
        "support_url": "/support/",
    }
    texts = {"raised_text": f"{now} $", "zero_text": "0 $", "half_text": "2,500 $", "goal_text": "5,000 $"}
    sentence = {"sentence": f"{now} $ of 5,000 $ raised", "site_name": "The Saltmere Ledger", "working_url": "/w/"}
    html = render_to_string("elements/meter.html", {**values, **texts, **sentence})
    assert (
        f'role="meter" aria-label="November fund" aria-valuenow="{now}" aria-valuemin="0" aria-valuemax="5000"' in html
    )
    assert f'aria-valuetext="{now} $ of 5,000 $ raised"' in html
    assert f'<svg class="meter-fill" width="{percent}%"' in html
    assert f'<svg class="meter-after" width="{rest}%"' in html
    assert 'Support <span class="phone-vh">The Saltmere Ledger</span></a>' in html

"""What follows from an answer, by values alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.core.clock import frozen
from masthead.core.ids import made_at, new_id
from masthead.core.outgoing import Why
from masthead.hooks import conf
from masthead.hooks.models import Delivery, Hook
from masthead.hooks.presenters import outcome, trouble_words
from masthead.hooks.rules.answers import Verdict, rest_after, verdict, wait_of
from masthead.project.doctor import webhooks

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statuses", "means"),
    [
        ([200, 201, 202, 204, 299], Verdict.TAKEN),
        ([410], Verdict.GONE),
        ([429, 502, 503, 504], Verdict.BUSY),
        ([100, 199, 300, 301, 308, 400, 401, 404, 409, 500, 501, 599], Verdict.AGAIN),
    ],
)
def test_only_2xx_is_taken_and_only_410_is_for_good(statuses: list[int], means: Verdict) -> None:
    assert {verdict(status) for status in statuses} == {means}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Thu, 26 Nov 2026 12:10:00 GMT", 600),
        ("Thu, 26 Nov 2026 12:10:00 -0000", 600),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
        ("99999999999999999999", 86400),
        ("Fri, 26 Nov 2100 12:00:00 GMT", 86400),
        ("-5", 0),
        ("1.5", 0),
        ("²", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_nothing_else(text: str, seconds: int) -> None:
    assert wait_of(text, NOON, longest=conf.LONGEST_WAIT) == timedelta(seconds=seconds)


@given(st.text(max_size=60))
def test_whatever_a_stranger_says_the_wait_is_from_nothing_to_a_day(text: str) -> None:
    assert timedelta(0) <= wait_of(text, NOON, longest=conf.LONGEST_WAIT) <= timedelta(days=1)


@given(st.integers(0, 10**6))
def test_a_rest_grows_to_five_minutes_and_no_further(failures: int) -> None:
    assert timedelta(seconds=5) <= rest_after(failures) <= rest_after(failures + 1) <= timedelta(minutes=5)


def test_an_id_tells_when_it_was_made() -> None:
    with frozen(NOON + timedelta(milliseconds=123)):
        made = new_id()
    assert made_at(made) == NOON + timedelta(milliseconds=123)


@pytest.mark.parametrize("text", ["", "evt-once", "0" * 15, "u" * 16])
def test_what_is_no_id_was_never_made(text: str) -> None:
    with pytest.raises(ValueError, match=r"public id|substring"):
        made_at(text)


@pytest.mark.parametrize("why", list(Why))
def test_every_silence_has_words(why: Why) -> None:
    assert trouble_words(why.value) != why.value
    assert outcome(Delivery(trouble=why.value)) == trouble_words(why.value)


def test_what_was_never_tried_has_no_outcome() -> None:
    assert (outcome(Delivery()), outcome(Delivery(status=502))) == ("", "HTTP 502")


@pytest.mark.django_db
def test_the_doctor_names_webhooks_that_fail_or_stopped_and_no_others() -> None:
    rows: dict[str, dict[str, Any]] = {
        "well": {},
        "off": {"state": "off"},
        "fails": {"failing_since": NOON},
        "gone": {"state": "gone"},
        "failed": {"state": "failing", "failing_since": NOON},
    }
    for name, values in rows.items():
        Hook.objects.create(address=f"https://{name}.example/", types=["*"], **values)
    assert [finding.text for finding in webhooks()] == [
        "The webhook https://fails.example/ fails since 2026-11-26 12:00.",
        "The webhook https://gone.example/ was switched off: it wants nothing any more.",
        "The webhook https://failed.example/ was switched off: it failed for days.",
    ]

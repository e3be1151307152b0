"""The tests' own client refuses what it must."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from tests.client import check_headers, check_html

POLICY = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "public, no-cache"}


def test_a_reply_must_say_how_it_may_be_stored() -> None:
    with pytest.raises(AssertionError, match="stored"):
        check_headers(HttpResponse("", headers={**POLICY, "Cache-Control": ""}), "/")


@pytest.mark.parametrize("policy", ["", "default-src 'self'; script-src 'unsafe-inline'"])
def test_a_reply_must_carry_a_strict_policy(policy: str) -> None:
    with pytest.raises(AssertionError):
        check_headers(HttpResponse("", headers={**POLICY, "Content-Security-Policy": policy}), "/")


@pytest.mark.parametrize("html", ["<p><div></p>", "<p id=a id=b>", "<!doctype html><p>&nosuch;</p>"])
def test_broken_html_is_refused_with_its_place(html: str) -> None:
    with pytest.raises(AssertionError, match="not well-formed"):
        check_html(html.encode(), "/", is_fragment=not html.startswith("<!"))


def test_good_html_passes() -> None:
    check_html(
        b"<!doctype html><html lang=en><title>t</title><live-form><p>&amp;</p></live-form>", "/", is_fragment=False
    )
    check_html(b"<article id=a><p>Text</article>", "/", is_fragment=True)

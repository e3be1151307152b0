"""What is compressed on its way: public texts, and nothing of one person."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from masthead.core.http import private, public
from masthead.edge.middleware import CompressionMiddleware

TEXT = b"<p>The pumps were bought two weeks after the warning.</p>" * 40


def sent(response: HttpResponse) -> HttpResponse:
    """Return the reply as a browser that understands gzip gets it."""
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    answered = CompressionMiddleware(lambda _: response)(request)
    assert isinstance(answered, HttpResponse)
    return answered


def test_a_public_page_is_compressed_to_the_same_bytes_each_time() -> None:
    first, second = sent(public(HttpResponse(TEXT))), sent(public(HttpResponse(TEXT)))
    assert first["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in first["Vary"]
    assert gzip.decompress(first.content) == TEXT
    assert first.content == second.content


@pytest.mark.parametrize(
    "response",
    [private(HttpResponse(TEXT)), public(HttpResponse(TEXT, content_type="image/avif"))],
    ids=["personal", "picture"],
)
def test_what_is_personal_or_compressed_already_stays_as_it_is(response: HttpResponse) -> None:
    assert sent(response).content == TEXT

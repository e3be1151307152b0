"""Every page names one stylesheet and one import map, both constant: pages can be cached and the policy strict."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json

from django.test import Client

from masthead.core import assets


def test_the_stylesheet_begins_with_the_order_of_the_layers_and_ends_with_the_accent() -> None:
    text = assets.stylesheet().text.decode()
    assert text.startswith("@layer reset, tokens, elements, app, theme;")
    assert text.rstrip().endswith("}")
    assert "--accent-light: #8c2a1e" in text.splitlines()[-1]
    assert "/*" not in text


def test_fonts_in_the_stylesheet_have_the_addresses_that_pages_preload() -> None:
    text = assets.stylesheet().text.decode()
    assert 'url("/static/project/fonts/source-serif-latin.woff2")' in text
    assert "../" not in text


def test_the_import_map_names_every_module_and_its_hash_is_that_of_the_printed_text() -> None:
    tag = str(assets.importmap())
    text = tag.removeprefix('<script type="importmap">').removesuffix("</script>")
    assert json.loads(text)["imports"]["masthead/main"] == "/static/project/lib/main.js"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert assets.importmap_source() == f"'sha256-{digest}'"


def test_the_content_policy_allows_the_import_map_and_no_other_inline_script(client: Client) -> None:
    policy = client.get("/-/style-x.css").headers["Content-Security-Policy"]
    assert f"script-src 'self' {assets.importmap_source()};" in policy
    assert "unsafe" not in policy


def test_the_stylesheet_is_kept_for_ever_under_its_own_hash(client: Client) -> None:
    sheet = assets.stylesheet()
    response = client.get(f"/-/style-{sheet.digest}.css")
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content == sheet.text


def test_a_page_from_before_an_update_still_gets_a_stylesheet(client: Client) -> None:
    response = client.get("/-/style-0123456789ab.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=60"


def test_the_stylesheet_is_sent_compressed_to_those_who_take_it(client: Client) -> None:
    sheet = assets.stylesheet()
    response = client.get(f"/-/style-{sheet.digest}.css", headers={"accept-encoding": "gzip, br"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(response.content) == sheet.text

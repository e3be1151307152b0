"""The lists of the old site lead to ours: categories, tags, authors."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from masthead.porting.run import ImportOptions, SiteImport
from masthead.porting.sources.wordpress.reader import WordPressSource
from masthead.project.cli.import_ import rate_text
from masthead.publishing.testing import make_home

from . import wxr

pytestmark = pytest.mark.django_db

TERMS = (
    "<wp:category><wp:category_nicename>news</wp:category_nicename><wp:cat_name>News</wp:cat_name></wp:category>"
    "<wp:category><wp:category_nicename>local</wp:category_nicename><wp:cat_name>Local</wp:cat_name>"
    "<wp:category_parent>news</wp:category_parent></wp:category>"
)
FILED = (
    '<category domain="category" nicename="local">Local</category>'
    '<category domain="category" nicename="harbour">The Harbour</category>'
    '<category domain="post_tag" nicename="ferry-2">Ferry</category>'
)


def brought_in(folder: Path, values: dict[str, str] | None = None, *, dry: bool = False) -> list[str]:
    """Import one story and return what the report says of repairs."""
    make_home()
    export = wxr.write(
        folder,
        wxr.author("Ada", "Ada Venn"),
        TERMS,
        wxr.item(1, extra=FILED, **({"dc:creator": "Ada"} | (values or {}))),
    )
    return SiteImport(WordPressSource(export), export, ImportOptions(is_dry_run=dry)).perform().repairs


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/category/local/", "/local/"),
        ("/category/news/local/", "/local/"),
        ("/category/harbour/", "/tags/the-harbour/"),
        ("/tag/ferry-2/", "/tags/ferry/"),
        ("/author/ada/", "/authors/ada-venn/"),
    ],
)
def test_an_old_list_leads_to_what_it_became(tmp_path: Path, client: Client, old: str, new: str) -> None:
    brought_in(tmp_path)
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_a_dry_run_redirects_nothing(tmp_path: Path, client: Client) -> None:
    brought_in(tmp_path, dry=True)
    assert client.get("/tag/ferry-2/").status_code == 404


def test_an_address_of_a_person_is_never_written_down(tmp_path: Path, client: Client) -> None:
    brought_in(tmp_path, {"dc:creator": "ada@example.org"})
    assert client.get("/author/ada@example.org/").status_code == 404


def test_a_story_that_was_kept_on_top_is_named(tmp_path: Path) -> None:
    assert any(
        "Story 1" in sentence and "front page" in sentence for sentence in brought_in(tmp_path, {"wp:is_sticky": "1"})
    )


def test_the_rate_is_said_in_steps_a_second() -> None:
    assert rate_text(3000, 1.5) == "2,000/s"
    assert rate_text(5, 0.0) == ""

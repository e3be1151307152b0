"""An old site moves in, and readers find everything where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.test import Client

from masthead.discussion.models import Comment
from masthead.porting.run import ImportOptions, SiteImport
from masthead.porting.sources.wordpress.reader import WordPressSource
from masthead.publishing.models import ArticlePage, PlainPage, PublishedStory
from masthead.publishing.selectors import path_of
from masthead.publishing.testing import make_home
from tests.porting import wxr
from tests.porting.inputs import INPUTS, needs_inputs, payloads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home() -> Any:
    return make_home()


def move_in(path: Path) -> None:
    SiteImport(WordPressSource(path), path, ImportOptions()).perform()


@needs_inputs
@pytest.mark.parametrize("name", ["theme-unit-test-data", "theme-test-data-ja", "pelican-wordpressexport"])
def test_every_page_opens_and_shows_its_comments(client: Client, name: str) -> None:
    move_in(INPUTS / "wordpress" / f"{name}.xml")
    for story in PublishedStory.objects.all():
        reply = client.get(story.path)
        assert reply.status_code == 200, story.path
        shown = reply.content.decode()
        newest = Comment.objects.filter(thread__key=story.thread_key, is_listed=True, parent=None).order_by(
            "-sorted_at"
        )
        assert all(f'id="comment-{comment.public_id}"' in shown for comment in newest[:1])
    for page in PlainPage.objects.live():
        assert client.get(path_of(page)).status_code == 200, page.url_path


@needs_inputs
def test_what_was_hidden_is_nowhere(client: Client) -> None:
    move_in(INPUTS / "wordpress/theme-unit-test-data.xml")
    hidden = ArticlePage.objects.not_live()
    assert hidden.count() == 3
    for page in hidden:
        assert client.get(path_of(page)).status_code == 404
    front = client.get("/").content.decode() + client.get("/feed/").content.decode()
    assert not [page.title for page in hidden if page.title in front]


def test_old_addresses_lead_to_the_stories(client: Client, tmp_path: Path) -> None:
    link = "https://old.example/2024/03/tide/"
    move_in(wxr.write(tmp_path, wxr.item(4, link=link, extra=wxr.comment(77))))
    path = PublishedStory.objects.get().path
    for old in ("/2024/03/tide/", "/2024/03/tide", "/?p=4"):
        moved = client.get(old)
        assert (moved.status_code, moved.headers.get("Location")) == (301, path), old
    assert 'id="comment-77"' in client.get(path).content.decode()


def test_an_old_anchor_finds_a_comment_that_is_not_on_the_first_page(client: Client, tmp_path: Path) -> None:
    comments = [wxr.comment(n, comment_date_gmt=f"2024-03-01 12:{n // 60:02}:{n % 60:02}") for n in range(1, 61)]
    move_in(wxr.write(tmp_path, wxr.item(4, extra="".join(comments))))
    path = PublishedStory.objects.get().path
    assert 'id="comment-3"' not in client.get(path).content.decode()
    assert 'id="comment-3"' in client.get(f"{path}?comment=3").content.decode()
    assert client.get(f"{path}?comment=999").status_code == 200


def test_old_addresses_in_other_scripts_lead_to_the_stories(client: Client, tmp_path: Path) -> None:
    link = "https://old.example/%e6%b8%af/%e6%bd%ae/"
    move_in(wxr.write(tmp_path, wxr.item(4, link=link)))
    assert client.get("/%e6%b8%af/%e6%bd%ae/").status_code == 301
    assert client.get("/%E6%B8%AF/%E6%BD%AE/").status_code == 301


@pytest.mark.no_cover  # quicker by half; others run the same lines
@needs_inputs
def test_nothing_hostile_reaches_a_reader(client: Client, tmp_path: Path) -> None:
    strings = [text for text in payloads() if text.isprintable() and text.strip()][::40]
    items = [
        wxr.item(
            number,
            title=f"{number} {text}",
            body=text,
            wp__post_name=f"s{number}",
            extra=wxr.comment(number, comment_content=text, comment_author=text, comment_author_url=text),
        )
        for number, text in enumerate(strings, start=1)
    ]
    move_in(wxr.write(tmp_path, *items))
    for story in PublishedStory.objects.all():
        tree = html5lib.parse(client.get(story.path).content, namespaceHTMLElements=False)
        for element in tree.iter():
            assert not [name for name in element.attrib if str(name).lower().startswith("on")], story.title
            if element.tag == "script":
                assert "src" in element.attrib or element.attrib.get("type") in {"importmap", "application/ld+json"}
            for name in ("href", "src", "action", "formaction"):
                value = element.attrib.get(name, "").strip().lower()
                assert not value.startswith(("javascript:", "data:text", "vbscript:")), story.title

"""Rating in a real browser: plain radio buttons, with script and without, by keys, and readable by machine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible
from tests.browser.paper import Paper, environment

STORY = "/town-hall/the-14-bus-goes-back-to-the-ferry/"
_CHOOSE = """
import django; django.setup()
from masthead.publishing.models import PublishedStory, RatedField
page = PublishedStory.objects.get(path="%s").article
page.discussion_kind = "ratings"
page.save()
RatedField.objects.get_or_create(page=page, key="food", defaults={"name": "Food"})
type(page).objects.get(pk=page.pk).save_revision().publish()
"""


@pytest.fixture(scope="module", autouse=True)
def _readers_rate(demo: Paper) -> None:
    """Let an editor choose, in a process of his own, that readers rate a story."""
    settings = {"MASTHEAD_SITE": str(demo.folder), "DJANGO_SETTINGS_MODULE": "masthead.project.settings"}
    own = {**environment(MASTHEAD_SITE_URL=demo.address), **settings}
    subprocess.run([sys.executable, "-c", _CHOOSE % STORY], env={**os.environ, **own}, check=True)


def test_stars_are_given_with_and_without_script(any_page: Page) -> None:
    page, words = any_page, f"Rated {id(any_page)}"
    page.goto(f"{STORY}?sort=oldest")
    form = page.locator("#comment-form")
    form.get_by_role("textbox").first.fill(words)
    form.get_by_label("Name").fill("Tester")
    form.get_by_role("group", name="Overall").get_by_label("4 stars of 5").check()
    form.get_by_role("group", name="Food").get_by_label("1 star of 5").check()
    form.get_by_role("button", name="Post comment").click()
    comment = page.locator("article.comment").filter(has_text=words).last
    expect(comment.locator(".stars")).to_contain_text("4 stars of 5")
    expect(comment.locator(".stars")).to_contain_text("1 star of 5")
    expect(page.locator("#ratings")).to_contain_text("Food")


def test_the_arrow_keys_choose_and_the_page_is_accessible(page: Page) -> None:
    page.goto(STORY)
    overall = page.locator("#comment-form").get_by_role("group", name="Overall")
    overall.get_by_label("2 stars of 5").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(overall.get_by_label("3 stars of 5")).to_be_checked()
    assert_accessible(page)

"""The article page by role and accessible name: how people, tests and assistive technology find things."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.places import LEAD, SITE_NAME


@pytest.fixture(params=[(True, DESK), (False, DESK), (True, PHONE)], ids=["js", "no-js", "phone"])
def story(opened: Opener, request: pytest.FixtureRequest) -> Page:
    """The lead story of the demo."""
    js, size = request.param
    page = opened(js=js, size=size)
    page.goto(LEAD)
    return page


def comments(page: Page) -> Locator:
    """The section with the discussion."""
    return page.get_by_role("region", name="Comments", exact=True)


def test_meter_states_the_month(story: Page) -> None:
    meter = story.get_by_role("meter")
    expect(meter).to_have_count(1)
    expect(meter).to_have_accessible_name(re.compile(r"\S"))
    for name, value in {"aria-valuenow": "1639", "aria-valuemin": "0", "aria-valuemax": "5000"}.items():
        expect(meter).to_have_attribute(name, value)
    for text in ("0 $", "2,500 $", "5,000 $", "1,639 $"):
        expect(meter.get_by_text(text, exact=True).first).to_be_visible()


def test_meter_stands_above_everything(story: Page) -> None:
    box = story.get_by_role("meter").bounding_box()
    headline = story.get_by_role("heading", level=1).bounding_box()
    assert box is not None
    assert headline is not None
    assert box["y"] < 80
    assert box["y"] < headline["y"]


def test_support_links_stand_above_and_below_the_story(story: Page) -> None:
    links = story.get_by_role("link", name=f"Support {SITE_NAME}", exact=True)
    text = story.locator(".story").first.bounding_box()
    assert text is not None
    places = [box["y"] for link in links.all() if (box := link.bounding_box())]
    assert any(y < text["y"] for y in places)
    assert any(y > text["y"] + text["height"] - 1 for y in places)


def test_headline_is_the_only_first_heading(story: Page) -> None:
    expect(story.get_by_role("heading", level=1)).to_have_text("The pumps were bought two weeks after the warning")


def test_comments_are_counted_in_their_heading(story: Page) -> None:
    expect(comments(story).get_by_role("heading").first).to_have_text(re.compile(r"\b60\b"))


def test_notify_of_offers_both_choices(story: Page) -> None:
    select = comments(story).get_by_role("combobox", name="Notify of")
    expect(select).to_have_count(1)
    assert [option.strip() for option in select.locator("option").all_inner_texts()] == [
        "new follow-up comments",
        "new replies to my comments",
    ]
    expect(comments(story).get_by_role("button", name="Subscribe", exact=True)).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "order"), [("Newest", "newest"), ("Oldest", "oldest"), ("Most Voted", "most-voted"), ("Best", "best")]
)
def test_sort_links_say_which_is_current(story: Page, name: str, order: str) -> None:
    story.goto(f"{LEAD}?sort={order}")
    section = comments(story)
    link = section.get_by_role("link", name=name, exact=True)
    expect(link).to_have_attribute("href", re.compile(rf"\?(.*&)?sort={order}"))
    expect(link).to_have_attribute("aria-current", re.compile("true|page"))
    expect(section.locator(".sort-links [aria-current]")).to_have_count(1)


def test_inline_feedback_can_be_filtered_and_cleared(story: Page) -> None:
    comments(story).get_by_role("link", name=re.compile("^Inline Feedbacks")).click()
    story.wait_for_url(re.compile("filter=inline"))
    expect(comments(story).locator(".quoted").first).to_be_visible()
    comments(story).get_by_role("link", name="View all comments").click()
    story.wait_for_url(lambda address: "filter=inline" not in address)


def test_each_comment_is_an_article_with_its_controls(story: Page) -> None:
    found = comments(story).locator("article[id^='comment-']")
    assert found.count() > 0
    first = found.first
    assert re.fullmatch(r"comment-[\w-]+", first.get_attribute("id") or "")
    for role, name in (("button", "Vote up"), ("button", "Vote down"), ("link", "Reply")):
        expect(first.get_by_role(role, name=name, exact=True).first).to_be_visible()  # type: ignore[arg-type]
    date = first.locator("a:has(time[datetime])").first
    expect(date).to_have_attribute("href", re.compile("#comment-|comment"))


def test_replies_stand_inside_their_parents(story: Page) -> None:
    nested = comments(story).locator("article[id^='comment-'] article[id^='comment-']")
    assert nested.count() > 0


def test_permalink_opens_the_comment(story: Page) -> None:
    last = comments(story).locator("article[id^='comment-']").last
    anchor = last.get_attribute("id")
    address = last.locator("a:has(time[datetime])").first.get_attribute("href")
    assert address is not None
    story.goto(address)
    expect(story.locator(f"#{anchor}")).to_be_visible()
    expect(comments(story).get_by_role("link", name="View all comments")).to_be_visible()


def test_author_asks_about_the_marked_words(story: Page) -> None:
    expect(story.locator(".story").get_by_text("should not be considered for the north gate").first).to_be_visible()
    expect(story.get_by_text("Have you worked with this type of pump?").first).to_be_attached()


def test_invitation_comes_after_a_while_and_goes_for_good(opened: Opener) -> None:
    page = opened()
    page.clock.install()
    page.goto(LEAD)
    page.evaluate("customElements.whenDefined('invite-card').then(() => undefined)")
    invitation = page.get_by_text("Would love your thoughts, please comment.")
    expect(invitation).to_be_hidden()
    page.clock.fast_forward("01:00")
    expect(invitation).to_be_visible()
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(invitation).to_be_hidden()
    page.reload()
    page.evaluate("customElements.whenDefined('invite-card').then(() => undefined)")
    page.clock.fast_forward("02:00")
    expect(invitation).to_be_hidden()

"""A supporter chooses an amount, pledges and reads exactly what to do: with script and without."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible
from tests.browser.places import LEAD, SITE_NAME, SUPPORT, WORKING


def test_from_the_story_to_the_reference_code(any_page: Page) -> None:
    any_page.goto(LEAD)
    any_page.locator(".support-form").get_by_role("radio", name=re.compile(r"^25\s\$$")).check()
    any_page.locator(".support-form").get_by_role("button", name="Continue").click()
    any_page.wait_for_url(re.compile(SUPPORT))
    expect(any_page.get_by_label(re.compile("^Amount"))).to_have_value("25")
    expect(any_page.get_by_role("radio", name="Once")).to_be_checked()
    any_page.get_by_label("Your name").fill("Don Hale")
    any_page.get_by_role("button", name="Get my reference code").click()
    expect(any_page.get_by_role("heading", level=1)).to_be_visible()
    expect(any_page.get_by_role("main")).to_contain_text("DE02")
    expect(any_page.get_by_role("main")).to_contain_text(re.compile(r"25\s\$"))


def test_a_pledge_adds_nothing_to_the_meter(any_page: Page) -> None:
    any_page.goto(SUPPORT)
    any_page.get_by_label(re.compile("^Amount")).fill("500")
    any_page.get_by_label("Your name").fill("Don Hale")
    any_page.get_by_role("button", name="Get my reference code").click()
    any_page.goto("/")
    expect(any_page.get_by_role("meter")).to_have_attribute("aria-valuenow", "1639")


def test_a_mistake_is_named_beside_its_field(any_page: Page, guard: Guard) -> None:
    guard.expect_status(400, 422)
    any_page.goto(SUPPORT)
    any_page.get_by_label(re.compile("^Amount")).fill("a lot")
    any_page.get_by_label("Your name").fill("Don Hale")
    any_page.get_by_role("button", name="Get my reference code").click()
    amount = any_page.get_by_label(re.compile("^Amount"))
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_value("a lot")
    expect(any_page.get_by_label("Your name")).to_have_value("Don Hale")


def test_the_refused_form_and_the_thanks_are_accessible(page: Page, guard: Guard) -> None:
    guard.expect_status(400, 422)
    page.goto(SUPPORT)
    page.get_by_label("Your name").fill("Don Hale")
    page.get_by_role("button", name="Get my reference code").click()
    expect(page.locator("[aria-invalid='true']").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label(re.compile("^Amount")).fill("10")
    page.get_by_role("button", name="Get my reference code").click()
    expect(page.get_by_role("main")).to_contain_text("DE02")
    assert_accessible(page)


def test_monthly_is_never_chosen_beforehand(page: Page) -> None:
    for path in (LEAD, SUPPORT):
        page.goto(path)
        expect(page.get_by_role("radio", name=re.compile("month", re.IGNORECASE)).first).not_to_be_checked()


def test_the_working_leads_back_to_the_figure(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Show your working").first.click()
    page.wait_for_url(re.compile(WORKING))
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"1,639\s\$"))
    expect(page.get_by_role("link", name=f"Support {SITE_NAME}").first).to_be_visible()


def asks(page: Page) -> list[bool]:
    """Tell whether the story shows the block, the quieter link, and the line that thanks."""
    return [page.locator(each).is_visible() for each in (".support", ".support-quiet", ".support-given")]


def test_a_story_thanks_who_gives_and_asks_him_no_more_without_a_jump(page: Page) -> None:
    page.goto(LEAD)
    assert asks(page) == [True, True, False]
    page.evaluate("localStorage.gave = Date.now() + 864e5")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(
        "window.shifts = [];"
        "new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(LEAD)
    page.wait_for_load_state("networkidle")
    assert asks(page) == [False, False, True]
    given = page.locator(".support-given")
    expect(given).to_have_text(f"Thank you for supporting {SITE_NAME}. Your gifts")
    assert page.evaluate("shifts") == []
    assert not [url for url in requests if "support" in url], "no request tells that somebody gives"
    assert_accessible(page)
    given.get_by_role("link", name="Your gifts").click()
    expect(page.get_by_role("heading", level=1, name="Your gifts")).to_be_visible()


def test_without_script_a_story_asks_everybody(page_no_js: Page) -> None:
    page_no_js.goto(LEAD)
    assert asks(page_no_js) == [True, True, False]

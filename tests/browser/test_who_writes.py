"""Who writes: a guest who proves an address by the button of a mail, and a reader with a passkey."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import paper
from tests.browser.conftest import DESK, PATIENCE_MS, PHONE
from tests.browser.guard import Guard
from tests.browser.helpers import assert_accessible, assert_no_sideways_scroll, at_work, expect_announced
from tests.browser.paper import Paper
from tests.browser.places import QUIET
from tests.browser.postbox import Postbox
from tests.letters import AnyPort, part

# Passkeys are bound to a name; browsers take none for a bare number.
HOST = "localhost"


@pytest.fixture(scope="module")
def postbox() -> Iterator[tuple[Postbox, str]]:
    """A mail server, and its address for the site's settings."""
    box = Postbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield box, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture(scope="module")
def careful(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]
) -> Iterator[Paper]:
    """The demo paper, where guests prove their address."""
    folder = tmp_path_factory.mktemp("careful") / "site"
    settings = {"MASTHEAD_DISCUSSION_GUESTS": "verified", "MASTHEAD_MAIL_URL": postbox[1]}
    served = paper.serve(demo_folder, folder, host=HOST, **settings)
    yield served
    served.stop()


@pytest.fixture
def careful_page(browser: Browser, careful: Paper, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window on it; with script unless the test says otherwise."""
    guard = Guard(careful.address)
    size, script = getattr(request, "param", (DESK, True))
    context = browser.new_context(
        base_url=careful.address,
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=script,
        locale="en-GB",
    )
    context.set_default_timeout(PATIENCE_MS)
    guard.watch(context)
    yield context.new_page()
    context.close()
    guard.verify()


@pytest.mark.parametrize("careful_page", [(DESK, True), (PHONE, False)], ids=["js", "no-js"], indirect=True)
def test_write_first_prove_once(
    careful_page: Page, postbox: tuple[Postbox, str], request: pytest.FixtureRequest
) -> None:
    page, has_script = careful_page, "no-js" not in request.node.name
    address = "ada@example.org" if has_script else "ben@example.org"
    form = page.locator("#comment-form")

    def write(text: str) -> None:
        if not has_script:
            page.goto(QUIET)
        form.get_by_label("Comment", exact=True).fill(text)
        if form.get_by_label("Name").input_value() == "":
            form.get_by_label("Name").fill("Orla Brook")
            form.get_by_label(re.compile("^Mail address")).fill(address)
        form.get_by_role("button", name="Post comment").click()

    page.goto(QUIET)
    if has_script:
        at_work(page)
    write(f"First by {address}.")
    held = page.get_by_text(f"We sent a mail to {address}; your comment appears when you press its button.")
    expect(held.first).to_be_visible()
    if has_script:
        page.reload()
        expect(page.locator(".comment .held", has_text=address)).to_be_visible()
        assert_accessible(page)
    page.goto(re.findall(r"http://\S+/button/\S+", part(postbox[0].next_to(address), "plain"))[0])
    expect(page.get_by_role("main")).to_contain_text(f"First by {address}.")
    assert_no_sideways_scroll(page)
    if has_script:
        assert_accessible(page)
    page.get_by_role("button", name="Yes, I wrote this").click()
    own = page.locator("article.comment", has_text=f"First by {address}.")
    expect(own.locator(".role")).to_have_text("Verified")
    if has_script:
        at_work(page)
    write(f"Second by {address}.")
    expect(page.locator("article.comment", has_text=f"Second by {address}.").first).to_be_visible()
    if has_script:
        expect_announced(page, "Comment posted.")
    page.goto("/-/comments/mine/")
    expect(page.get_by_role("main")).to_contain_text(address)
    assert_no_sideways_scroll(page)
    if has_script:
        assert_accessible(page)


def test_drafts_stand_on_ones_own_page_and_can_be_gone_on_with_or_thrown_away(careful_page: Page) -> None:
    page = careful_page
    page.goto(QUIET)
    page.locator("#comment-form").get_by_label("Comment", exact=True).fill("Half a thought")
    page.goto("/-/comments/mine/")
    drafts = page.locator("own-drafts")
    expect(drafts.get_by_text("Half a thought")).to_be_visible()
    assert_accessible(page)
    drafts.get_by_role("link", name="Go on writing").click()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Half a thought")
    page.goto("/-/comments/mine/")
    drafts.get_by_role("button", name="Throw away").click()
    expect(drafts.get_by_text("My drafts")).to_be_hidden()


def test_a_passkey_is_made_and_signs_in(careful_page: Page, careful: Paper) -> None:
    page = careful_page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    link = paper.run("admin-link", "--site", str(careful.folder), MASTHEAD_SITE_URL=careful.address).strip()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    page.goto("/accounts/passkeys/")
    assert_accessible(page)
    page.get_by_label("What to call it").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("listitem").filter(has_text="My phone")).to_be_visible()
    page.goto("/accounts/profile/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    assert_accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")
    page.goto("/accounts/passkeys/")
    page.get_by_role("button", name="Remove My phone").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()

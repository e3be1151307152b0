"""What the whole site says of money: one number everywhere (M11, M9), and nobody who did not agree (S6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.funding.models import Donor, Gift, Pledge
from masthead.funding.services import close_due_months, note_pledge, put_campaign, reverse_gift, settle_payment
from masthead.funding.testing import make_campaign, make_gift
from masthead.outbox import worker
from masthead.project.sections import EmbedConfig
from masthead.publishing.testing import make_article
from tests.funding.lives import opened, paid, usd

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
SAID = "1,639 $ of 5,000 $ raised"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    cache.clear()
    with frozen(NOW):
        yield


@pytest.fixture
def _elsewhere() -> Iterator[None]:
    """Pieces of this site stand on another one too."""
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, embed=EmbedConfig(origins=["https://club.example"]))):
        yield


def text_of(reply: Any) -> str:
    """Return a reply as text with ordinary spaces; nothing of a stream that never ends."""
    if reply.streaming and reply.get("Content-Type", "").startswith("text/event-stream"):
        reply.close()
        return ""
    content = b"".join(reply.streaming_content) if reply.streaming else reply.content
    return unescape(content.decode(errors="replace")).replace("\\u00a0", " ").replace("\u00a0", " ")


@pytest.mark.usefixtures("_elsewhere")
def test_m11_home_story_support_json_feed_picture_and_embedding_say_one_number(client: Client) -> None:
    story = make_article()
    make_campaign()
    make_gift(amount=Money(163_900, "USD"))
    addresses = [
        "/",
        story.url,
        "/support/",
        "/support/working/",
        "/support/working/2026-11/",
        "/support/fund/",
        "/support/fund/feed/",
        "/support/fund/meter.svg",
        "/support/fund/meter.json",
        "/-/meter/",
        "/-/embed/meter/",
        "/-/embed/meter/fund/",
        "/api/v1/campaigns/fund",
    ]
    said = {address: text_of(client.get(address)) for address in addresses}
    assert [address for address, text in said.items() if SAID not in text] == []
    figures = {found for text in said.values() for found in re.findall(r"([\d,.]+ \$) of [\d,.]+ \$ raised", text)}
    assert figures == {"1,639 $"}


def test_m9_figures_say_as_of_when_and_a_page_asked_for_after_a_gift_has_it(client: Client) -> None:
    make_campaign()
    later = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    for moment, raised in ((NOW, "10 $"), (later, "20 $")):
        with frozen(moment):
            make_gift(amount=Money(1_000, "USD"))
            assert f"{raised} of 5,000 $" in text_of(client.get("/support/"))
            told = client.get("/api/v1/campaigns/fund").json()["meter"]
            assert datetime.fromisoformat(told["as_of"]) == moment
            assert "As of Nov. 2" in text_of(client.get("/support/working/2026-11/"))
    reply = client.get("/support/")
    assert reply["Cache-Control"] == "public, no-cache", "nothing outside keeps a figure without asking"
    assert "meter" in reply["Surrogate-Key"].split(), "and what is kept here goes with the fact"


PLACES: dict[str, list[str]] = {"slug": ["fund", "boat"], "month": ["2026-10", "2026-11"], "year": ["2026"]}


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield every address of the site outside of the newsroom, the places of each filled in."""
    for item in resolver.url_patterns:
        path = before + str(item.pattern).lstrip("^")
        if path.startswith(("admin/", "accounts/", "documents/")):
            continue
        if isinstance(item, URLResolver):
            yield from addresses(item, path)
        elif isinstance(item, URLPattern) and "(" not in path:
            yield from _filled(path.rstrip("$").replace("\\", ""))


def _filled(path: str) -> Iterator[str]:
    place = re.search(r"<(?:\w+:)?(\w+)>", path)
    if place is None:
        yield "/" + path
        return
    for value in PLACES.get(place[1], ["1"]):
        yield from _filled(path[: place.start()] + value + path[place.end() :])


@pytest.mark.usefixtures("_unlimited")
def test_s6_no_reply_of_the_site_and_no_mail_to_others_tells_of_who_did_not_agree(
    client: Client, mailoutbox: list[Any]
) -> None:
    """Hostile, unique markers in all that tells of a person, looked for in every address there is."""
    story = make_article()
    with frozen(datetime(2026, 10, 3, tzinfo=UTC)):
        campaign = make_campaign()
        first = make_gift(donor_name="Zyxhand <b>x</b>", contact="zyxhand@example.org", external_id="zyxexternal")
    put_campaign(slug="boat", goal=usd(5_000), title="Boat", active=False, beside=True)
    put_campaign(slug="fund", goal=usd(500_000), wall=True)
    pledge = note_pledge(
        campaign=campaign, amount=usd(2500), name="Zyxcard", email="zyxcard@example.org", message="Zyxmessage",
        method="stripe", show_name=False, story=f"article:{story.pk}",
    )  # fmt: skip
    settle_payment(paid(opened(pledge.public_id, external_id="pi_zyxpayment"), usd(2500)))
    other = note_pledge(campaign=campaign, amount=usd(700), name="Other", email="other@example.org", method="stripe")
    settle_payment(paid(opened(other.public_id, external_id="pi_other"), usd(700)))
    gone = make_gift(donor_name="Zyxgone", contact="zyxgone@example.org")
    reverse_gift(gift=gone, reason="Zyxreason")
    close_due_months()
    reverse_gift(gift=first, reason="Zyxlate")
    worker.run_pending()
    ids = [row.public_id for model in (Gift, Pledge, Donor) for row in model._default_manager.all()]
    markers = ["zyx", *(id_.lower() for id_ in ids), pledge.reference.lower()]
    paths = sorted({"/", story.url, "/search/?q=pumps", *addresses(get_resolver())})
    assert len(paths) > 60
    assert {"/support/fund/supporters/", "/support/working/2026-10/changes.txt", "/support/boat/feed/"} <= set(paths)
    read = 0
    for path in paths:
        reply = client.get(path)
        assert reply.status_code < 500, path
        seen = text_of(reply).lower()
        assert [marker for marker in markers if marker in seen] == [], path
        read += reply.status_code == 200
    assert read > 25
    private = [text_of(client.get(f"/support/{name}/{pledge.reference}/")).lower() for name in ("thanks", "pay")]
    assert not any(word in page for page in private for word in ("zyxcard", "zyxmessage")), (
        "who holds the code is nobody"
    )
    for letter in mailoutbox:
        if not letter.to[0].startswith("zyx"):
            assert "zyx" not in f"{letter.subject} {letter.body} {letter.alternatives}".lower()
    assert {"other@example.org", "zyxcard@example.org"} <= {letter.to[0] for letter in mailoutbox}


@pytest.fixture
def _unlimited() -> Iterator[None]:
    """Pages that are limited by network are asked for once each."""
    cache.clear()
    yield
    cache.clear()

"""What stands on pages of other sites: the same bytes for everybody, small, and cut to what may be done there."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from masthead.accounts.models import User
from masthead.core.http import FRAGMENT_HEADER
from masthead.core.money import Money
from masthead.discussion.models import Comment, MailLoop, Vote
from masthead.discussion.testing import make_comment, make_thread
from masthead.funding.services import put_campaign
from masthead.funding.testing import make_campaign
from masthead.project.embed_assets import embed_assets, inside_a_piece, script
from masthead.project.sections import EmbedConfig
from masthead.publishing.testing import make_article
from tests.client import CheckingClient

CLUB = "https://club.example"
FROM_CLUB = {"Origin": CLUB, "Sec-Fetch-Site": "cross-site"}
ROOT = "/-/embed/comments/"
GUEST = "Masthead-Guest"
BUDGET = 15_000


@pytest.fixture(autouse=True)
def club_is_listed() -> Iterator[None]:
    """A site that lists the club."""
    with override_settings(MASTHEAD=replace(settings.MASTHEAD, embed=EmbedConfig(origins=[CLUB]))):
        yield


@pytest.fixture
def key(db: None) -> str:
    """The key of the discussion under a public story."""
    return f"article:{make_article().pk}"


def got(client: CheckingClient, path: str, query: dict[str, str] | None = None, **headers: str) -> Any:
    """Get a piece as the club's page does."""
    return client.get(f"{ROOT}{path}", query or {}, headers={**FROM_CLUB, **headers})


def sent(client: CheckingClient, path: str, data: dict[str, str], **headers: str) -> Any:
    """Send a form as the club's page does."""
    return client.post(f"{ROOT}{path}", data, headers={**FROM_CLUB, **headers})


def test_everything_that_a_page_loads_is_within_its_budget() -> None:
    files = [*embed_assets().files.values(), script("https://ledger.example/-/embed/0123456789ab/").encode()]
    assert sum(len(gzip.compress(content, 9, mtime=0)) for content in files) <= BUDGET


@pytest.mark.django_db
def test_the_script_names_this_release_and_the_modules_name_each_other(client: CheckingClient) -> None:
    text = client.get("/embed.js")
    assert text["Cache-Control"] == "public, no-cache"
    assert text["Content-Type"].startswith("text/javascript")
    assert text["Access-Control-Allow-Origin"] == "*"
    found = re.search(r'import\("http://testserver(/-/embed/[0-9a-f]{12}/)frame\.js"\)', text.content.decode())
    assert found is not None
    seen: set[str] = set()
    wanted = {"frame.js", "sheet.css"}
    while wanted - seen:
        name = (wanted - seen).pop()
        reply = client.get(f"{found[1]}{name}")
        assert reply["Cache-Control"].endswith("immutable")
        assert reply["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert reply["Access-Control-Allow-Origin"] == "*", "kept for a year by caches that know no Vary"
        assert "Origin" not in reply.get("Vary", "")
        wanted |= set(re.findall(r'from "\./([a-z]+\.js)"', reply.content.decode()))
        seen.add(name)
    assert seen == set(embed_assets().files)
    assert client.get("/-/embed/0123456789ab/frame.js")["Cache-Control"] == "public, max-age=60"
    assert client.get(f"{found[1]}settings.py").status_code == 404


def test_styles_of_a_page_become_those_of_a_piece() -> None:
    css = """/* note */ @layer tokens {
      :root[data-theme="dark"] { --edge: 1.5rem; }
      .html-block, body, .body-text { margin: -0.5rem 0 1rem; }
      @media (width < 40rem) { html { gap: .25rem; } }
      @media (width < 40rem) and (pointer: coarse) { a { gap: 1rem; } }
    }"""
    made = inside_a_piece(css)
    assert '.masthead[data-theme="dark"] { --edge: calc(1.5*var(--masthead-rem,1rem)); }' in made
    assert ".html-block, .masthead, .body-text { margin: calc(-0.5*" in made
    assert "@container (inline-size < 40rem) { .masthead { gap: calc(.25*" in made
    assert "@media (width < 40rem) and (pointer: coarse) { a { gap: calc(1*" in made


def test_the_sheet_names_nothing_of_the_page_around_and_asks_for_nothing() -> None:
    sheet = embed_assets().files["sheet.css"].decode()
    assert not re.search(r"(?<![\w.#-])(:root|html|body)(?![\w-])", sheet)
    assert "url(" not in sheet
    assert "@import" not in sheet


@pytest.mark.django_db
def test_the_discussion_is_the_same_for_everybody_and_costs_few_queries(
    client: CheckingClient, key: str, ada: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_comment(make_thread(key), text=f"Number {number}")
    with django_assert_max_num_queries(10):
        first = got(client, "", {"thread": key})
    client.force_login(ada)
    again = got(client, "", {"thread": key})
    assert first["Cache-Control"] == "public, no-cache"
    assert f"thread:{key}" in first["Surrogate-Key"]
    assert first.content == again.content
    text = first.content.decode()
    assert 'lang="en" dir="ltr"' in text
    assert text.count("<article") == 10
    assert "<script" not in text
    assert "Post comment" in text


@pytest.mark.django_db
def test_where_readers_rate_the_first_form_has_stars_and_they_count(client: CheckingClient) -> None:
    key = f"article:{make_article(discussion_kind='ratings').pk}"
    assert 'name="stars-overall" value="4"' in got(client, "", {"thread": key}).content.decode()
    posted = sent(client, "post/", {"thread": key, "name": "Ada", "text": "I was there.", "stars-overall": "4"})
    assert "4 stars of 5" in posted.content.decode()
    assert b".comment-form-stars" in embed_assets().files["sheet.css"]


@pytest.mark.django_db
def test_nothing_is_offered_that_needs_the_papers_own_browser_storage(client: CheckingClient, key: str) -> None:
    text = got(client, "", {"thread": key}).content.decode()
    for element in ("reader-marks", "own-marks", "muted-names", "draft-box", "invite-card"):
        assert f"<{element}" not in text


@pytest.mark.django_db
def test_the_list_is_sorted_and_goes_on(client: CheckingClient, key: str) -> None:
    thread = make_thread(key)
    for number in range(12):
        make_comment(thread, text=f"Number {number:02}")
    oldest = got(client, "list/", {"thread": key, "sort": "oldest"})
    assert oldest["Cache-Control"] == "public, no-cache"
    text = oldest.content.decode()
    assert text.index("Number 00") < text.index("Number 09")
    link = re.search(r'rel="next"[^>]*data-from="/-/comments/list/\?([^"]+)"', text)
    assert link is not None
    more = client.get(f"{ROOT}list/?{link[1].replace('&amp;', '&')}", headers=FROM_CLUB).content.decode()
    assert "Number 10" in more
    assert "Number 09" not in more


@pytest.mark.django_db
def test_a_guest_writes_replies_votes_edits_and_is_known_by_the_token_alone(client: CheckingClient, key: str) -> None:
    other = make_comment(make_thread(key), text="Who was there?")
    form = got(client, f"{other.public_id}/reply/")
    assert b"<html" not in form.content
    assert f'name="reply_to" value="{other.public_id}"' in form.content.decode()
    posted = sent(client, "post/", {"thread": key, "name": "Ada", "text": "I was.", "reply_to": other.public_id})
    assert posted.status_code == 200
    assert not posted.cookies
    token = {GUEST: posted[GUEST]}
    mine = Comment.objects.get(author_name="Ada")
    assert f'id="comment-{mine.public_id}"' in posted.content.decode()
    assert sent(client, f"{other.public_id}/vote/", {"value": "up"}, **token).status_code == 200
    assert Vote.objects.get().comment == other
    me = got(client, "me/", {"thread": key}, **token)
    assert me["Cache-Control"] == "private, no-store"
    assert f'id="more-{mine.public_id}"' in me.content.decode()
    changed = sent(client, f"{mine.public_id}/edit/", {"text": "I was, all day."}, **token)
    assert "all day" in changed.content.decode()
    assert sent(client, f"{mine.public_id}/delete/", {}).status_code == 403, "nobody without the token"
    assert sent(client, f"{mine.public_id}/delete/", {}, **token).status_code == 200


@pytest.mark.django_db
def test_what_is_refused_comes_back_with_what_was_typed(client: CheckingClient, key: str) -> None:
    reply = sent(client, "post/", {"thread": key, "name": "A", "text": "I was there."})
    assert reply.status_code == 422
    assert "I was there." in reply.content.decode()
    assert "<form" in reply.content.decode()


@pytest.mark.django_db
def test_where_guests_prove_an_address_a_mail_is_asked_for_and_the_writers_browser_can_be_trusted(key: str) -> None:
    verified = replace(settings.MASTHEAD, discussion=replace(settings.MASTHEAD.discussion, guests="verified"))
    client = CheckingClient()
    with override_settings(MASTHEAD=verified):
        form = {"thread": key, "name": "Ada", "address": "ada@example.org", "text": "I was there."}
        posted = sent(client, "post/", form)
        assert "We sent you a mail" in posted.content.decode()
        comment, loop = Comment.objects.get(), MailLoop.objects.get()
        assert comment.is_unconfirmed
        from masthead.discussion.links import button_url

        address = button_url(loop.public_id).removeprefix("http://testserver")
        CheckingClient().post(address, {"trusts_writer": "1"})
        token = {GUEST: posted[GUEST]}
        second = sent(client, "post/", {"thread": key, "name": "Ada", "text": "And once more."}, **token)
        assert second.status_code == 200
        assert Comment.objects.get(source="And once more.").is_public
        stranger = sent(client, "post/", {"thread": key, "name": "Ada", "text": "And not I."})
        assert stranger.status_code == 422, "no address and no token"


@pytest.mark.django_db
def test_members_only_are_led_to_the_site(client: CheckingClient, key: str) -> None:
    members = replace(settings.MASTHEAD, discussion=replace(settings.MASTHEAD.discussion, guests="members"))
    with override_settings(MASTHEAD=members):
        text = got(client, "", {"thread": key}).content.decode()
        assert "Sign in to comment" in text
        assert "Post comment" not in text
        assert sent(client, "post/", {"thread": key, "name": "Ada", "text": "I was there."}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["mine/", "mine/export/", "names/", "preview/", "passage/", "k3v9/tools/", "k3v9/"])
def test_the_rest_of_the_discussion_is_not_open(client: CheckingClient, path: str) -> None:
    assert got(client, path).status_code == 404
    assert sent(client, path, {}).status_code in {404, 405}


@pytest.mark.django_db
def test_a_stranger_gets_nothing_done(client: CheckingClient, key: str) -> None:
    headers = {**FROM_CLUB, "Origin": "https://stranger.example"}
    form = {"thread": key, "name": "Ada", "text": "Forged"}
    assert client.post(f"{ROOT}post/", form, headers=headers).status_code == 403
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_an_unknown_thread_is_not_there(client: CheckingClient) -> None:
    for thread in ("", "article:999", "page:k3v9", "x" * 5000):
        reply = client.get(ROOT, {"thread": thread}, headers={**FROM_CLUB, FRAGMENT_HEADER: "1"})
        assert reply.status_code == 404
        assert b"<html" not in reply.content


@pytest.mark.django_db
def test_the_meter_is_kept_until_it_moves_and_is_not_there_without_a_campaign(client: CheckingClient) -> None:
    assert client.get("/-/embed/meter/").status_code == 404
    make_campaign()
    reply = client.get("/-/embed/meter/", headers=FROM_CLUB)
    assert (reply.status_code, reply["Cache-Control"]) == (200, "public, no-cache")
    assert 'role="meter"' in reply.content.decode()
    assert reply["Surrogate-Key"].split()[0] == "meter"
    assert "max-age" in reply["Surrogate-Control"]


@pytest.mark.django_db
def test_the_meter_of_a_campaign_beside_stands_on_other_sites_too(client: CheckingClient) -> None:
    make_campaign()
    put_campaign(slug="boat", goal=Money(90_000, "USD"), title="The boat", active=False, beside=True)
    reply = client.get("/-/embed/meter/boat/", headers=FROM_CLUB)
    assert 'aria-label="The boat"' in reply.content.decode()
    assert {"meter", "campaign:boat"} <= set(reply["Surrogate-Key"].split())
    assert "campaign:fund" not in reply["Surrogate-Key"]

"""What a page of another site can do with the token of a guest who proved an address: less than the guest can."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from masthead.core.http import public
from masthead.discussion import services
from masthead.discussion.models import Comment, GuestBrowser
from masthead.discussion.testing import make_comment, make_thread
from masthead.edge.middleware import PersonalReplyMarkedPublic, ReplyHeadersMiddleware
from masthead.project.elsewhere import TOKEN_VALID
from masthead.project.sections import EmbedConfig
from masthead.publishing.testing import make_article
from tests.client import CheckingClient
from tests.discussion.visits import ADA, FRAGMENT, button, prove

CLUB, CHOIR = "https://club.example", "https://choir.example"
GUEST = "Masthead-Guest"
ROOT = "/-/embed/comments/"


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    discussion = replace(settings.MASTHEAD.discussion, guests="verified")
    site = replace(settings.MASTHEAD, embed=EmbedConfig(origins=[CLUB, CHOIR]), discussion=discussion)
    with override_settings(MASTHEAD=site):
        yield


class Elsewhere:
    """A window on the page of another site."""

    def __init__(self, origin: str = CLUB) -> None:
        self.client = CheckingClient()
        self.headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}

    def get(self, path: str, **query: str) -> Any:
        """Ask for a piece."""
        return self._keep(self.client.get(path, query, headers=self.headers))

    def post(self, path: str, **data: str) -> Any:
        """Send a form."""
        return self._keep(self.client.post(path, data, headers=self.headers))

    def _keep(self, response: Any) -> Any:
        if GUEST in response:
            self.headers[GUEST] = response[GUEST]
        return response

    def write(self, key: str, text: str, **data: str) -> Any:
        """Post a comment as Ada."""
        return self.post(f"{ROOT}post/", thread=key, name="Ada", text=text, **data)


@pytest.fixture
def story(db: None) -> str:
    """The thread of a public story."""
    return f"article:{make_article().pk}"


@pytest.fixture
def fair(db: None) -> str:
    """The thread of a page of the club."""
    return services.register_page(address=f"{CLUB}/spring-fair", title="The spring fair").key


@pytest.fixture
def club(fair: str) -> Elsewhere:
    """The club's page, where Ada wrote and which she trusts."""
    window = Elsewhere()
    window.write(fair, "I was at the fair.", address=ADA)
    CheckingClient().post(button(), {"trusts_writer": "1"})
    return window


@pytest.fixture
def ada(club: Elsewhere, story: str) -> CheckingClient:
    """Ada's window on the paper's own pages: the same guest, in another browser."""
    client = CheckingClient()
    prove(client, thread=story, text="Under the story.")
    return client


def said(text: str) -> Comment:
    """Return the comment with this text."""
    return Comment.objects.get(source=text)


@pytest.mark.parametrize("header", [{GUEST: "me:signature"}, {"Vary": f"Accept-Encoding, {GUEST}"}])
def test_a_reply_that_says_who_somebody_is_may_not_call_itself_public(header: dict[str, str]) -> None:
    answer = ReplyHeadersMiddleware(lambda request: public(HttpResponse("x", headers=header)))
    with pytest.raises(PersonalReplyMarkedPublic):
        answer(RequestFactory().get(ROOT))
    with override_settings(REFUSE_PERSONAL_REPLIES=False):
        assert answer(RequestFactory().get(ROOT))["Cache-Control"] == "private, no-store"


def test_a_token_ends_by_itself(club: Elsewhere, fair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.time()
    text = "Still I."
    monkeypatch.setattr(time, "time", lambda: started + TOKEN_VALID.total_seconds() - 60)
    assert club.write(fair, text).status_code == 200
    monkeypatch.setattr(time, "time", lambda: started + TOKEN_VALID.total_seconds() + 60)
    assert club.write(fair, "No more.").status_code == 422, "nobody, and no address"
    assert club.post(f"{ROOT}{said(text).public_id}/delete/").status_code == 403


def test_a_token_of_former_times_and_one_of_another_site_say_nothing(club: Elsewhere, fair: str) -> None:
    choir = Elsewhere(CHOIR)
    for token in (club.headers[GUEST], "V4rXz:signature", "a:b:c", ""):
        choir.headers[GUEST] = token
        assert choir.write(fair, "Not I.").status_code == 422


def test_leaving_at_the_paper_revokes_the_tokens_of_all_other_sites(
    club: Elsewhere, ada: CheckingClient, fair: str
) -> None:
    assert GuestBrowser.objects.count() >= 2
    text = ada.get(ada.post("/-/comments/mine/leave/")["Location"]).content.decode()
    assert "also on the pages of other sites" in text
    assert not GuestBrowser.objects.exists()
    assert club.write(fair, "Am I still known?").status_code == 422
    assert club.post(f"{ROOT}{said('I was at the fair.').public_id}/delete/").status_code == 403


def test_leaving_lets_other_guests_be(club: Elsewhere) -> None:
    CheckingClient().post("/-/comments/mine/leave/")
    assert GuestBrowser.objects.exists(), "nobody has no browsers"


def test_no_reply_holds_the_address(club: Elsewhere, ada: CheckingClient, fair: str, story: str) -> None:
    other = make_comment(make_thread(story), text="Who was there?")
    waiting = Elsewhere()
    replies = [
        waiting.write(fair, "Held till proven.", address="cleo@example.org"),
        waiting.get(f"{ROOT}me/", thread=fair),
        waiting.get(f"/api/v1/threads/{fair}/mine"),
        *(club.get(f"{ROOT}me/", thread=key) for key in (fair, story)),
        *(club.get(f"/api/v1/threads/{key}/mine") for key in (fair, story)),
        club.get(f"{ROOT}{other.public_id}/reply/"),
        club.write(fair, "To be taken back."),
    ]
    taken = said("To be taken back.")
    replies.append(club.post(f"{ROOT}{taken.public_id}/undo/"))
    assert [reply.status_code for reply in replies] == [200] * len(replies)
    assert "To be taken back." in replies[-1].content.decode()
    for reply in replies:
        assert "@example.org" not in reply.content.decode()
    assert "We sent you a mail" in replies[1].content.decode()
    here = ada.get("/-/comments/me/", {"thread": story}, headers=FRAGMENT).content.decode()
    assert ADA in here, "on the paper's own pages it is there"


def test_a_known_guest_need_not_write_the_address_that_the_form_does_not_hold(club: Elsewhere, fair: str) -> None:
    text = club.get(f"{ROOT}me/", thread=fair).content.decode()
    field = text[text.index('name="address"') :]
    assert "required" not in field[: field.index(">")]
    assert club.write(fair, "Once more.").status_code == 200
    assert said("Once more.").is_public


def test_what_the_guest_did_elsewhere_is_out_of_reach(
    club: Elsewhere, ada: CheckingClient, story: str, fair: str
) -> None:
    own = said("Under the story.")
    voted = make_comment(make_thread(story), text="Voted on at the paper.")
    ada.post(f"/-/comments/{voted.public_id}/vote/", {"value": "up"})
    me = club.get(f"{ROOT}me/", thread=story).content.decode()
    assert own.public_id not in me
    assert voted.public_id not in me
    mine = club.get(f"/api/v1/threads/{story}/mine").json()
    assert (mine["comments"], mine["votes"]) == ([], {})
    for action, data in (("edit", {"text": "Forged"}), ("delete", {}), ("undo", {})):
        assert club.post(f"{ROOT}{own.public_id}/{action}/", **data).status_code == 403, action
    assert club.get(f"{ROOT}{own.public_id}/edit/").status_code == 403
    api = f"/api/v1/comments/{own.public_id}"
    body = json.dumps({"text": "Forged"})
    forged = club.client.patch(api, body, content_type="application/json", headers=club.headers)
    assert forged.status_code == 403
    assert club.client.delete(api, headers=club.headers).status_code == 403
    own.refresh_from_db()
    assert (own.source, own.status) == ("Under the story.", "published")


def test_what_was_done_on_that_sites_own_pages_is_in_reach(club: Elsewhere, ada: CheckingClient, fair: str) -> None:
    own = said("I was at the fair.")
    assert own.public_id in club.get(f"{ROOT}me/", thread=fair).content.decode()
    assert club.post(f"{ROOT}{own.public_id}/edit/", text="I was, all day.").status_code == 200
    assert club.post(f"{ROOT}{own.public_id}/delete/").status_code == 200
    assert club.post(f"{ROOT}{own.public_id}/undo/").status_code == 200


def test_another_sites_page_is_out_of_reach_however_alike_its_address(club: Elsewhere, ada: CheckingClient) -> None:
    page = services.register_page(address=f"{CLUB}.evil.example/x", title="Alike")
    ada.post("/-/comments/post/", {"thread": page.key, "name": "Ada", "text": "On that page."})
    own = said("On that page.")
    assert own.public_id not in club.get(f"{ROOT}me/", thread=page.key).content.decode()
    assert club.post(f"{ROOT}{own.public_id}/delete/").status_code == 403


def test_what_waits_in_the_browser_itself_is_in_reach_under_a_story(story: str) -> None:
    window = Elsewhere()
    window.write(story, "Held till proven.", address=ADA)
    own = said("Held till proven.")
    assert own.public_id in window.get(f"{ROOT}me/", thread=story).content.decode()
    assert window.post(f"{ROOT}{own.public_id}/delete/").status_code == 200


@pytest.mark.parametrize("path", ["", "leave/", "ask-again/", "claim/", "export/", "erase/"])
def test_a_token_opens_nothing_of_ones_own_pages(club: Elsewhere, ada: CheckingClient, path: str) -> None:
    before = GuestBrowser.objects.count()
    for root in ("/-/comments/mine/", f"{ROOT}mine/"):
        assert club.post(f"{root}{path}").status_code in {403, 404, 405}
        content = club.client.get(f"{root}{path}", headers=club.headers).content
        assert ADA.encode() not in content
        assert b"Under the story." not in content
    assert GuestBrowser.objects.count() == before
    assert said("Under the story.").status == "published"

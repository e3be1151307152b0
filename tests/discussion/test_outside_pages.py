"""Discussions about pages of other sites: registered by the newsroom, read here and there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from masthead.accounts.models import User
from masthead.discussion import selectors, services
from masthead.discussion.models import Comment, OutsidePage
from masthead.discussion.outside_errors import PageAddressRefused, PageKnown, PageTitleRefused, UnknownPage
from masthead.discussion.testing import make_comment, make_thread
from masthead.outbox.models import Event
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
FAIR = "https://club.example/spring-fair"
SCREEN = "/admin/discussion/elsewhere/"


@pytest.fixture
def page() -> OutsidePage:
    """The page of a club."""
    return services.register_page(address=f"{FAIR}#programme", title="The <spring> fair")


@pytest.fixture
def eva(eve: User) -> User:
    """Eve, who may also put discussions on other sites."""
    eve.user_permissions.add(Permission.objects.get(codename="embed_discussions"))
    return eve


def test_a_page_has_an_opaque_key_and_is_known_by_its_address(page: OutsidePage) -> None:
    assert page.address == FAIR
    assert page.key == f"page:{page.public_id}"
    subject = selectors.subject_of(page.key)
    assert subject is not None
    assert (subject.title, subject.comments, subject.has_text) == ("The <spring> fair", "open", False)
    assert Event.objects.filter(type="discussion.outside-page-changed").count() == 1


@pytest.mark.parametrize(
    "address",
    ["", "club.example", "javascript:alert(1)", "https://me:secret@club.example/", f"https://c.example/{'x' * 500}"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(PageAddressRefused):
        services.register_page(address=address, title="The fair")


def test_a_title_must_be_there_and_an_address_has_one_discussion(page: OutsidePage) -> None:
    with pytest.raises(PageTitleRefused):
        services.register_page(address="https://club.example/", title=" \n ")
    with pytest.raises(PageKnown):
        services.register_page(address=FAIR, title="Again")
    other = services.register_page(address="https://club.example/", title="The club")
    with pytest.raises(PageKnown):
        services.change_page(page_id=other.public_id, address=FAIR, title="The club", comments="open")


def test_readers_write_on_the_page_of_the_discussion_here(client: CheckingClient, page: OutsidePage) -> None:
    address = reverse("discussion:outside-page", args=[page.public_id])
    before = client.get(address)
    assert before["Cache-Control"] == "public, no-cache"
    text = before.content.decode()
    assert "The &lt;spring&gt; fair" in text
    assert f'href="{FAIR}"' in text
    assert "About a passage" not in text, "nobody can mark words in a text that is not ours"
    form = {"thread": page.key, "name": "Ada", "text": "I was there."}
    sent = client.post("/-/comments/post/", form)
    comment = Comment.objects.get()
    assert sent["Location"] == f"{address}?mine={comment.public_id}#comment-{comment.public_id}"
    mine = client.get(sent["Location"])
    assert mine["Cache-Control"] == "private, no-store"
    assert "I was there." in client.get(address).content.decode()
    link = f"{address}?comment={comment.public_id}#comment-{comment.public_id}"
    assert link in client.get(address).content.decode().replace("&amp;", "&")


def test_what_is_off_is_shown_to_nobody_and_comes_back_whole(client: CheckingClient, page: OutsidePage) -> None:
    address = reverse("discussion:outside-page", args=[page.public_id])
    make_comment(make_thread(page.key), text="I was there.")
    services.change_page(page_id=page.public_id, address=FAIR, title="The fair", comments="off")
    assert client.get(address).status_code == 404
    services.change_page(
        page_id=page.public_id, address="https://club.example/fair", title="The fair", comments="closed"
    )
    text = client.get(address).content.decode()
    assert "I was there." in text
    assert "Comments are closed here" in text
    with pytest.raises(UnknownPage):
        selectors.outside_page("nobody")


def test_eva_registers_a_page_and_gets_what_to_paste(client: CheckingClient, eva: User) -> None:
    client.force_login(eva)
    assert "No page yet" in client.get(SCREEN).content.decode()
    refused = client.post(f"{SCREEN}new/", {"address": "club.example", "title": "The fair"})
    assert refused.status_code == 422
    assert "Write the whole address" in refused.content.decode()
    done = client.post(f"{SCREEN}new/", {"address": FAIR, "title": "The fair"}, follow=True)
    page = OutsidePage.objects.get()
    shown = done.content.decode()
    assert (
        f"&lt;script async src=&quot;http://testserver/embed.js&quot; data-thread=&quot;{page.key}&quot;&gt;" in shown
    )
    assert f"&lt;a href=&quot;http://testserver/-/comments/on/{page.public_id}/&quot;&gt;" in shown
    assert "https://club.example is not in masthead.toml" in shown
    listed = client.get(SCREEN).content.decode()
    assert "The fair" in listed
    assert "On other sites" in listed


def test_eva_changes_and_closes_it(client: CheckingClient, eva: User, page: OutsidePage) -> None:
    client.force_login(eva)
    address = f"{SCREEN}{page.public_id}/"
    assert client.get(address).status_code == 200
    client.post(address, {"address": FAIR, "title": "The fair of spring", "comments": "closed"})
    page.refresh_from_db()
    assert (page.title, page.comments) == ("The fair of spring", "closed")
    assert client.post(address, {"address": "nowhere", "title": "x", "comments": "closed"}).status_code == 422


@pytest.mark.parametrize("path", ["", "new/", "k3v9/"])
def test_nobody_else_sees_these_screens(client: CheckingClient, eve: User, path: str) -> None:
    client.force_login(eve)
    assert client.get(f"{SCREEN}{path}").status_code == 302
    assert "On other sites" not in client.get("/admin/").content.decode()

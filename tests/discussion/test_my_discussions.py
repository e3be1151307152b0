"""My discussions: everything that is one person's, to see, to claim, to take away and to erase."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core import mail

from masthead.accounts.models import User
from masthead.discussion.models import Comment, CommentRevision, Guest, GuestBrowser, MailLoop, Vote
from masthead.discussion.selectors import drift
from masthead.discussion.testing import make_comment, make_thread
from masthead.notifications.models import Recipient, Subscription
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide
from tests.discussion.visits import ADA, act, button, follow, prove, send, soup, write
from tests.letters import letters

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved", "_verified"),
]
MINE = "/-/comments/mine/"


@pytest.fixture
def _verified(settings: Any) -> None:
    decide(settings, guests="verified")


def make_earlier(**changes: Any) -> Comment:
    """Store a comment as an import does: under an address that nobody has proven."""
    return make_comment(**{"name": "Ada V.", "text": "Long ago.", "author_email": ADA, **changes})


def subscribe(address: str, topic: str = "thread:article:1") -> None:
    """Let an address hear of a thread."""
    recipient, _new = Recipient.objects.get_or_create(address=address)
    Subscription.objects.create(topic=topic, recipient=recipient, kind="all")


def taken(client: CheckingClient) -> dict[str, list[dict[str, Any]]]:
    """Take a copy of everything and read it."""
    with zipfile.ZipFile(io.BytesIO(client.get(f"{MINE}export/").content)) as archive:
        return {name: [json.loads(line) for line in archive.open(name)] for name in archive.namelist()}


def test_comments_votes_and_subscriptions_stand_on_one_page(client: CheckingClient) -> None:
    other = make_comment(name="Henrik Lund", text="The pumps were late.")
    prove(client)
    act(client, other, "vote", value="up")
    subscribe(ADA)
    subscribe("ben@example.org")
    page = soup(client.get(MINE))
    assert [item.get_text() for item in page.select("main h2")] == [
        *("My comments", "My drafts", "My votes", "My subscriptions", "Names muted in this browser", "My data"),
    ]
    text = page.get_text()
    assert "I was there." in text
    assert "Henrik Lund" in text
    assert "new follow-up comments" in text


def test_somebody_else_sees_nothing_of_it(client: CheckingClient, nobody: CheckingClient) -> None:
    prove(client)
    subscribe(ADA)
    page = soup(nobody.get(MINE)).get_text()
    assert "I was there." not in page
    assert ADA not in page
    assert taken(nobody)["comments.ndjson"] == []


def test_the_list_goes_on_page_by_page(client: CheckingClient) -> None:
    prove(client)
    mark = Guest.objects.get().mark
    for number in range(52):
        make_comment(text=f"Number {number}.", guest=mark, recount=False)
    first = soup(client.get(MINE))
    link = first.select_one("a[rel=next]")
    assert link is not None
    second = soup(client.get(f"{MINE}{link['href']}"))
    texts = [item.get_text(strip=True) for page in (first, second) for item in page.select("article .comment-text")]
    assert len(texts) == len(set(texts)) == 53


# --- claiming ----------------------------------------------------------------------------------------------------


def test_rule_1_an_equal_address_alone_makes_nothing_ones_own(client: CheckingClient) -> None:
    earlier = make_earlier()
    prove(client)
    assert "Long ago." not in soup(client.get(MINE)).get_text()
    assert act(client, earlier, "delete").status_code == 403
    assert "One earlier comment was written under" in soup(client.get(MINE)).get_text()


def claim(client: CheckingClient, *chosen: Comment) -> Any:
    """Ask for the mail, open its page and take over what is chosen."""
    follow(client, client.post(f"{MINE}claim/"))
    path = button()
    client.get(path)
    return client.post(path, {"comment": [comment.public_id for comment in chosen]})


def test_a_guest_claims_what_he_chooses_by_our_own_mail(client: CheckingClient) -> None:
    mine, anothers = make_earlier(), make_earlier(text="Not me.", name="Impostor")
    prove(client)
    assert "They are yours now." in follow(client, claim(client, mine)).get_text()
    assert letters()[-1]["To"] == ADA
    text = soup(client.get(MINE)).get_text()
    assert "Long ago." in text
    assert "Not me." not in text
    anothers.refresh_from_db()
    assert anothers.guest == ""


def test_a_member_claims_what_was_written_before_the_account(client: CheckingClient, ada: User) -> None:
    guest = CheckingClient()
    earlier = [make_earlier(), prove(guest)]
    client.force_login(ada)
    claim(client, *earlier)
    assert set(Comment.objects.values_list("user_id", flat=True)) == {ada.pk}


def test_nothing_under_another_address_can_be_claimed(client: CheckingClient, ben: User) -> None:
    foreign, own = make_earlier(), make_earlier(author_email="ben@example.org", text="Ben's.")
    client.force_login(ben)
    claim(client, foreign, own)
    foreign.refresh_from_db()
    own.refresh_from_db()
    assert (foreign.user_id, own.user_id) == (None, ben.pk)


def test_opening_the_page_claims_nothing_and_the_button_works_once(client: CheckingClient) -> None:
    earlier = make_earlier()
    prove(client)
    client.post(f"{MINE}claim/")
    path = button()
    client.get(path)
    earlier.refresh_from_db()
    assert earlier.guest == ""
    client.post(path, {"comment": earlier.public_id})
    assert client.post(path, {"comment": earlier.public_id}).status_code == 404


def test_who_has_proven_nothing_can_ask_for_no_claim(client: CheckingClient) -> None:
    write(client)
    assert client.post(f"{MINE}claim/").status_code == 403
    deliver_all()
    assert len(mail.outbox) == 1


# --- taking away -------------------------------------------------------------------------------------------------


def test_the_copy_holds_everything_of_mine_and_nothing_of_others(client: CheckingClient) -> None:
    other = make_comment(name="Henrik Lund", text="Words of another.", author_email="henrik@example.org")
    comment = prove(client)
    act(client, comment, "edit", text="I stood there.")
    write(client, "An answer.", reply_to=other.public_id)
    act(client, other, "vote", value="down")
    subscribe(ADA)
    copy = taken(client)
    assert copy["person.ndjson"] == [{"name": "Ada", "address": ADA, "is_member": False}]
    first, second = copy["comments.ndjson"]
    assert (first["text"], first["earlier_texts"][0]["text"]) == ("I stood there.", "I was there.")
    assert second["in_reply_to"] == other.public_id
    assert [row["value"] for row in copy["votes.ndjson"]] == [-1]
    assert [row["topic"] for row in copy["subscriptions.ndjson"]] == ["thread:article:1"]
    written = json.dumps(copy)
    assert "henrik@example.org" not in written
    assert "Words of another." not in written


def test_rule_14_no_secret_is_in_the_copy(client: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    send(client)
    written = json.dumps(taken(client))
    comment = Comment.objects.get()
    for secret in (comment.guest, ada.password, comment.text_digest):
        assert secret
        assert secret not in written


# --- erasing -----------------------------------------------------------------------------------------------------


def test_erasing_leaves_tombstones_where_others_answered_and_nothing_else(client: CheckingClient) -> None:
    comment = prove(client)
    act(client, comment, "edit", text="I stood there.")
    make_comment(parent=Comment.objects.get(pk=comment.pk), name="Henrik Lund", text="So did I.")
    write(client, "Alone.")
    other = make_comment(text="Another's.")
    act(client, other, "vote", value="up")
    subscribe(ADA)
    page = soup(client.get(f"{MINE}erase/"))
    assert "This cannot be undone." in page.get_text()
    assert "Everything of yours is deleted." in follow(client, client.post(f"{MINE}erase/")).get_text()
    public = soup(CheckingClient().get("/article-1/")).get_text()
    assert "This comment was deleted by its writer." in public
    assert "So did I." in public
    assert "Alone." not in public
    kept = Comment.objects.exclude(author_name="Henrik Lund").exclude(pk=other.pk)
    assert set(kept.values_list("source", "html", "author_name", "author_email", "guest", "text_digest")) == {
        ("", "", "", "", "", "")
    }
    assert not CommentRevision.objects.exists()
    assert not Guest.objects.exists()
    assert not GuestBrowser.objects.exists()
    assert not MailLoop.objects.exists()
    assert not Recipient.objects.filter(address=ADA).exists()
    other.refresh_from_db()
    assert other.score == 1
    assert all(voter.startswith("x:") for voter in Vote.objects.values_list("voter", flat=True))
    assert list(drift()) == []


def test_erasing_takes_nothing_of_others(client: CheckingClient) -> None:
    ben = CheckingClient()
    prove(ben, address="ben@example.org", name="Ben", text="Ben was here.")
    prove(client)
    client.post(f"{MINE}erase/")
    assert "Ben was here." in soup(ben.get(MINE)).get_text()


def test_a_members_account_goes_too_and_one_of_the_newsroom_stays(client: CheckingClient, ada: User, eve: User) -> None:
    for user in (ada, eve):
        client.force_login(user)
        send(client, text=f"By {user.name}.")
        client.post(f"{MINE}erase/")
    assert list(User.objects.values_list("email", flat=True)) == [eve.email]
    assert Comment.objects.filter(status="deleted", user=None).count() == 2


def test_what_a_moderator_removed_is_emptied_too_and_stays_removed(client: CheckingClient) -> None:
    prove(client)
    Comment.objects.update(status="removed", removal_reason="attack", is_listed=False)
    make_thread()
    client.post(f"{MINE}erase/")
    assert list(Comment.objects.values_list("status", "source", "author_email")) == [("removed", "", "")]


def test_erasing_needs_the_button(client: CheckingClient) -> None:
    prove(client)
    client.get(f"{MINE}erase/")
    assert Comment.objects.get().is_public

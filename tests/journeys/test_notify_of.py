"""From *Notify of* under a story to a mail about an answer, through every app on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from masthead.accounts.testing import make_user
from masthead.core import slots
from masthead.discussion import services
from masthead.discussion.ports import SubjectDirectory
from masthead.discussion.testing import FakeSubjectDirectory, bound, make_comment, make_guest, make_member, make_thread
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.letters import Server, links_in, part

pytestmark = pytest.mark.django_db
KEY = "article:7"
ASK = "/-/notify/subscribe/"


@pytest.fixture(autouse=True)
def subjects() -> Iterator[FakeSubjectDirectory]:
    """One public story."""
    fake = FakeSubjectDirectory()
    fake.put(KEY, title="The pumps", path="/town-hall/the-pumps/")
    with bound(SubjectDirectory, fake):
        yield fake


def subscribe(client: CheckingClient, smtp: Server, address: str, kind: str) -> None:
    client.post(ASK, {"topic": f"thread:{KEY}", "kind": kind, "address": address})
    deliver_all()
    _, letter = smtp.accepted.pop()
    confirm = next(path for path in links_in(letter) if "/confirm/" in path)
    client.post(confirm)


def told(smtp: Server) -> list[str]:
    deliver_all()
    return sorted(recipient for recipient, _ in smtp.accepted)


def test_a_reader_is_told_of_an_answer_and_can_stop_it(smtp: Server, client: CheckingClient) -> None:
    mine = services.post_comment(
        thread_key=KEY, person=make_guest("ada"), text="I worked there.", name="Ada", address="Ada@example.org"
    )
    subscribe(client, smtp, "ada@example.org", "replies")
    services.post_comment(thread_key=KEY, person=make_guest("cat"), text="Another matter.", name="Cat")
    assert told(smtp) == []
    reply = services.post_comment(
        thread_key=KEY, person=make_guest("ben"), text="Then **say** so.", name="Ben", reply_to=mine.public_id
    )
    assert told(smtp) == ["ada@example.org"]
    _, letter = smtp.accepted.pop()
    assert letter["Subject"] == "Ben replied to you on “The pumps”"
    permalink = f"/town-hall/the-pumps/?comment={reply.public_id}#comment-{reply.public_id}"
    assert permalink in links_in(letter)
    assert "> Then **say** so." in part(letter, "plain")
    client.post(next(path for path in links_in(letter) if "/unsubscribe/" in path))
    services.post_comment(
        thread_key=KEY, person=make_guest("dan"), text="And again.", name="Dan", reply_to=mine.public_id
    )
    assert told(smtp) == []


def test_a_reply_far_below_is_still_a_reply(smtp: Server, client: CheckingClient) -> None:
    top = make_comment(make_thread(KEY), author_email="ada@example.org")
    below = make_comment(parent=make_comment(parent=top))
    subscribe(client, smtp, "ada@example.org", "replies")
    services.post_comment(
        thread_key=KEY, person=make_guest("ben"), text="Late, but here.", name="Ben", reply_to=below.public_id
    )
    assert told(smtp) == ["ada@example.org"]


def test_a_held_comment_is_told_when_it_is_approved_and_not_before(smtp: Server, client: CheckingClient) -> None:
    """Research rule 3."""
    subscribe(client, smtp, "ada@example.org", "all")
    held = services.post_comment(
        thread_key=KEY, person=make_guest("ben"), text="See https://elsewhere.example/ for it.", name="Ben"
    )
    assert held.status == "held"
    assert told(smtp) == []
    moderator = make_member(make_user("mo@example.org", display_name="Mo"), may_moderate=True)
    services.approve_comment(comment_id=held.public_id, moderator=moderator)
    assert told(smtp) == ["ada@example.org"]


def test_a_member_is_not_told_of_their_own_comment(smtp: Server, client: CheckingClient) -> None:
    ada = make_user("ada@example.org")
    client.force_login(ada)
    client.post(ASK, {"topic": f"thread:{KEY}", "kind": "all", "address": ""})
    services.post_comment(thread_key=KEY, person=make_member(ada), text="My own words.")
    assert told(smtp) == []
    services.post_comment(thread_key=KEY, person=make_guest("ben"), text="Words of another.", name="Ben")
    assert told(smtp) == ["ada@example.org"]


def test_a_story_that_is_withdrawn_is_told_of_no_more(
    smtp: Server, client: CheckingClient, subjects: FakeSubjectDirectory
) -> None:
    subscribe(client, smtp, "ada@example.org", "all")
    services.post_comment(thread_key=KEY, person=make_guest("ben"), text="Just in time.", name="Ben")
    subjects.put(KEY, is_public=False)
    assert told(smtp) == []
    refused = client.post(ASK, {"topic": f"thread:{KEY}", "kind": "all", "address": "new@example.org"})
    assert refused.status_code == 404


def test_the_form_under_a_story_is_the_same_for_everybody() -> None:
    request = RequestFactory().get("/")
    form = slots.render(request, "thread.notify", KEY)
    for words in ("Notify of", "new follow-up comments", "new replies to my comments", "Subscribe"):
        assert words in form
    assert f'value="thread:{KEY}"' in form
    assert "csrf" not in form


def test_a_member_finds_their_subscriptions_on_their_own_page(client: CheckingClient) -> None:
    client.force_login(make_user("ada@example.org"))
    assert "Mails about comments" not in client.get("/accounts/profile/").content.decode()
    client.post(ASK, {"topic": f"thread:{KEY}", "kind": "all", "address": ""})
    assert "Mails about comments" in client.get("/accounts/profile/").content.decode()

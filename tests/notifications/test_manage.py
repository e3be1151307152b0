"""Unsubscribing is as easy as it can be made, and nobody can do it for another."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from masthead.notifications import links, services
from masthead.notifications.errors import LinkNotValid
from masthead.notifications.models import Subscription
from masthead.notifications.testing import FakeDirectory, make_subscription
from tests.client import CheckingClient
from tests.notifications.conftest import TOPIC

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def manage(row: Subscription) -> str:
    return links.manage_path(row.recipient.public_id)


def test_the_page_lists_every_subscription_of_the_address_and_no_other(client: CheckingClient) -> None:
    row = make_subscription()
    make_subscription(topic="thread:other", is_confirmed=False)
    make_subscription(address="ben@example.org", topic="thread:bens-secret")
    text = client.get(manage(row)).content.decode()
    assert "The pumps" in text
    assert "The ferry" in text
    assert "Not confirmed yet" in text
    assert "ben@example.org" not in text
    assert text.count('<section class="panel"') == 2


def test_a_story_that_is_not_public_any_more_is_not_named(client: CheckingClient, directory: FakeDirectory) -> None:
    row = make_subscription()
    directory.topics.clear()
    text = client.get(manage(row)).content.decode()
    assert "not public at the moment" in text
    assert "The pumps" not in text


def test_the_kind_can_be_narrowed(client: CheckingClient) -> None:
    row = make_subscription(kind="all")
    reply = client.post(manage(row), {"action": "kind", "subscription": row.public_id, "kind": "replies"})
    assert "Changed." in client.get(reply["Location"]).content.decode()
    row.refresh_from_db()
    assert row.kind == "replies"


def test_one_or_all_can_be_given_up(client: CheckingClient) -> None:
    row = make_subscription()
    make_subscription(topic="thread:other")
    make_subscription(address="ben@example.org")
    client.post(manage(row), {"action": "stop", "subscription": row.public_id})
    assert set(Subscription.objects.values_list("topic", flat=True)) == {"thread:other", TOPIC}
    reply = client.post(manage(row), {"action": "stop-all"})
    assert "No subscriptions" in client.get(reply["Location"]).content.decode()
    assert Subscription.objects.get().recipient.address == "ben@example.org"


def test_another_ones_subscription_cannot_be_touched(client: CheckingClient) -> None:
    row, bens = make_subscription(), make_subscription(address="ben@example.org")
    client.post(manage(row), {"action": "stop", "subscription": bens.public_id})
    client.post(manage(row), {"action": "kind", "subscription": bens.public_id, "kind": "replies"})
    bens.refresh_from_db()
    assert bens.kind == "all"


@pytest.mark.parametrize("data", [{}, {"action": "explode"}, {"action": "kind", "kind": "everything"}])
def test_an_incomplete_form_changes_nothing_and_says_so(client: CheckingClient, data: dict[str, str]) -> None:
    row = make_subscription()
    reply = client.post(manage(row), data)
    assert "Nothing was changed" in client.get(reply["Location"]).content.decode()
    assert Subscription.objects.count() == 1


def test_one_click_unsubscribe_needs_no_cookie_no_token_and_no_origin() -> None:
    """RFC 8058: the mail program POSTs ``List-Unsubscribe=One-Click`` and nothing else."""
    row = make_subscription()
    other = make_subscription(topic="thread:other")
    path = urlsplit(links.stop_url(row.recipient.public_id, TOPIC)).path
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        reply = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert reply.status_code == 200
        assert not reply.cookies
    assert list(Subscription.objects.all()) == [other]


def test_a_person_gets_a_button_and_then_a_word(client: CheckingClient, directory: FakeDirectory) -> None:
    row = make_subscription()
    path = urlsplit(links.stop_url(row.recipient.public_id, TOPIC)).path
    assert "Stop these mails" in client.get(path).content.decode()
    assert "will not be told of comments on “The pumps”" in client.post(path).content.decode()
    directory.topics.clear()
    assert "on this story" in client.post(path).content.decode()


@pytest.mark.parametrize("token", ["x", "x.y", "aGFsbG8.c2ln"])
def test_damaged_links_are_refused(client: CheckingClient, token: str) -> None:
    for page in ("manage", "unsubscribe", "confirm"):
        assert client.get(f"/-/notify/{page}/{token}/").status_code == 404
    with pytest.raises(LinkNotValid):
        services.stop_topic(token=token)


def test_a_link_of_one_use_is_of_no_other(client: CheckingClient) -> None:
    row = make_subscription()
    token = manage(row).rstrip("/").rpartition("/")[2]
    assert client.get(f"/-/notify/unsubscribe/{token}/").status_code == 404
    assert client.get(f"/-/notify/confirm/{token}/").status_code == 404


def test_a_link_to_an_address_that_was_erased_is_refused(client: CheckingClient) -> None:
    row = make_subscription()
    path = manage(row)
    row.recipient.delete()
    assert client.get(path).status_code == 404


def test_an_address_in_a_url_would_be_in_every_log() -> None:
    """Research rule 15."""
    row = make_subscription()
    urls = manage(row) + links.stop_url(row.recipient.public_id, TOPIC) + links.confirm_url(row.public_id, "all")
    assert "ada" not in urls

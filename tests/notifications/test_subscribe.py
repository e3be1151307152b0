"""Asking to be told: the answer says nothing about the address, and nothing is in force before a button is pressed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from masthead.core import clock
from masthead.core.ratelimit import TooManyRequests
from masthead.notifications import conf, links, services
from masthead.notifications.errors import LinkNotValid, TopicUnknown
from masthead.notifications.models import Delivery, Recipient, Subscription
from masthead.notifications.testing import FakeDirectory, make_subscription
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.letters import letters, links_in, part
from tests.notifications.conftest import TOPIC

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


def ask(client: CheckingClient, address: str = "ada@example.org", kind: str = "all", **headers: str) -> Any:
    return client.post(
        reverse("notifications:subscription-create"),
        {"topic": TOPIC, "kind": kind, "address": address},
        headers=headers,
    )


def confirm_path(number: int = -1) -> str:
    return next(path for path in links_in(letters()[number]) if "/confirm/" in path)


def test_a_guest_is_told_after_pressing_the_button_in_the_mail(client: CheckingClient) -> None:
    reply = ask(client, " Ada@Example.org ")
    assert reply.status_code == 302
    assert "Look into your mail" in client.get(reply["Location"]).content.decode()
    deliver_all()
    assert mail.outbox[0].to == ["ada@example.org"]
    page = client.get(confirm_path())
    assert "new follow-up comments" in page.content.decode()
    assert Subscription.objects.get().confirmed_at is None, "opening the link changed something"
    done = client.post(confirm_path())
    assert "Confirmed" in client.get(done["Location"]).content.decode()
    assert Subscription.objects.get().confirmed_at is not None


def test_a_mail_scanner_that_follows_every_link_confirms_and_stops_nothing(client: CheckingClient) -> None:
    """Research rule 2."""
    ask(client)
    deliver_all()
    stop = urlsplit(links.stop_url(Recipient.objects.get().public_id, TOPIC)).path
    manage = links.manage_path(Recipient.objects.get().public_id)
    before = list(Subscription.objects.values())
    for path in [*links_in(letters()[0]), stop, manage]:
        if path.startswith("/-/"):
            for method in (client.get, client.head):
                assert method(path).status_code == 200
    assert list(Subscription.objects.values()) == before


def test_the_answer_is_the_same_for_known_and_unknown_addresses(client: CheckingClient) -> None:
    """Research rule 11."""
    make_subscription(address="known@example.org")
    known, unknown = ask(client, "known@example.org"), ask(client, "unknown@example.org")
    assert (known.status_code, known["Location"], known.content) == (
        unknown.status_code,
        unknown["Location"],
        unknown.content,
    )
    assert set(known.headers) == set(unknown.headers)


def test_with_script_the_same_view_answers_with_the_changed_piece(client: CheckingClient) -> None:
    reply = ask(client, **{"X-Masthead-Fragment": "1"})
    assert reply.status_code == 200
    assert 'id="notify-form"' in reply.content.decode()
    assert "data-announce" in reply.content.decode()
    assert "<html" not in reply.content.decode()


@pytest.mark.parametrize("fragment", [False, True])
def test_a_wrong_address_is_said_beside_the_field_and_kept(client: CheckingClient, fragment: bool) -> None:
    reply = ask(client, "ada@", **({"X-Masthead-Fragment": "1"} if fragment else {}))
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "Write the address as name@example.org." in text
    assert 'value="ada@"' in text
    assert 'aria-invalid="true"' in text
    assert not Recipient.objects.exists()


def test_a_guest_must_name_an_address(client: CheckingClient) -> None:
    reply = ask(client, "")
    assert reply.status_code == 422
    assert "Write the address the mails should go to." in reply.content.decode()


def test_the_form_is_also_a_page(client: CheckingClient) -> None:
    text = client.get(f"{reverse('notifications:subscription-create')}?topic={TOPIC}").content.decode()
    assert f'value="{TOPIC}"' in text
    assert "new replies to my comments" in text


def test_an_unknown_story_is_refused(client: CheckingClient) -> None:
    with pytest.raises(TopicUnknown):
        services.subscribe(topic="thread:gone", kind="all", address="ada@example.org")
    url = reverse("notifications:subscription-create")
    reply = client.post(url, {"topic": "thread:gone", "kind": "all", "address": "ada@example.org"})
    assert reply.status_code == 404
    assert "not here any more" in reply.content.decode()
    assert not Recipient.objects.exists()


def test_asking_again_sends_the_mail_again_but_not_for_ever(client: CheckingClient) -> None:
    limit = conf.CONFIRMATIONS_PER_ADDRESS[0][0]
    with clock.frozen(NOON):
        replies = {ask(client)["Location"] for _ in range(limit + 3)}
    assert len(replies) == 1
    assert Delivery.objects.count() == limit
    with clock.frozen(NOON + timedelta(hours=2)):
        ask(client)
    assert Delivery.objects.count() == limit + 1
    assert Subscription.objects.count() == 1


def test_one_network_cannot_ask_without_end() -> None:
    def one(number: int) -> None:
        services.subscribe(topic=TOPIC, kind="all", address=f"a{number}@example.org", network="203.0.113.0/24")

    with clock.frozen(NOON):
        for number in range(conf.REQUESTS_PER_NETWORK_AND_HOUR):
            one(number)
        with pytest.raises(TooManyRequests):
            one(99)


def test_the_wider_kind_replaces_the_narrower_but_only_once_confirmed(client: CheckingClient) -> None:
    make_subscription(kind="replies")
    ask(client, kind="all")
    assert Subscription.objects.get().kind == "replies"
    deliver_all()
    client.post(confirm_path())
    assert Subscription.objects.get().kind == "all"


def test_asking_for_what_is_already_covered_sends_nothing(client: CheckingClient) -> None:
    make_subscription(kind="all")
    ask(client, kind="replies")
    assert not Delivery.objects.exists()
    assert Subscription.objects.get().kind == "all"


def test_an_unconfirmed_request_grows_wider_with_the_next(client: CheckingClient) -> None:
    ask(client, kind="replies")
    ask(client, kind="all")
    deliver_all()
    assert "new replies to my comments" in part(letters()[0], "plain")
    assert "new follow-up comments" in part(letters()[1], "plain")
    client.post(confirm_path(0))
    assert Subscription.objects.get().kind == "replies", "the first mail spoke of replies only"
    client.post(confirm_path(1))
    assert Subscription.objects.get().kind == "all"
    client.post(confirm_path(0))
    assert Subscription.objects.get().kind == "all"


def test_a_confirm_link_is_refused_when_changed_too_old_or_given_up(client: CheckingClient) -> None:
    with clock.frozen(NOON):
        ask(client)
        deliver_all()
        path = confirm_path()
    changed = client.post(path[:-2] + ("a/" if path[-2] != "a" else "b/"))
    assert changed.status_code == 404
    assert "incomplete or too old" in changed.content.decode()
    Subscription.objects.all().delete()
    assert client.get(path).status_code == 404
    with pytest.raises(LinkNotValid):
        links.read_confirm("nonsense")


def test_a_confirm_link_is_valid_for_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    row = make_subscription(is_confirmed=False)
    token = links.confirm_url(row.public_id, "all").rstrip("/").rpartition("/")[2]
    monkeypatch.setattr("django.core.signing.time.time", lambda: clock.now().timestamp() + 8 * 86_400)
    with pytest.raises(LinkNotValid):
        services.confirm(token=token)


def test_a_member_with_a_proven_address_needs_no_mail(
    client: CheckingClient, directory: FakeDirectory, django_user_model: Any
) -> None:
    ada = django_user_model.objects.create_user("ada@example.org")
    directory.proven[ada.pk] = "ada@example.org"
    client.force_login(ada)
    reply = ask(client, "")
    assert "Mails come to your address from now on" in client.get(reply["Location"]).content.decode()
    row = Subscription.objects.get()
    assert row.confirmed_at is not None
    assert row.recipient.user == ada
    assert not Delivery.objects.exists()
    mine = client.get(reverse("notifications:subscription-mine"))
    assert mine["Location"] == links.manage_path(row.recipient.public_id)


def test_a_member_must_prove_any_other_address(
    client: CheckingClient, directory: FakeDirectory, django_user_model: Any
) -> None:
    ada = django_user_model.objects.create_user("ada@example.org")
    directory.proven[ada.pk] = "ada@example.org"
    client.force_login(ada)
    ask(client, "ben@example.org")
    row = Subscription.objects.get()
    assert row.confirmed_at is None
    assert row.recipient.user is None


def test_who_is_not_signed_in_has_no_page_of_their_own(client: CheckingClient) -> None:
    assert client.get(reverse("notifications:subscription-mine")).status_code == 404


def test_requests_never_confirmed_are_forgotten() -> None:
    with clock.frozen(NOON):
        make_subscription(address="old@example.org", is_confirmed=False)
        make_subscription(address="kept@example.org")
    with clock.frozen(NOON + timedelta(days=31)):
        make_subscription(address="new@example.org", is_confirmed=False)
        services.forget_old()
    assert set(Recipient.objects.values_list("address", flat=True)) == {"kept@example.org", "new@example.org"}

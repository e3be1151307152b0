"""Who may look after webhooks does it all by links and forms; nobody else sees that there are any."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from pytest_django import Settings

from masthead.accounts.models import User
from masthead.accounts.testing import make_publisher, make_user
from masthead.core.clock import now
from masthead.hooks import services
from masthead.hooks.models import Act, Delivery, Hook, Secret
from masthead.outbox import worker
from masthead.outbox.testing import deliver_all
from masthead.project.sections import HooksConfig
from tests.client import CheckingClient
from tests.hooks.conftest import Add, bell
from tests.hooks.receiver import Receiver

pytestmark = pytest.mark.django_db

LIST = "/admin/webhooks/"
FORM = {"address": "https://crm.example/masthead", "note": "Supporters", "types": ["gift.recorded"], "told_of": "live"}
BUTTONS = ("test", "secret", "switch", "again", "delete")


@pytest.fixture
def publisher(client: CheckingClient) -> CheckingClient:
    """The publisher, signed in."""
    client.force_login(make_publisher())
    return client


@pytest.fixture
def hook() -> Hook:
    """A receiver far away."""
    made, _secret = services.add_hook(address=FORM["address"], types=["gift.recorded"], by=None)  # type: ignore[arg-type]
    return made


def page(client: CheckingClient, path: str = LIST) -> str:
    """Return what stands at an address."""
    return str(client.get(path).content.decode())


def test_a_webhook_is_added_and_its_secret_shown_once(publisher: CheckingClient) -> None:
    reply = publisher.post(f"{LIST}add/", FORM, follow=True)
    hook, secret = Hook.objects.get(), Secret.objects.get().text
    assert (hook.address, hook.note, hook.types, hook.is_live) == (
        FORM["address"],
        "Supporters",
        ["gift.recorded"],
        True,
    )
    assert secret in reply.content.decode()
    again = page(publisher, f"{LIST}{hook.public_id}/")
    assert secret not in again
    assert secret[:11] in again, "its beginning tells it from others"
    assert secret not in page(publisher)


def test_a_new_secret_is_shown_to_who_made_it_and_to_nobody_else(hook: Hook) -> None:
    eve, mo = CheckingClient(), CheckingClient()
    eve.force_login(make_publisher())
    mo.force_login(make_publisher("mo@example.org"))
    eve.post(f"{LIST}{hook.public_id}/secret/")
    new = Secret.objects.get(until=None).text
    assert new not in page(mo, f"{LIST}{hook.public_id}/")
    assert new in page(eve, f"{LIST}{hook.public_id}/")
    assert "signs until" in page(mo, f"{LIST}{hook.public_id}/")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "http://crm.example/"}, "begin with https://"),
        ({"address": "https://127.0.0.1/"}, "begin with https://"),
        ({"address": "https://[::1]/"}, "begin with https://"),
        ({"address": "https://eve:word@crm.example/"}, "begin with https://"),
        ({"address": "https://crm.example:25/"}, "begin with https://"),
        ({"types": []}, "Choose what it is told."),
        ({"types": ["gift.stolen"]}, "gift.stolen"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    publisher: CheckingClient, changes: dict[str, object], said: str
) -> None:
    reply = publisher.post(f"{LIST}add/", {**FORM, **changes})
    text = reply.content.decode()
    assert reply.status_code == 422
    assert said in text
    assert 'value="Supporters"' in text
    assert not Hook.objects.exists()


def test_the_own_network_may_be_named_where_the_site_says_so(publisher: CheckingClient, settings: Settings) -> None:
    settings.MASTHEAD = replace(settings.MASTHEAD, hooks=HooksConfig(allow_private=True))
    publisher.post(f"{LIST}add/", {**FORM, "address": "http://127.0.0.1:9000/"})
    publisher.post(f"{LIST}add/", {**FORM, "address": "http://169.254.169.254/latest/"})
    assert [hook.address for hook in Hook.objects.all()] == ["http://127.0.0.1:9000/"]


def test_there_may_be_thirty_and_no_more(publisher: CheckingClient) -> None:
    Hook.objects.bulk_create(Hook(address="https://a.example/", types=["*"]) for _ in range(30))
    assert "no site may have more" in publisher.post(f"{LIST}add/", FORM).content.decode()


def test_a_webhook_is_changed(publisher: CheckingClient, hook: Hook) -> None:
    path = f"{LIST}{hook.public_id}/change/"
    assert f'value="{hook.address}"' in page(publisher, path)
    publisher.post(path, {**FORM, "address": "https://new.example/", "types": ["*", "gift.changed"]})
    hook.refresh_from_db()
    assert (hook.address, hook.types) == ("https://new.example/", ["*"])
    assert "https://crm.example/masthead → https://new.example/" in page(publisher)


def test_a_test_message_is_sent_and_its_answer_read_there(
    publisher: CheckingClient, add: Add, receiver: Receiver
) -> None:
    hook = add(receiver)
    receiver.answers = [500]
    publisher.post(f"{LIST}{hook.public_id}/test/")
    worker.run_pending()
    text = page(publisher, f"{LIST}{hook.public_id}/")
    assert "hook.tested" in text
    assert "HTTP 500" in text
    assert "it says &lt;b&gt;500" in text, "what a stranger's machine says is text and nothing else"
    assert re.search(r"\d+ ms", text)
    assert "it has taken nothing" in text
    assert "fails since" in page(publisher)


def test_one_message_and_all_that_were_missed_are_sent_again(
    publisher: CheckingClient, add: Add, receiver: Receiver
) -> None:
    hook = add(receiver)
    services.tell([bell(key=key) for key in "abc"])
    Delivery.objects.update(state="failed")
    chosen = Delivery.objects.get(message_id="msg_b")
    publisher.post(f"{LIST}{hook.public_id}/again/{chosen.public_id}/")
    chosen.refresh_from_db()
    assert chosen.state == "waiting"
    said = publisher.post(f"{LIST}{hook.public_id}/again/", {"hours": "24"}, follow=True).content.decode()
    assert "2 messages are sent again." in said
    deliver_all()
    assert {got.id for got in receiver.got} == {"msg_a", "msg_b", "msg_c"}


def test_nothing_is_sent_again_to_a_webhook_that_is_off(publisher: CheckingClient, hook: Hook) -> None:
    row = Delivery.objects.create(hook=hook, message_id="msg_1", type="a.b", body="{}", state="failed")
    publisher.post(f"{LIST}{hook.public_id}/switch/", {"on": "no"})
    path = f"{LIST}{hook.public_id}/again/"
    for each in (path, f"{path}{row.public_id}/"):
        said = publisher.post(each, {"hours": "24"}, follow=True).content.decode()
        assert "Switch it on first." in said
    publisher.post(f"{LIST}{hook.public_id}/switch/", {"on": "yes"})
    hook.refresh_from_db()
    assert hook.state == "on"


def test_a_webhook_is_deleted_after_one_question_and_stays_in_the_log(publisher: CheckingClient, hook: Hook) -> None:
    path = f"{LIST}{hook.public_id}/delete/"
    assert "forgotten" in page(publisher, path)
    assert Hook.objects.exists()
    publisher.post(path)
    assert not Hook.objects.exists()
    assert not Secret.objects.exists()
    assert "deleted" in page(publisher)


def test_every_act_is_kept_with_who_did_it(publisher: CheckingClient) -> None:
    publisher.post(f"{LIST}add/", FORM)
    hook = Hook.objects.get()
    base = f"{LIST}{hook.public_id}/"
    publisher.post(f"{base}change/", FORM)
    publisher.post(f"{base}secret/")
    publisher.post(f"{base}switch/", {"on": "no"})
    publisher.post(f"{base}switch/", {"on": "no"})
    publisher.post(f"{base}delete/")
    acts = list(Act.objects.order_by("pk").values_list("what", "by__email"))
    whats = ["added", "changed", "rotated", "switched_off", "deleted"]
    assert acts == [(what, "eve@example.org") for what in whats]


def test_the_permission_alone_opens_the_screens(client: CheckingClient, hook: Hook) -> None:
    bookkeeper = make_user("bo@example.org", is_staff=True)
    bookkeeper.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "manage_hook"]))
    client.force_login(bookkeeper)
    assert hook.address in page(client)
    assert "/admin/webhooks/" in page(client, "/admin/")


@pytest.mark.parametrize("who", ["mo", "eve", "ada", "nobody"])
def test_everybody_else_is_turned_away_and_changes_nothing(
    who: str, hook: Hook, request: pytest.FixtureRequest, client: CheckingClient
) -> None:
    person: User | CheckingClient = request.getfixturevalue(who)
    if isinstance(person, User):
        client.force_login(person)
    before = (Hook.objects.values().get(), Secret.objects.values().get(), Act.objects.count())
    for path in (LIST, f"{LIST}add/", f"{LIST}{hook.public_id}/", f"{LIST}{hook.public_id}/change/"):
        reply = client.get(path)
        assert reply.status_code == 302
        assert hook.address not in reply.content.decode()
    for button in BUTTONS:
        assert client.post(f"{LIST}{hook.public_id}/{button}/", {"on": "no", "hours": "24"}).status_code == 302
    assert client.post(f"{LIST}add/", FORM).status_code == 302
    assert (Hook.objects.values().get(), Secret.objects.values().get(), Act.objects.count()) == before


def test_what_is_not_there_is_not_found(publisher: CheckingClient, hook: Hook) -> None:
    assert publisher.get(f"{LIST}nobody/").status_code == 404
    assert publisher.post(f"{LIST}{hook.public_id}/again/nobody/").status_code == 404
    assert publisher.post(f"{LIST}{hook.public_id}/again/", {"hours": "3"}).status_code == 404


def test_a_long_row_of_messages_has_pages(publisher: CheckingClient, hook: Hook) -> None:
    Delivery.objects.bulk_create(
        Delivery(hook=hook, message_id=f"msg_{number:03}", type="a.b", body="{}", told_at=now(), state="done")
        for number in range(60)
    )
    first, second = (page(publisher, f"{LIST}{hook.public_id}/?p={number}") for number in (1, 2))
    assert "msg_059" in first
    assert "msg_000" not in first
    assert "msg_000" in second

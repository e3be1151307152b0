"""Passkeys: a quicker door beside the code by mail, never a second lock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from masthead.accounts.models import User
from masthead.core.clock import frozen, now
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
PAGE = "/accounts/passkeys/"


def make_key(user: User) -> Authenticator:
    """Store a key as one that was made."""
    data = {"name": "My phone", "credential": {}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def test_who_has_a_passkey_still_gets_in_by_the_code_alone(client: CheckingClient, ada: User) -> None:
    make_key(ada)
    sent = client.post("/accounts/login/", {"login": ada.email})
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    client.post(sent["Location"], {"code": found[1]})
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_adding_one_asks_for_a_fresh_sign_in(client: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    assert "Make a passkey" in client.get(PAGE).content.decode()
    with frozen(now() + timedelta(minutes=16)):
        page = client.get(PAGE).content.decode()
        assert "Make a passkey" not in page
        assert "sign in anew" in page
        client.post(PAGE, {"credential": "{}", "passwordless": "on"})
    assert not Authenticator.objects.exists()


def test_nonsense_makes_no_key_and_signs_nobody_in(client: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    for credential in ("", "{}", "[]", '"x"', '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}'):
        reply = client.post(PAGE, {"credential": credential, "passwordless": "on"})
        assert reply.status_code == 422
        assert "That did not work. Please try again." in reply.content.decode()
        nobody = CheckingClient()
        nobody.get(f"{PAGE}sign-in/", headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"})
        assert nobody.post(f"{PAGE}sign-in/", {"credential": credential}).status_code == 302
        assert "_auth_user_id" not in nobody.session
    assert not Authenticator.objects.exists()


def test_one_removes_only_ones_own(client: CheckingClient, ada: User, ben: User) -> None:
    own, others = make_key(ada), make_key(ben)
    client.force_login(ada)
    client.post(f"{PAGE}{others.pk}/remove/")
    client.post(f"{PAGE}{own.pk}/remove/")
    assert list(Authenticator.objects.values_list("pk", flat=True)) == [others.pk]


def test_the_page_says_that_the_code_needs_no_script(client: CheckingClient, ada: User) -> None:
    client.force_login(ada)
    assert "a code by mail always works, without script too" in client.get(PAGE).content.decode()


def test_keys_are_bound_to_the_sites_own_name(client: CheckingClient, settings: object) -> None:
    """Rule 16's neighbour: never to the host that a request names."""
    reply = client.get(
        f"{PAGE}sign-in/",
        headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest", "Host": "localhost"},
    )
    assert reply.json()["request_options"]["publicKey"]["rpId"] == "testserver"

"""Readers sign in by a code in a mail; nobody learns from the pages who has an account."""

from __future__ import annotations

import re
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from masthead.accounts import selectors
from masthead.accounts.models import User
from masthead.accounts.testing import make_publisher, make_user
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


def code_in(letter: Any) -> str:
    found = re.search(r"^    (\S+)$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]


def test_a_reader_signs_in_with_a_code_and_comes_back_to_the_story(client: CheckingClient) -> None:
    ada = make_user(is_proven=False)
    page = client.get("/accounts/login/?next=/town-hall/")
    assert "no password is needed" in page.content.decode()
    sent = client.post("/accounts/login/?next=/town-hall/", {"login": "Ada@Example.org"})
    assert client.get(sent["Location"]).status_code == 200
    letter = mail.outbox[0]
    assert letter.to == ["ada@example.org"]
    assert "is your code for The Saltmere Ledger" in letter.subject
    done = client.post(sent["Location"], {"code": code_in(letter)})
    assert done["Location"] == "/town-hall/"
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert selectors.proven_addresses([ada.pk]) == {ada.pk: "ada@example.org"}


def test_a_wrong_code_is_said_beside_the_field(client: CheckingClient) -> None:
    make_user()
    sent = client.post("/accounts/login/", {"login": "ada@example.org"})
    refused = client.post(sent["Location"], {"code": "wrong"})
    assert 'class="error"' in refused.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_new_code_can_be_sent_and_another_address_used(client: CheckingClient) -> None:
    make_user()
    sent = client.post("/accounts/login/", {"login": "ada@example.org"})
    again = client.post(sent["Location"], {"action": "resend"})
    assert len(mail.outbox) == 2
    client.get(again["Location"])
    client.post(f"{reverse('account_logout')}?next=/accounts/login/")
    assert "Write your mail address" in client.get("/accounts/login/").content.decode()


def test_pages_answer_the_same_for_unknown_addresses_and_only_the_mail_tells(client: CheckingClient) -> None:
    make_user()
    known = client.post("/accounts/login/", {"login": "ada@example.org"})
    unknown = CheckingClient().post("/accounts/login/", {"login": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "http://testserver/accounts/signup/" in mail.outbox[1].body
    assert mail.outbox[1].to == ["nobody@example.org"]


def test_an_account_is_made_with_an_address_and_a_code(client: CheckingClient) -> None:
    assert client.get("/accounts/signup/").status_code == 200
    sent = client.post("/accounts/signup/", {"email": "New@Example.org"})
    client.get(sent["Location"])
    client.post(sent["Location"], {"code": code_in(mail.outbox[0])})
    user = User.objects.get()
    assert user.email == "new@example.org"
    assert not user.has_usable_password()
    assert client.session["_auth_user_id"] == str(user.pk)


def test_making_an_account_twice_is_told_by_mail_only(client: CheckingClient) -> None:
    make_user()
    sent = client.post("/accounts/signup/", {"email": "ada@example.org"})
    assert client.get(sent["Location"]).status_code == 200
    assert "It has one already" in mail.outbox[0].body
    assert User.objects.count() == 1


def test_every_mail_has_both_parts_in_the_sites_layout(client: CheckingClient) -> None:
    make_user()
    for path, field, address in [
        ("login", "login", "ada@example.org"),
        ("login", "login", "nobody@example.org"),
        ("signup", "email", "ada@example.org"),
        ("signup", "email", "new@example.org"),
    ]:
        CheckingClient().post(f"/accounts/{path}/", {field: address})
    assert len(mail.outbox) == 4
    for letter in mail.outbox:
        assert isinstance(letter, EmailMultiAlternatives)
        html = str(letter.alternatives[0][0])
        assert "The Saltmere Ledger" in html
        assert "{{" not in f"{letter.body}{html}"
        assert "testserver" not in letter.subject


def test_a_mail_server_that_is_down_is_said(client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(letter: object) -> None:
        raise smtplib.SMTPServerDisconnected

    make_user()
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fails)
    refused = client.post("/accounts/login/", {"login": "ada@example.org"})
    assert refused.status_code == 503
    assert "could not be sent at the moment" in refused.content.decode()


def test_staff_may_use_a_password_and_arrive_in_the_admin(client: CheckingClient) -> None:
    make_publisher(password="correct horse battery")
    assert client.get("/accounts/login/password/").status_code == 200
    done = client.post(
        "/accounts/login/password/?next=/admin/", {"username": "Eve@example.org", "password": "correct horse battery"}
    )
    assert done["Location"] == "/admin/"


def test_a_reader_has_no_password_to_guess_and_guessing_is_limited(client: CheckingClient) -> None:
    make_user()
    for _ in range(10):
        refused = client.post("/accounts/login/password/", {"username": "ada@example.org", "password": ""})
        assert refused.status_code == 200
    assert client.post("/accounts/login/password/", {"username": "ada@example.org"}).status_code == 429


def test_the_admin_sends_people_to_the_same_door(client: CheckingClient) -> None:
    away = client.get("/admin/")
    assert away["Location"].startswith("/accounts/login/?next=/admin/")
    assert client.get("/admin/login/?next=/admin/pages/")["Location"] == "/accounts/login/?next=/admin/pages/"
    assert client.get("/admin/password_reset/").status_code == 404


def test_a_signed_in_reader_without_rights_is_not_sent_in_circles(client: CheckingClient) -> None:
    client.force_login(make_user())
    reply = client.get("/admin/", follow=True)
    assert reply.status_code == 200
    assert reply.redirect_chain[-1][0] == "/accounts/profile/"


def test_signing_out_is_a_post(client: CheckingClient) -> None:
    client.force_login(make_user())
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["login", "signup", "login/password", "inactive"])
def test_account_pages_are_never_stored_and_ask_for_a_token(client: CheckingClient, path: str) -> None:
    reply = client.get(f"/accounts/{path}/")
    assert reply.status_code == 200
    assert "no-store" in reply["Cache-Control"]
    assert "The Saltmere Ledger" in reply.content.decode(), "the page bears another name"
    if path != "inactive":
        assert "csrfmiddlewaretoken" in reply.content.decode()
        strict = CheckingClient(enforce_csrf_checks=True)
        assert strict.post(f"/accounts/{path}/", {"login": "ada@example.org"}).status_code == 403

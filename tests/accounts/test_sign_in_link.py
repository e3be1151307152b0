"""The publisher's way in: once, for an hour, by a button."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from masthead.accounts import selectors, services
from masthead.accounts.errors import AccountUnknown, SignInLinkNotValid
from masthead.accounts.models import SignInLink, User
from masthead.accounts.testing import make_publisher, make_user
from masthead.core import clock
from masthead.core.errors import DomainError
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


def path_of(url: str) -> str:
    assert url.startswith("http://testserver/-/sign-in/")
    return urlsplit(url).path


def token_of(url: str) -> str:
    return path_of(url).split("/")[-2]


def test_the_first_link_makes_the_publisher_and_signs_in(client: CheckingClient) -> None:
    path = path_of(services.make_sign_in_link())
    user = User.objects.get()
    assert user.is_superuser
    assert not user.has_usable_password()
    page = client.get(path)
    assert "no-store" in page["Cache-Control"]
    assert "_auth_user_id" not in client.session, "opening the page signed in"
    done = client.post(path)
    assert done["Location"] == "/admin/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get("/admin/").status_code == 200


def test_a_link_works_once_and_says_so(client: CheckingClient) -> None:
    path = path_of(services.make_sign_in_link())
    client.post(path)
    for again in (CheckingClient().get(path), CheckingClient().post(path)):
        assert again.status_code == 404
        assert "used already or is older than an hour" in again.content.decode()
        assert "masthead admin-link" in again.content.decode()


def test_a_link_works_for_an_hour() -> None:
    with clock.frozen(NOON):
        url = services.make_sign_in_link()
    with clock.frozen(NOON + timedelta(hours=1)), pytest.raises(SignInLinkNotValid):
        services.use_sign_in_link(token=token_of(url))
    with clock.frozen(NOON + timedelta(minutes=59)):
        assert services.use_sign_in_link(token=token_of(url)).is_superuser


def test_of_two_who_press_at_once_one_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(services.make_sign_in_link())
    link = selectors.usable_sign_in_link(token)
    services.use_sign_in_link(token=token)
    monkeypatch.setattr(selectors, "usable_sign_in_link", lambda _: link)
    with pytest.raises(SignInLinkNotValid):
        services.use_sign_in_link(token=token)


def test_only_the_hash_of_the_secret_is_kept() -> None:
    token = token_of(services.make_sign_in_link())
    assert token not in str(SignInLink.objects.values().get())


def test_an_old_publisher_is_found_again_and_not_made_twice() -> None:
    eve = make_publisher()
    services.make_sign_in_link()
    services.make_sign_in_link(email="EVE@example.org")
    assert SignInLink.objects.filter(user=eve).count() == 2
    assert User.objects.count() == 1


def test_the_first_publisher_may_be_given_an_address() -> None:
    services.make_sign_in_link(email="Eve@Example.org")
    assert User.objects.get(is_superuser=True).email == "eve@example.org"


def test_a_mistyped_address_makes_no_account() -> None:
    make_publisher()
    with pytest.raises(AccountUnknown) as refusal:
        services.make_sign_in_link(email="evve@example.org")
    assert "evve@example.org" in refusal.value.message()
    assert User.objects.count() == 1


def test_a_closed_account_is_not_opened_by_a_link() -> None:
    make_user(is_active=False)
    with pytest.raises(DomainError):
        services.make_sign_in_link(email="ada@example.org")


@pytest.mark.parametrize(
    ("url", "sender", "address"),
    [
        ("http://127.0.0.1:8000", "", "publisher@localhost"),
        ("https://ledger.example", "", "publisher@ledger.example"),
        ("https://ledger.example", "News@ledger.example", "news@ledger.example"),
    ],
)
def test_the_publishers_address_passes_for_one(settings: Any, url: str, sender: str, address: str) -> None:
    config = settings.MASTHEAD
    settings.MASTHEAD = dataclasses.replace(
        config,
        site=dataclasses.replace(config.site, url=url),
        mail=dataclasses.replace(config.mail, sender=sender),
    )
    services.make_sign_in_link()
    assert User.objects.get().email == address


def test_old_links_are_forgotten() -> None:
    with clock.frozen(NOON):
        services.make_sign_in_link()
    with clock.frozen(NOON + timedelta(hours=3)):
        services.make_sign_in_link()
        assert services.forget_old_links() == 1
    assert SignInLink.objects.count() == 1

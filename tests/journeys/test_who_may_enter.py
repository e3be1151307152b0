"""Who sees which screen of the newsroom."""

from __future__ import annotations

import pytest

from masthead.accounts.models import User
from tests.client import CheckingClient


def answers(client: CheckingClient, user: User, path: str) -> int:
    """Return the status that a person gets."""
    client.force_login(user)
    return client.get(path).status_code


@pytest.mark.django_db
def test_nobody_is_sent_to_the_door(nobody: CheckingClient) -> None:
    reply = nobody.get("/admin/")
    assert reply.status_code == 302
    assert "login" in reply["Location"]


def test_a_reader_never_gets_into_the_newsroom(client: CheckingClient, ada: User) -> None:
    assert answers(client, ada, "/admin/") in {302, 403}


def test_moderator_and_editor_get_into_the_newsroom(client: CheckingClient, mo: User, eve: User) -> None:
    assert answers(client, mo, "/admin/") == 200
    assert answers(client, eve, "/admin/") == 200


def test_an_editor_may_not_change_accounts(client: CheckingClient, eve: User) -> None:
    assert answers(client, eve, "/admin/users/") in {302, 403}

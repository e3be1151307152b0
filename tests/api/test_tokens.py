"""Personal tokens: made on the account page, of use for what they were made for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from masthead.accounts import services
from masthead.accounts.models import ApiToken, User
from masthead.core.clock import frozen, now
from masthead.discussion.models import Comment
from masthead.discussion.testing import make_comment, make_thread
from tests.api.calling import Caller, code
from tests.api.test_writing import COMMENT, MINE, VOTE, member, post
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db
PAGE = "/accounts/tokens/"
FORM = {"name": "Reader for the blind", "scope": "write", "days": "90"}


def token_of(user: User, *scopes: str) -> str:
    """Return a token of somebody's."""
    return services.make_token(user=user, name="Test", scopes=scopes or ("read", "write"), days=30)


def signed_in(user: User) -> CheckingClient:
    """Return a browser in which somebody has signed in just now."""
    client = CheckingClient()
    client.force_login(user)
    return client


def test_a_token_is_shown_once_and_kept_as_a_hash(ada: User, key: str) -> None:
    browser = signed_in(ada)
    page = browser.post(PAGE, FORM)
    found = re.search(r'<code id="new-token">(masthead_[\w-]{40,})</code>', page.content.decode())
    assert found is not None
    secret = found[1]
    assert page["Cache-Control"] == "private, no-store"
    assert secret.encode() not in browser.get(PAGE).content
    row = ApiToken.objects.get()
    assert secret not in str(vars(row))
    assert row.scopes == ["read", "write"]
    body = post(Caller(token=secret), key).json()
    assert body["author"]["name"] == "Ada"
    row.refresh_from_db()
    assert row.last_used_at is not None


def test_whoever_signed_in_long_ago_makes_none(ada: User) -> None:
    browser = signed_in(ada)
    with frozen(now() + timedelta(minutes=16)):
        assert "Sign in anew" in browser.post(PAGE, FORM).content.decode()
    assert not ApiToken.objects.exists()
    assert CheckingClient().get(PAGE).status_code == 302


def test_a_revoked_or_old_token_and_one_of_a_closed_account_are_no_good(ada: User, ben: User, key: str) -> None:
    revoked, old, closed = token_of(ada), token_of(ada), token_of(ben)
    row = ApiToken.objects.order_by("pk").first()
    assert row is not None
    signed_in(ben).post(f"{PAGE}{row.pk}/revoke/")
    assert Caller(token=revoked).call("get", MINE, thread_key=key).status_code == 200, "not Ben's to revoke"
    signed_in(ada).post(f"{PAGE}{row.pk}/revoke/")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    for secret in (revoked, closed, "masthead_nonsense"):
        reply = Caller(token=secret).call("get", MINE, thread_key=key)
        assert (reply.status_code, code(reply)) == (401, "accounts.token_not_valid")
        assert reply["WWW-Authenticate"] == "Bearer"
    with frozen(now() + timedelta(days=31)):
        assert Caller(token=old).call("get", MINE, thread_key=key).status_code == 401


def test_a_token_does_what_it_was_made_for(ada: User, mo: User, key: str) -> None:
    comment = make_comment(make_thread(key))
    reader = Caller(token=token_of(ada, "read"))
    assert reader.call("get", MINE, thread_key=key).json()["person"]["name"] == "Ada"
    for reply in (
        post(reader, key),
        reader.call("put", VOTE, {"value": "up"}, comment_id=comment.public_id),
        reader.call("delete", COMMENT, comment_id=comment.public_id),
    ):
        assert (reply.status_code, code(reply)) == (403, "api.scope_missing")
    spam = "/api/v1/comments/{comment_id}/spam"
    assert code(Caller(token=token_of(mo)).call("post", spam, comment_id=comment.public_id)) == "api.scope_missing"
    trusted = token_of(ada, "read", "write", "moderate")
    refused = Caller(token=trusted).call("post", spam, comment_id=comment.public_id)
    assert code(refused) == "discussion.not_a_moderator", "a scope gives no right that its owner has not"
    done = Caller(token=token_of(mo, "moderate")).call("post", spam, comment_id=comment.public_id)
    assert done.json()["status"] == Comment.Status.SPAM


def test_beside_a_token_cookies_say_nothing(ada: User, ben: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    caller.client.force_login(ben)
    assert post(caller, key).json()["author"]["name"] == "Ada"
    wrong = Caller(caller.client, token="masthead_wrong")
    assert post(wrong, key, text="As Ben?").status_code == 401
    assert member(ben).call("get", MINE, thread_key=key).json()["comments"] == []


def test_there_is_an_end_to_tokens(ada: User) -> None:
    for _number in range(20):
        token_of(ada)
    page = signed_in(ada).post(PAGE, FORM)
    assert page.status_code == 422
    assert ApiToken.objects.count() == 20

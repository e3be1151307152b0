"""One form for every refusal, whoever refuses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.db import connection

from masthead.core.api import PROBLEM_TYPE
from masthead.discussion.ports import Subject, SubjectDirectory
from masthead.discussion.testing import bound
from tests.api.calling import Caller, code, document

pytestmark = pytest.mark.django_db
COMMENTS = "/api/v1/threads/{thread_key}/comments"


def test_the_description_is_valid_and_open(caller: Caller) -> None:
    from openapi_spec_validator import validate

    validate(document())
    reply = caller.client.get("/api/openapi.json")
    assert reply["Cache-Control"] == "public, no-cache"
    assert document()["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/threads"])
def test_what_is_not_there(caller: Caller, path: str) -> None:
    reply = caller.client.get(path)
    assert (reply.status_code, reply["Content-Type"], code(reply)) == (404, PROBLEM_TYPE, "api.not_found")


@pytest.mark.parametrize("query", [{"sort": "loudest"}, {"filter": "mine"}, {"after": "<script>"}])
def test_odd_values_are_named_not_guessed(caller: Caller, key: str, query: dict[str, str]) -> None:
    reply = caller.call("get", COMMENTS, thread_key=key, query=query)
    assert (reply.status_code, code(reply)) == (422, "api.invalid")
    assert [item["field"] for item in reply.json()["errors"]] == [f"query.{name}" for name in query]


def test_a_key_is_one_word(caller: Caller, key: str) -> None:
    """It names an edge tag: two words would be two tags."""
    assert caller.call("get", "/api/v1/threads", query={"key": [f"{key} site"]}).status_code == 422


def test_a_method_that_is_not_taken(caller: Caller, key: str) -> None:
    reply = caller.client.generic("DELETE", f"/api/v1/threads/{key}")
    assert (reply.status_code, code(reply)) == (405, "api.method_not_allowed")
    assert "GET" in reply["Allow"]


def test_nothing_but_json_is_taken(caller: Caller, key: str) -> None:
    """A form of another site can send text or a form, never JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        reply = caller.client.generic("POST", f"/api/v1/threads/{key}/comments", '{"text": "Hi"}', content_type=kind)
        assert (reply.status_code, code(reply)) == (415, "api.unsupported_media_type")


def test_a_request_of_another_site_is_refused(caller: Caller, key: str) -> None:
    reply = caller.client.generic(
        "POST",
        f"/api/v1/threads/{key}/comments",
        "{}",
        content_type="application/json",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (reply.status_code, code(reply)) == (403, "api.forbidden")


@contextmanager
def held_by_another() -> Iterator[None]:
    """Let another connection hold the comments, as a second process does, and ours wait for no moment."""
    other = connection.copy()
    is_sqlite = connection.vendor == "sqlite"
    with other.cursor() as holder, connection.cursor() as ours:
        holder.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        if not is_sqlite:
            holder.execute("LOCK TABLE discussion_comment IN ACCESS EXCLUSIVE MODE")
        ours.execute("PRAGMA busy_timeout=0" if is_sqlite else "SET lock_timeout='10ms'")
        yield
        holder.execute("ROLLBACK")
    other.close()
    connection.close()  # the next one waits again as it should


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer(caller: Caller, key: str) -> None:
    words = {"name": "Ada", "text": "I was there."}
    with held_by_another():
        reply = caller.call("post", COMMENTS, words, thread_key=key)
    assert (reply.status_code, code(reply)) == (503, "api.unavailable")
    assert int(reply["Retry-After"]) > 0
    assert caller.call("post", COMMENTS, words, thread_key=key).status_code == 201


class BrokenDirectory:
    """Stands at the port for a directory with a fault in it."""

    def describe(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Fail with what nobody should read."""
        raise RuntimeError("the password is swordfish")


def test_a_fault_says_nothing_of_itself(caller: Caller, key: str) -> None:
    caller.client.raise_request_exception = False
    with bound(SubjectDirectory, BrokenDirectory()):
        reply = caller.client.get(f"/api/v1/threads/{key}/comments")
    assert (reply.status_code, code(reply)) == (500, "api.failed")
    assert b"swordfish" not in reply.content

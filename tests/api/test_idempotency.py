"""A call that is sent twice with one key is done once, and answered twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from masthead.accounts.models import KeptAnswer, User
from masthead.accounts.services import Answer, answer_once, close_account, forget_old_answers
from masthead.core.clock import frozen, now
from masthead.discussion.models import Comment, Vote
from masthead.discussion.ports import SpamScorer
from masthead.discussion.selectors import drift
from masthead.discussion.testing import FakeSpamScorer, bound, make_comment, make_thread
from masthead.outbox.models import Event
from masthead.publishing.testing import make_article
from tests.api.calling import Caller, code, document
from tests.api.test_tokens import token_of
from tests.api.test_writing import COMMENT, COMMENTS, VOTE, member

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
REPLAYED = "Idempotency-Replayed"


def post(caller: Caller, thread: str, text: str = "I was there.", *, key: str = "") -> Any:
    """Post as Ada, with a key."""
    headers = {"Idempotency-Key": key} if key else KEY
    return caller.call("post", COMMENTS, {"name": "Ada", "text": text}, thread_key=thread, headers=headers)


def test_the_same_call_again_gets_the_same_answer_and_does_nothing(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    first, again = post(caller, key), post(caller, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert REPLAYED not in first
    assert again[REPLAYED] == "true"
    assert again["Cache-Control"] == "private, no-store"
    assert Comment.objects.count() == 1
    assert not any(drift())


def test_a_guest_who_became_known_by_the_answer_gets_it_again(caller: Caller, key: str) -> None:
    first, again = post(caller, key), post(caller, key)
    assert again.content == first.content
    assert again[REPLAYED] == "true"
    assert post(Caller(), key).content == first.content, "the first answer was lost, with its cookie"
    assert Comment.objects.count() == 1


def test_another_call_under_the_same_key_is_refused(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    post(caller, key)
    other = post(caller, key, "I was not there.")
    assert (other.status_code, code(other)) == (422, "accounts.key_used_otherwise")
    elsewhere = caller.call("delete", COMMENT, comment_id=Comment.objects.get().public_id, headers=KEY)
    assert code(elsewhere) == "accounts.key_used_otherwise"
    assert Comment.objects.get().is_public


def test_a_key_is_its_owners_alone(ada: User, ben: User, key: str) -> None:
    comment = make_comment(make_thread(key))
    for caller in (Caller(token=token_of(ada)), member(ben), Caller(token=token_of(ben))):
        reply = caller.call("put", VOTE, {"value": "up"}, comment_id=comment.public_id, headers=KEY)
        assert REPLAYED not in reply
    assert Vote.objects.count() == 2


@pytest.mark.parametrize("given", ["", "two words", "x" * 256, "café"])
def test_what_is_no_key_is_refused(caller: Caller, key: str, *, given: str) -> None:
    body = {"name": "Ada", "text": "I was there."}
    reply = caller.call("post", COMMENTS, body, thread_key=key, headers={"Idempotency-Key": given})
    assert (reply.status_code, code(reply)) == (400, "api.key_not_valid")
    assert not Comment.objects.exists()


def test_a_refusal_is_an_answer_too(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    first, again = post(caller, key, ""), post(caller, key, "")
    assert (first.status_code, code(first)) == (422, "discussion.text_refused")
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert again[REPLAYED] == "true"


def test_a_failure_is_not_kept(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    with bound(SpamScorer, FakeSpamScorer(OperationalError("disk I/O error"))):
        assert post(caller, key).status_code == 503
    assert not KeptAnswer.objects.exists()
    assert post(caller, key).status_code == 201


def test_a_limit_is_not_kept(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    moment = now()
    with frozen(moment):
        for number in range(30):
            post(caller, key, f"Number {number}", key=f"number-{number}")
        assert post(caller, key).status_code == 429
    with frozen(moment + timedelta(minutes=2)):
        assert post(caller, key).status_code == 201


def test_a_flood_of_keys_is_stopped_before_it_fills_the_table(key: str) -> None:
    with frozen(now()):
        refused = [post(Caller(), key, "", key=f"flood-{number}") for number in range(125)]
        assert [reply.status_code for reply in refused] == [422] * 120 + [429] * 5
        assert int(refused[-1]["Retry-After"]) > 0
        assert code(refused[-1]) == "core.too_many_requests"
        assert KeptAnswer.objects.count() == 120
        assert post(Caller(), key, key="flood-0").status_code == 429, "an answer of before is not looked up either"


def test_what_fails_is_undone_whole(ada: User) -> None:
    def do() -> Answer:
        make_thread("article:9")
        return Answer(503, "", is_final=False)

    answer, is_known = answer_once(owner="token:1", key="k", fingerprint="f", do=do)
    assert (answer.status, is_known) == (503, False)
    assert Comment.objects.count() == KeptAnswer.objects.count() == 0


def test_a_deletion_is_answered_again_without_a_body(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    comment_id = post(caller, key).json()["id"]
    for _ in range(2):
        gone = caller.call("delete", COMMENT, comment_id=comment_id, headers={"Idempotency-Key": "gone"})
        assert gone.status_code == 204


def test_after_a_day_a_key_is_new_and_its_answer_is_forgotten(ada: User, key: str) -> None:
    caller = Caller(token=token_of(ada))
    post(caller, key)
    with frozen(now() + timedelta(hours=24, minutes=1)):
        assert REPLAYED not in post(caller, key, "A day later")
        assert forget_old_answers() == 0, "the old answer went when its key came anew"
    with frozen(now() + timedelta(hours=49)):
        assert forget_old_answers() == 1


def test_who_closes_the_account_takes_the_answers_along(ada: User, key: str) -> None:
    post(Caller(token=token_of(ada)), key)
    assert KeptAnswer.objects.exists()
    close_account(user_id=ada.pk)
    assert not KeptAnswer.objects.exists()


def test_reading_needs_no_key_and_keeps_nothing(caller: Caller, key: str) -> None:
    caller.call("get", COMMENTS, thread_key=key, headers=KEY)
    assert not KeptAnswer.objects.exists()


def test_every_writing_operation_names_the_key() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            names = [item["name"] for item in operation.get("parameters", [])]
            assert ("Idempotency-Key" in names) == (method != "get"), f"{method} {path}"


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_post_once_and_hear_the_same() -> None:
    thread = f"article:{make_article().pk}"
    before = Event.objects.count()
    gate, replies, errors = threading.Barrier(8), [], []

    def send() -> None:
        try:
            caller = Caller()
            gate.wait()
            replies.append(post(caller, thread))
        except BaseException as error:  # noqa: BLE001 - the test reports it
            errors.append(error)
        finally:
            connections.close_all()

    document()
    threads = [threading.Thread(target=send) for _ in range(8)]
    for item in threads:
        item.start()
    for item in threads:
        item.join(60)
    assert errors == []
    assert [reply.status_code for reply in replies] == [201] * 8
    assert len({reply.content for reply in replies}) == 1
    assert sum(REPLAYED not in reply for reply in replies) == 1
    assert Comment.objects.count() == 1
    assert Event.objects.count() == before + 1
    assert not any(drift())
    assert connection.is_usable()

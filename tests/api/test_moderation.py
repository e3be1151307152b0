"""The hold queue through the API."""

from __future__ import annotations

import pytest

from masthead.accounts.models import User
from masthead.discussion.models import Comment, ModerationAction
from masthead.discussion.testing import make_comment, make_thread
from tests.api.calling import Caller, code
from tests.api.test_writing import member

pytestmark = pytest.mark.django_db
QUEUE = "/api/v1/moderation/queue"
DECISIONS = [("approve", None), ("remove", {"reason": "attack"}), ("spam", None)]


def test_a_moderator_sees_what_waits_and_decides(mo: User, key: str) -> None:
    held = make_comment(make_thread(key), status=Comment.Status.HELD, hold_reason="links")
    caller = member(mo)
    body = caller.call("get", QUEUE).json()
    assert (body["waiting"], [item["id"] for item in body["items"]]) == (1, [held.public_id])
    for action, data in DECISIONS:
        reply = caller.call("post", f"/api/v1/comments/{{comment_id}}/{action}", data, comment_id=held.public_id)
        assert reply["Cache-Control"] == "private, no-store"
        held.refresh_from_db()
        assert reply.json()["status"] == held.status
    assert held.status == Comment.Status.SPAM
    assert ModerationAction.objects.count() == 3
    assert caller.call("get", QUEUE).json()["items"] == []


@pytest.mark.parametrize(("action", "data"), DECISIONS)
def test_nobody_else_decides(ada: User, eve: User, key: str, action: str, data: dict[str, str] | None) -> None:
    comment = make_comment(make_thread(key))
    for caller in (Caller(), member(ada), member(eve)):
        reply = caller.call("post", f"/api/v1/comments/{{comment_id}}/{action}", data, comment_id=comment.public_id)
        assert (reply.status_code, code(reply)) == (403, "discussion.not_a_moderator")
        assert code(caller.call("get", QUEUE)) == "discussion.not_a_moderator"
    comment.refresh_from_db()
    assert comment.status == Comment.Status.PUBLISHED


def test_a_removal_needs_a_reason_that_can_be_shown(mo: User, key: str) -> None:
    comment = make_comment(make_thread(key))
    path = "/api/v1/comments/{comment_id}/remove"
    reply = member(mo).call("post", path, {"reason": "dislike"}, comment_id=comment.public_id)
    assert (reply.status_code, code(reply)) == (422, "discussion.reason_missing")
    assert [item["field"] for item in reply.json()["errors"]] == ["body.reason"]

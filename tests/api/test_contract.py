"""Every operation that is described is there and answers as described."""

from __future__ import annotations

import pytest

from masthead.accounts.models import User
from tests.api.calling import CALLED, Caller, operations
from tests.api.test_writing import member, post

pytestmark = pytest.mark.django_db


def test_every_operation_answers_as_described(mo: User, key: str, campaign: str) -> None:
    """A reader writes, changes his mind and goes; a moderator reads, votes and decides."""
    CALLED.clear()
    reader, moderator = Caller(), member(mo)
    comment_id = post(reader, key).json()["id"]
    at = {"comment_id": comment_id}
    thread, comment = "/api/v1/threads/{thread_key}", "/api/v1/comments/{comment_id}"
    for path in (thread, f"{thread}/comments", f"{thread}/mine"):
        reader.call("get", path, thread_key=key)
    reader.call("get", "/api/v1/threads", query={"key": [key]})
    reader.call("get", comment, **at)
    reader.call("post", f"{thread}/preview", {"text": "How will it look?"}, thread_key=key)
    reader.call("patch", comment, {"text": "I was there all day."}, **at)
    moderator.call("put", f"{comment}/vote", {"value": "up"}, **at)
    reader.call("delete", comment, **at)
    reader.call("post", f"{comment}/restore", **at)
    moderator.call("get", "/api/v1/moderation/queue")
    moderator.call("post", f"{comment}/spam", **at)
    moderator.call("post", f"{comment}/approve", **at)
    moderator.call("post", f"{comment}/remove", {"reason": "other"}, **at)
    reader.call("get", "/api/v1/stories")
    reader.call("get", "/api/v1/stories/{story_id}", story_id=key.removeprefix("article:"))
    reader.call("get", "/api/v1/campaigns")
    for path in ("/api/v1/campaigns/{slug}", "/api/v1/campaigns/{slug}/months"):
        reader.call("get", path, slug=campaign)
    assert set(operations()) - CALLED == set()

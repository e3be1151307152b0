"""The queue of held comments in the newsroom's admin."""

from __future__ import annotations

import pytest

from masthead.accounts.models import User
from masthead.discussion.models import Comment, ModerationAction
from masthead.discussion.testing import FakeSubjectDirectory, make_comment, make_thread
from tests.client import CheckingClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]
QUEUE = "/admin/discussion/held/"


def held(text: str = "See https://pumps.example/", **fields: str) -> Comment:
    """Return a comment that waits."""
    return make_comment(make_thread(), text=text, status="held", hold_reason="links", **fields)  # type: ignore[arg-type]


def act(client: CheckingClient, comment: Comment, action: str) -> str:
    """Press a button of the queue; return the state of the comment afterwards."""
    client.post(f"/admin/discussion/{comment.public_id}/decide/", {"action": action}, follow=True)
    comment.refresh_from_db()
    return comment.status


def test_mo_sees_what_waits_with_its_context(client: CheckingClient, mo: User) -> None:
    parent = make_comment(text="When was that?", name="Ada")
    comment = make_comment(parent=parent, text="See https://pumps.example/", status="held", hold_reason="links")
    client.force_login(mo)
    page = client.get(QUEUE).content.decode()
    assert "When was that?" in page
    assert "Ada wrote:" in page
    assert comment.public_id in page
    assert "it holds a link" in page
    assert "Held comments (1)" in page


def test_an_empty_queue_says_what_will_be_here(client: CheckingClient, mo: User) -> None:
    client.force_login(mo)
    assert "Nothing waits" in client.get(QUEUE).content.decode()


def test_mo_approves_and_marks_spam(client: CheckingClient, mo: User) -> None:
    client.force_login(mo)
    assert act(client, held(), "approve") == "published"
    assert act(client, held("Buy https://b.example/"), "spam") == "spam"
    assert list(ModerationAction.objects.values_list("action", "moderator")) == [("approve", mo.pk), ("spam", mo.pk)]


def test_a_removal_needs_a_reason_and_keeps_the_remark_for_colleagues(client: CheckingClient, mo: User) -> None:
    client.force_login(mo)
    comment = held()
    address = f"/admin/discussion/{comment.public_id}/remove/"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"reason": "", "remark": "third time"})
    assert refused.status_code == 422
    assert "third time" in refused.content.decode()
    client.post(address, {"reason": "advertising", "remark": "third time"})
    comment.refresh_from_db()
    assert (comment.status, comment.removal_reason) == ("removed", "advertising")
    assert ModerationAction.objects.get().remark == "third time"


def test_what_its_writer_deleted_meanwhile_is_said_to_be_gone(client: CheckingClient, mo: User) -> None:
    client.force_login(mo)
    comment = make_comment(make_thread(), status="deleted")
    response = client.post(f"/admin/discussion/{comment.public_id}/decide/", {"action": "approve"}, follow=True)
    assert "not here any more" in response.content.decode()


@pytest.mark.parametrize("path", [QUEUE, "/admin/discussion/x/remove/"])
def test_an_editor_without_the_permission_may_not_decide(client: CheckingClient, eve: User, path: str) -> None:
    client.force_login(eve)
    assert client.get(path).status_code in {302, 403}
    assert b"Held comments" not in client.get("/admin/").content


def test_hostile_texts_stay_text_in_the_admin(client: CheckingClient, mo: User, subjects: FakeSubjectDirectory) -> None:
    subjects.put("article:1", title="<script>alert(1)</script>")
    held('<img src=x onerror="alert(1)">', name="<script>alert(2)</script>")
    client.force_login(mo)
    page = client.get(QUEUE).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page

"""The site's own fields of the comment form: asked, judged, kept with the words that were asked, shown when public."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.core.clock import frozen, now
from masthead.discussion.attached_errors import FieldsRefused
from masthead.discussion.models import Comment, FieldValue
from masthead.discussion.selectors import answers_of, moderation_queue
from masthead.discussion.services import delete_own_comment, edit_comment, erase_deleted, post_comment
from masthead.discussion.testing import make_guest
from masthead.project.sections import CommentField
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide, page
from tests.discussion.test_undo import LATE
from tests.discussion.visits import send, soup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved"),
]
WORDING = "I agree that my comment may be printed."
FIELDS = [
    CommentField("town", "Where do you live?", "select", ["Harbour", "Old <town>"], required=True, public=True),
    CommentField("job", "What do you do?", help="One word is enough."),
    CommentField("swims", "I swim here", "checkbox", public=True),
    CommentField("print", WORDING, "consent", required=True),
]
GOOD: dict[str, Any] = {
    "field-town": "Old <town>",
    "field-job": " Net  maker ",
    "field-swims": "yes",
    "field-print": "yes",
}


@pytest.fixture(autouse=True)
def fields(settings: Any) -> None:
    """A site that asks four things."""
    decide(settings, fields=FIELDS)


def test_the_form_asks_with_label_help_and_state(client: CheckingClient) -> None:
    form = page(client).select_one("#comment-form")
    assert form is not None
    assert form.select_one("label[for=c-field-town]") is not None
    town = form.select_one("select[name=field-town][required]")
    assert town is not None
    assert [option.get_text() for option in town.select("option")] == ["Please choose", "Harbour", "Old <town>"]
    job = form.select_one("input[name=field-job]")
    assert job is not None
    assert form.select_one(f"#{job['aria-describedby']}").get_text() == "One word is enough."  # type: ignore[union-attr]
    assert form.select_one("input[type=checkbox][name=field-print][required]") is not None


def test_answers_are_kept_with_what_was_asked_and_shown_when_public(client: CheckingClient) -> None:
    with frozen(now()):
        moment = now()
        send(client, **GOOD)
    comment = Comment.objects.get()
    kept = {value.name: (value.label, value.value, value.given_at) for value in answers_of([comment.pk])[comment.pk]}
    assert kept == {
        "town": ("Where do you live?", "Old <town>", moment),
        "job": ("What do you do?", "Net maker", moment),
        "swims": ("I swim here", "yes", moment),
        "print": (WORDING, "yes", moment),
    }
    shown = page(client).select_one(f"#text-{comment.public_id} dl")
    assert shown is not None
    assert shown.get_text("|", strip=True) == "Where do you live?|Old <town>|I swim here|yes"


@pytest.mark.parametrize("script", [False, True])
def test_everything_wrong_is_said_at_once_beside_its_field(client: CheckingClient, script: bool) -> None:
    reply = send(client, script=script, text="Careful words", name="", **{"field-town": "Mars", "field-job": "x" * 301})
    assert reply.status_code == 422
    form = soup(reply).select_one("form.comment-form")
    assert form is not None
    bad = {box["name"] for box in form.select("[aria-invalid]")}
    assert bad == {"name", "field-town", "field-job", "field-print"}
    assert "Without your consent" in form.get_text()
    assert form.select_one("textarea").get_text().strip() == "Careful words"  # type: ignore[union-attr]
    assert not Comment.objects.exists()


def test_no_road_leads_past_what_is_required() -> None:
    """Rule 4: the service asks, whatever the form did."""
    with pytest.raises(FieldsRefused) as refused:
        post_comment(thread_key="article:1", person=make_guest(), name="Ada", text="Hm.", fields={"town": "Harbour"})
    assert refused.value.by_input() == {"field-print": "Without your consent the comment cannot be posted."}


def test_an_edit_leaves_them_and_deletion_erases_them(client: CheckingClient) -> None:
    answers = {"town": "Harbour", "print": "yes"}
    comment = post_comment(thread_key="article:1", person=make_guest(), name="Ada", text="Hm.", fields=answers)
    edited = edit_comment(comment_id=comment.public_id, person=make_guest(), text="Well.")
    assert "Harbour" in edited.shown
    delete_own_comment(comment_id=comment.public_id, person=make_guest())
    with frozen(now() + LATE):
        erase_deleted()
    comment.refresh_from_db()
    assert comment.annex == ""
    assert not FieldValue.objects.exists()


def test_moderators_read_all_of_it(client: CheckingClient) -> None:
    send(client, **GOOD, text="See https://pumps.example/")
    [waiting] = moderation_queue()
    assert [value.name for value in waiting.comment.field_values.all()] == ["town", "job", "swims", "print"]
    assert not page(client).select("#comment-list dl")

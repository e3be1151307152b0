"""What readers say about marked words: in public, to the newsroom, in confidence; and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import IntegrityError, connection, transaction

from masthead.accounts.testing import make_user
from masthead.core import events as registry
from masthead.core.ratelimit import TooManyRequests
from masthead.discussion import errors, services
from masthead.discussion.models import Comment, Hint, Note, Thread
from masthead.discussion.rules.marked import Chosen
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors import accepted_correction, drift, notes_of
from masthead.discussion.testing import FakeManuscripts, FakeSubjectDirectory, make_guest, make_note, make_thread
from masthead.outbox.models import Event
from tests.client import CheckingClient

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("subjects", "manuscripts"),
    pytest.mark.urls("tests.discussion.host"),
]
SIGNED = Chosen("who signed for them", "p2")
PATH = "/-/comments/passage/"
FRAGMENT = {"X-Masthead-Fragment": "1"}


def note(text: str = "I know who.", *, chosen: Chosen = SIGNED, **more: Any) -> Comment:
    values: dict[str, Any] = {"kind": "comment", "name": "Ada", "person": make_guest(), **more}
    return services.post_note(thread_key="article:1", chosen=chosen, text=text, **values)


def correction(text: str = "It was in April.", **more: Any) -> Hint:
    chosen = Chosen("bought in March")
    values: dict[str, Any] = {"name": "Ada", "address": "ada@example.org", "wants_credit": True, **more}
    return services.suggest_correction(thread_key="article:1", person=make_guest(), chosen=chosen, text=text, **values)


def sent(**more: str) -> dict[str, str]:
    """Return what the form sends."""
    words = {"words": "who signed for them", "block": "p2", "before": "", "after": ""}
    return {"thread": "article:1", "kind": "comment", **words, "text": "I know.", "name": "Ada", **more}


def test_a_note_is_a_root_comment_that_quotes_the_words_and_leads_back_to_them() -> None:
    comment = note()
    assert (comment.parent_id, comment.quote, comment.place) == (None, "who signed for them", "p2")
    assert comment.note is not None
    assert (comment.note.kind, comment.note.edition, comment.note.answer_count) == ("comment", 1, 0)
    assert Note.objects.get().answer_count == 1
    assert Thread.objects.get().inline_count == 1
    assert list(drift()) == []


def test_notes_of_readers_are_no_questions_of_the_author() -> None:
    note()
    make_note(make_thread())
    assert list(notes_of("article:1")) == ["p1"]
    services.put_notes(thread_key="article:1", passages=[])
    assert Note.objects.get(kind="comment").is_current


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (Chosen("who signed for it"), errors.WordsNotThere),
        (Chosen("who signed for them", "p1"), errors.WordsNotThere),
        (Chosen("h"), errors.WordsAmbiguous),
        (Chosen("h" * 1_001), errors.WordsTooLong),
        (Chosen(" "), errors.WordsNotThere),
    ],
)
def test_words_that_are_no_passage_are_refused_and_nothing_is_stored(chosen: Chosen, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        note(chosen=chosen)
    with pytest.raises(refusal):
        services.tell_in_confidence(thread_key="article:1", chosen=chosen, text="Psst.")
    assert (Comment.objects.count(), Note.objects.count(), Hint.objects.count()) == (0, 0, 0)


def test_a_refused_comment_leaves_no_note_behind() -> None:
    note("The same.")
    with pytest.raises(errors.SameTextAgain):
        note("The same.")
    assert Note.objects.count() == 1
    note("The same.", chosen=Chosen("were bought"))
    assert Note.objects.count() == 2


def test_a_note_passes_the_same_gate_as_a_comment(subjects: FakeSubjectDirectory) -> None:
    """Rule 4 of section 5.3: one check of rights for all roads that write."""
    assert note("See https://a.example/").status == "held"
    assert note("A trap", trap="x").hold_reason == "trap"
    subjects.put("article:1", comments="closed")
    with pytest.raises(errors.CommentingClosed):
        note("Too late.")
    subjects.put("article:1", is_public=False)
    with pytest.raises(errors.UnknownThread):
        note("Too late again.")


def test_when_the_story_changes_notes_stay_are_followed_or_say_that_they_are_of_an_earlier_version(
    manuscripts: FakeManuscripts,
) -> None:
    comment = note()
    manuscripts.publish("article:1", "New.", "The pumps were bought in March.", "Nobody has said who signed for them.")
    services.reanchor(thread_key="article:1")
    comment.refresh_from_db()
    assert comment.place == "p3"
    manuscripts.publish("article:1", "New.", "The mayor signed for them.")
    services.reanchor(thread_key="article:1")
    comment.refresh_from_db()
    row = Note.objects.get()
    assert (comment.place, comment.quote, row.is_current) == ("", "who signed for them", False)
    assert (row.edition, row.looked_in) == (2, 3)
    manuscripts.publish("article:1", "The pumps were bought in March.", "Nobody has said who signed for them.")
    services.reanchor(thread_key="article:1")
    comment.refresh_from_db()
    assert comment.place == "p2"


def test_looking_twice_changes_and_tells_nothing_more(manuscripts: FakeManuscripts) -> None:
    note()
    manuscripts.publish("article:1", "Another story.")
    services.reanchor(thread_key="article:1")
    told = Event.objects.count()
    services.reanchor(thread_key="article:1")
    assert Event.objects.count() == told
    assert Event.objects.order_by("-pk")[0].type == "discussion.thread-changed"


def test_a_story_that_changes_while_words_are_being_marked_is_looked_at_again(
    manuscripts: FakeManuscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = manuscripts.current

    def publish_behind(key: str) -> Any:
        found = asked(key)
        if found and found.edition == 1:
            manuscripts.publish(key, "Nothing is left.")
        return found

    monkeypatch.setattr(manuscripts, "current", publish_behind)
    note()
    assert not Note.objects.get().is_current


def test_author_questions_learn_what_stands_around_their_words(manuscripts: FakeManuscripts) -> None:
    make_note(make_thread(), quote="in March")
    services.reanchor(thread_key="article:1")
    row = Note.objects.get()
    assert (row.block, row.prefix, row.is_current) == ("p1", "The pumps were bought ", True)
    assert row.place == "note-1-words"


def test_a_correction_goes_to_the_newsroom_alone_also_when_comments_are_closed(subjects: FakeSubjectDirectory) -> None:
    subjects.put("article:1", comments="closed")
    hint = correction()
    assert (hint.kind, hint.name, hint.address, hint.block) == ("correction", "Ada", "ada@example.org", "p1")
    assert (Comment.objects.count(), Event.objects.count()) == (0, 0)
    with pytest.raises(errors.SameTextAgain):
        correction()


def test_of_a_confidence_nothing_is_stored_that_could_tell_who_wrote_it(client: CheckingClient) -> None:
    """Rule 15 of section 5.3, and more: no account, browser, network, hour, name; no fact for others; no cookie."""
    client.force_login(make_user("don@example.org", display_name="Don"))
    told = sent(kind="confidence", text="Ask about the lorry.", name="Don", address="don@example.org")
    reply = client.post(PATH, told)
    assert reply.status_code == 200
    assert "masthead_guest" not in reply.cookies
    hint = Hint.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM discussion_hint")
        stored = " ".join(str(value) for value in cursor.fetchone()).lower()
    assert "don" not in stored.replace("nobody", "")
    assert (hint.name, hint.address, hint.wants_credit, hint.decided_by) == ("", "", False, None)
    assert Event.objects.count() == 0
    assert "don@example.org" not in stored


def test_the_database_itself_refuses_a_confidence_with_a_name() -> None:
    hint = services.tell_in_confidence(thread_key="article:1", chosen=SIGNED, text="Psst.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hint.objects.filter(pk=hint.pk).update(name="Ada")


def test_confidences_are_limited_without_counting_who_sends_them() -> None:
    for number in range(30):
        services.tell_in_confidence(thread_key="article:1", chosen=SIGNED, text=f"Psst {number}.")
    with pytest.raises(TooManyRequests):
        services.tell_in_confidence(thread_key="article:1", chosen=SIGNED, text="Once more.")


def test_an_accepted_correction_is_told_by_its_id_alone_and_once() -> None:
    hint, editor = correction(), make_user("eve@example.org")
    services.accept_correction(hint_id=hint.public_id, text="It was  April.", by=editor)
    services.accept_correction(hint_id=hint.public_id, text="Something else.", by=editor)
    event = Event.objects.get()
    assert event.payload == {"hint_id": hint.public_id, "thread_key": "article:1"}
    found = accepted_correction(hint.public_id)
    assert found is not None
    assert (found.text, found.credit) == ("It was April.", "Ada")


def test_who_did_not_ask_for_it_is_not_named() -> None:
    hint = correction(wants_credit=False)
    services.accept_correction(hint_id=hint.public_id, text="April.", by=None)
    found = accepted_correction(hint.public_id)
    assert found is not None
    assert found.credit == ""


def test_a_confidence_can_be_of_use_or_declined_but_never_published() -> None:
    hint = services.tell_in_confidence(thread_key="article:1", chosen=SIGNED, text="Psst.")
    with pytest.raises(errors.UnknownHint):
        services.accept_correction(hint_id=hint.public_id, text="Psst.", by=None)
    services.settle_hint(hint_id=hint.public_id, accepted=True, by=None)
    assert accepted_correction(hint.public_id) is None
    assert Hint.objects.get().status == "accepted"


def test_an_answer_goes_by_mail_once_and_repeats_nothing_of_what_was_told(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    hint = services.tell_in_confidence(
        thread_key="article:1", chosen=SIGNED, text="Ask about the lorry.", address="x@example.org"
    )
    services.answer_hint(hint_id=hint.public_id, text="Can we meet?", by=make_user("eve@example.org"))
    event = Event.objects.get()
    fact: Any = registry.from_payload(event.type, event.payload)
    assert list(event.payload) == ["reply_id"]
    services.send_hint_answer(fact, "e1")
    services.send_hint_answer(fact, "e1")
    (letter,) = mail.outbox
    assert letter.to == ["x@example.org"]
    assert "Can we meet?" in str(letter.body)
    for secret in ("lorry", "signed", "The pumps"):
        assert secret not in str(letter.message())


def test_without_an_address_there_is_no_answer() -> None:
    hint = services.tell_in_confidence(thread_key="article:1", chosen=SIGNED, text="Psst.")
    with pytest.raises(errors.NoAddress):
        services.answer_hint(hint_id=hint.public_id, text="Hello?", by=None)


def test_the_form_works_without_script(client: CheckingClient) -> None:
    page = BeautifulSoup(client.get(f"{PATH}?thread=article:1").content, "html.parser")
    options = [option.get_text() for option in page.select("select[name=block] option")]
    assert options[1:] == ["1. The pumps were bought in March.", "2. Nobody has said who signed for them."]
    assert [field["value"] for field in page.select("input[name=kind]")] == [
        "comment",
        "ask",
        "correction",
        "confidence",
    ]
    assert not page.select("text-preview"), "a preview would lose what kind of thing it is"
    reply = client.post(PATH, sent())
    assert reply.status_code == 303
    assert f"comment-{Comment.objects.get().public_id}" in reply["Location"]


def test_words_that_do_not_stand_there_come_back_with_what_to_do(client: CheckingClient) -> None:
    reply = client.post(PATH, sent(words="who paid for them", kind="correction", text="It was the mayor."))
    page = BeautifulSoup(reply.content, "html.parser")
    assert reply.status_code == 422
    assert "These words do not stand there." in page.select("#n-words-error")[0].get_text()
    assert page.select("textarea[name=text]")[0].get_text().strip() == "It was the mayor."
    assert page.select("input[value=correction]")[0].has_attr("checked")
    assert page.select("option[selected]")[0]["value"] == "p2"


def test_in_place_the_writer_gets_a_notice_where_he_reads_and_his_comment_in_the_thread(client: CheckingClient) -> None:
    reply = client.post(PATH, sent(), headers={"X-Masthead-Fragment": "1"})
    page = BeautifulSoup(reply.content, "html.parser")
    assert str(page.select('[data-replaces="#note-form"] a')[0]["href"]).startswith("#comment-")
    assert page.select("article.comment blockquote.quoted a")[0]["href"] == "/article-1/#p2"
    told = client.post(PATH, sent(kind="correction"), headers={"X-Masthead-Fragment": "1"})
    assert b"#note-form" in told.content


def test_a_closed_story_still_takes_corrections(client: CheckingClient, subjects: FakeSubjectDirectory) -> None:
    subjects.put("article:1", comments="closed")
    page = BeautifulSoup(client.get(f"{PATH}?thread=article:1").content, "html.parser")
    assert [field["value"] for field in page.select("input[name=kind]")] == ["correction", "confidence"]
    assert client.post(PATH, sent()).status_code == 403
    assert client.post(PATH, sent(kind="correction")).status_code == 200


def test_lost_words_are_shown_with_the_old_words(client: CheckingClient, manuscripts: FakeManuscripts) -> None:
    note()
    manuscripts.publish("article:1", "Another story.")
    services.reanchor(thread_key="article:1")
    page = BeautifulSoup(client.get("/article-1/").content, "html.parser")
    quoted = page.select("blockquote.quoted")[0].get_text()
    assert "who signed for them" in quoted
    assert "Refers to an earlier version of the story." in quoted


def test_a_person_is_never_taken_from_the_form_of_a_confidence() -> None:
    hint = services.tell_in_confidence(thread_key="article:1", chosen=SIGNED, text="Psst.")
    assert not {field.name for field in Hint._meta.get_fields()} & {"user", "guest", "network", "created_at"}
    assert Person() == Person(guest="")
    assert hint.came_on


def test_form_and_tools_need_no_inline_script_or_style(client: CheckingClient) -> None:
    """Rule 16 of section 5.3: a strict policy holds on the form's page, and the tools' template obeys it."""
    reply = client.get(f"{PATH}?thread=article:1")
    policy = reply["Content-Security-Policy"]
    assert "unsafe" not in policy
    tools = BeautifulSoup(client.get("/article-1/").content, "html.parser").select("passage-notes")[0]
    for markup in (str(tools), client.get(f"{PATH}?thread=article:1", headers=FRAGMENT).content.decode()):
        assert "<script" not in markup
        assert " style=" not in markup
        assert " on" not in "".join(f" {name}" for tag in BeautifulSoup(markup, "html.parser")() for name in tag.attrs)

"""Write first, prove the address once: guests where the site wants to know that somebody reads the address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.signing import Signer

from masthead.core.clock import frozen, now
from masthead.discussion import conf, selectors
from masthead.discussion.models import Comment, Guest, GuestBrowser, MailLoop, Vote
from masthead.discussion.ports import Verdict
from masthead.discussion.selectors import drift
from masthead.discussion.services import forget_unconfirmed, send_mail_loop
from masthead.discussion.testing import FakeSpamScorer, FakeSubjectDirectory, make_comment
from masthead.discussion.views.visitors import GUEST_COOKIE
from masthead.outbox.models import Event
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.discussion.test_site_settings import decide
from tests.discussion.visits import ADA, FRAGMENT, act, button, follow, press, prove, send, soup, write
from tests.letters import letters, links_in, part

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.discussion.host"),
    pytest.mark.usefixtures("subjects", "badges", "reserved", "_verified"),
]


@pytest.fixture
def _verified(settings: Any) -> None:
    decide(settings, guests="verified")


def public_text(client: CheckingClient | None = None) -> str:
    """Return the words of the page as everybody reads it."""
    return soup((client or CheckingClient()).get("/article-1/")).get_text()


def facts() -> list[str]:
    """Return the types of all recorded events."""
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


# --- writing first -----------------------------------------------------------------------------------------------


def test_who_writes_first_reads_where_the_mail_went_also_after_a_reload(client: CheckingClient) -> None:
    response = write(client)
    sentence = f"We sent a mail to {ADA}; your comment appears when you press its button."
    assert sentence in follow(client, response).get_text()
    held = soup(client.get("/-/comments/me/?thread=article:1", headers=FRAGMENT)).select_one("article.comment")
    assert held is not None
    assert sentence in held.get_text()
    assert sentence in soup(client.get("/-/comments/mine/")).get_text()
    assert "I was there." not in public_text()


def test_with_script_the_piece_says_it_and_announces_it(client: CheckingClient) -> None:
    piece = soup(write(client, script=True))
    count = piece.select_one("[data-announce]")
    assert count is not None
    assert count["data-announce"] == f"We sent a mail to {ADA}; your comment appears when you press its button."
    assert count.get_text() == "0 comments"


def test_without_an_address_the_form_says_what_it_is_for(client: CheckingClient) -> None:
    response = send(client)
    assert response.status_code == 422
    error = soup(response).select_one("#c-address-error")
    assert error is not None
    assert "one mail with one button" in error.get_text()
    assert "I was there." in response.content.decode()
    field = soup(client.get("/article-1/")).select_one("#c-address")
    assert field is not None
    assert field.has_attr("required")


def test_what_waits_for_its_writer_is_not_shown_to_moderators(client: CheckingClient) -> None:
    write(client)
    assert selectors.held_count() == 0
    assert selectors.moderation_queue() == []


def test_a_member_needs_no_mail(client: CheckingClient, ben: Any) -> None:
    client.force_login(ben)
    send(client)
    assert Comment.objects.get().is_public
    assert not MailLoop.objects.exists()


def test_what_waits_can_be_changed_and_taken_back(client: CheckingClient) -> None:
    write(client)
    comment = Comment.objects.get()
    act(client, comment, "edit", text="I stood there.")
    comment.refresh_from_db()
    assert (comment.source, comment.is_unconfirmed) == ("I stood there.", True)
    path = button()
    act(client, comment, "delete")
    press(client, path)
    assert list(drift()) == []
    assert Comment.objects.get().status == "deleted"


# --- the mail ----------------------------------------------------------------------------------------------------


def test_the_mail_holds_one_link_and_nothing_that_was_typed(client: CheckingClient) -> None:
    write(client, "Buy my pumps at once", name="Pump Seller")
    path = button()
    [letter] = letters()
    assert letter["To"] == ADA
    assert links_in(letter) == [path]
    for kind in ("plain", "html"):
        assert "pump" not in part(letter, kind).lower()


def test_the_event_holds_no_address_and_heard_twice_sends_one_mail(client: CheckingClient) -> None:
    write(client)
    row = Event.objects.get(type="discussion.mail-loop-asked")
    assert set(row.payload) == {"loop_id"}
    deliver_all()
    from masthead.core.events import from_payload

    send_mail_loop(from_payload(row.type, row.payload), row.public_id)
    assert len(mail.outbox) == 1


def test_more_comments_of_one_browser_need_no_further_mail_and_one_button_lets_all_go(client: CheckingClient) -> None:
    write(client, "First.")
    write(client, "Second.")
    press(client)
    assert len(mail.outbox) == 1
    assert {row.status for row in Comment.objects.all()} == {"published"}
    assert list(drift()) == []


def test_rule_11_one_address_gets_few_mails_and_the_answer_stays_the_same(client: CheckingClient) -> None:
    replies = [write(CheckingClient(), f"Text {number}.", script=True).content.decode() for number in range(5)]
    deliver_all()
    assert len(mail.outbox) == 3
    assert all(f"We sent a mail to {ADA}" in reply for reply in replies)


def test_rule_11_one_network_can_ask_for_few_mails(client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "PROOFS_PER_NETWORK_AND_HOUR", 2)
    states = [write(client, f"Text {n}.", address=f"reader{n}@example.org").status_code for n in range(3)]
    assert states == [303, 303, 429]


def test_rule_11_known_and_unknown_addresses_are_answered_alike(client: CheckingClient) -> None:
    prove(client)
    known = write(CheckingClient(), "Again I was there.", script=True)
    unknown = write(CheckingClient(), "Again I was there.", script=True, address="new@example.org", name="Abe")
    assert known.status_code == unknown.status_code == 200
    said = [soup(reply).select_one("[data-announce]") for reply in (known, unknown)]
    assert [str(item["data-announce"]).split("; ")[1] for item in said if item] == [
        "your comment appears when you press its button."
    ] * 2


def test_the_mail_can_be_sent_again_to_the_address_it_was_for(client: CheckingClient) -> None:
    write(client)
    follow(client, client.post("/-/comments/mine/ask-again/", {"address": "victim@example.org"}))
    deliver_all()
    assert [letter["To"] for letter in letters()] == [ADA, ADA]


# --- the button --------------------------------------------------------------------------------------------------


def test_rule_2_opening_the_link_changes_nothing_only_the_button_does(client: CheckingClient) -> None:
    write(client)
    path = button()
    for _turn in range(3):
        page = soup(CheckingClient().get(path))
        CheckingClient().head(path)
    assert "I was there." in page.get_text()
    assert [form["method"] for form in page.select("main form")] == ["post"]
    assert not Guest.objects.exists()
    assert Comment.objects.get().is_unconfirmed
    press(client, path)
    assert Comment.objects.get().is_public


def test_the_button_proves_the_address_and_shows_the_comment_in_its_place(client: CheckingClient) -> None:
    write(client)
    shown = follow(client, press(client))
    comment = Comment.objects.get()
    assert shown.select_one(f"#comment-{comment.public_id}") is not None
    assert "I was there." in public_text()
    assert Guest.objects.get().address == ADA
    assert facts().count("discussion.comment-posted") == 1
    assert list(drift()) == []


def test_the_address_is_proven_once_the_next_comment_is_public_at_once(client: CheckingClient) -> None:
    prove(client)
    write(client, "And another thing.")
    assert "And another thing." in public_text()
    assert len(mail.outbox) == 1
    send(client, text="No address typed.")
    assert Comment.objects.latest("id").author_email == ADA


def test_the_browser_holds_a_signed_cookie_out_of_reach_of_scripts(client: CheckingClient, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = write(client).cookies[GUEST_COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    assert ADA not in cookie.value


def test_another_browser_gets_one_mail_again_and_then_none(client: CheckingClient) -> None:
    prove(client)
    phone = CheckingClient()
    write(phone, "From the phone.")
    assert Comment.objects.latest("id").is_unconfirmed
    press(phone)
    write(phone, "Again from the phone.")
    assert [row.status for row in Comment.objects.all()] == ["published"] * 3
    assert len(mail.outbox) == 2
    assert Guest.objects.count() == 1
    assert len(set(Comment.objects.values_list("guest", flat=True))) == 1


def test_what_was_written_in_one_browser_can_be_changed_in_the_other(client: CheckingClient) -> None:
    comment = prove(client)
    phone = CheckingClient()
    prove(phone, text="From the phone.")
    act(phone, comment, "edit", text="Changed on the phone.")
    assert Comment.objects.get(pk=comment.pk).source == "Changed on the phone."


def test_who_types_another_persons_address_gains_nothing_even_when_its_owner_presses(client: CheckingClient) -> None:
    """Rule 12: the writer's browser is trusted only when its owner says that it is his."""
    mallory, ada = CheckingClient(), client
    write(mallory, "In somebody's name.")
    path = button()
    page = soup(ada.get(path))
    box = page.select_one("input[name=trusts_writer]")
    assert box is not None
    assert not box.has_attr("checked")
    press(ada, path)
    write(mallory, "And once more.")
    assert Comment.objects.latest("id").is_unconfirmed
    assert "In somebody's name." not in soup(mallory.get("/-/comments/mine/")).get_text()


def test_who_reads_mail_on_the_phone_can_trust_the_browser_where_it_was_written(client: CheckingClient) -> None:
    write(client)
    press(CheckingClient(), trusts_writer="1")
    write(client, "No mail any more.")
    assert Comment.objects.latest("id").is_public
    assert len(mail.outbox) == 1


def test_a_button_is_pressed_once(client: CheckingClient) -> None:
    write(client)
    path = button()
    press(client, path)
    assert CheckingClient().post(path).status_code == 404
    assert CheckingClient().get(path).status_code == 404
    assert GuestBrowser.objects.count() == 1


def test_a_changed_link_is_refused(client: CheckingClient) -> None:
    write(client)
    assert client.post(button()[:-3] + "xx/").status_code == 404
    assert Comment.objects.get().is_unconfirmed


def test_rule_12_a_cookie_that_holds_an_address_proves_nothing(client: CheckingClient) -> None:
    comment = prove(client)
    forger = CheckingClient()
    for value in (ADA, Guest.objects.get().mark, Signer(salt="guessed").sign(ADA)):
        forger.cookies[GUEST_COOKIE] = value
        assert "I was there." not in soup(forger.get("/-/comments/mine/")).get_text()
        assert act(forger, comment, "edit", text="Mine now.").status_code == 403
        assert act(forger, comment, "delete").status_code == 403
        write(forger, f"As if. {value}")
        assert Comment.objects.latest("id").is_unconfirmed


def test_rule_3_others_hear_of_it_when_it_becomes_public_not_before(client: CheckingClient) -> None:
    """Rule 3: told in the transaction that makes it public, and no address of ours takes a recipient."""
    write(client)
    assert "discussion.comment-posted" not in facts()
    press(client)
    assert facts().count("discussion.comment-posted") == 1


# --- the gate, again ---------------------------------------------------------------------------------------------


def test_what_is_confirmed_goes_through_the_gate_as_if_it_were_sent_now(client: CheckingClient) -> None:
    write(client, "See https://pumps.example/")
    shown = follow(client, press(client))
    comment = Comment.objects.get()
    assert (comment.status, comment.hold_reason) == ("held", "links")
    assert "Only you see this until an editor has read it." in shown.get_text()
    assert selectors.held_count() == 1


def test_spam_and_a_filled_trap_bring_no_mail(client: CheckingClient, scorer: FakeSpamScorer) -> None:
    write(client, website="https://spam.example")
    scorer.verdict = Verdict("spam", "words")
    write(client, "Cheap pumps.")
    deliver_all()
    assert mail.outbox == []
    assert [row.status for row in Comment.objects.order_by("id")] == ["held", "spam"]


def test_what_became_spam_meanwhile_stays_unseen(client: CheckingClient, scorer: FakeSpamScorer) -> None:
    write(client)
    scorer.verdict = Verdict("spam", "words")
    press(client)
    assert Comment.objects.get().status == "spam"
    assert "I was there." not in public_text()


def test_who_waits_for_a_mail_in_vain_is_shown_where_to_ask_again(client: CheckingClient) -> None:
    held = follow(client, write(client)).select_one(".held a")
    assert held is not None
    page = soup(client.get(str(held["href"])))
    assert page.select_one("form[action='/-/comments/mine/ask-again/']") is not None


def test_an_answer_whose_question_has_gone_meanwhile_waits_for_a_person(client: CheckingClient) -> None:
    parent = make_comment()
    write(client, reply_to=parent.public_id)
    Comment.objects.filter(pk=parent.pk).update(status="removed")
    press(client)
    assert Comment.objects.latest("id").hold_reason == "parent"


def test_votes_of_the_browser_become_the_guests_and_count_once(client: CheckingClient) -> None:
    first, second = make_comment(), make_comment(text="Another.")
    phone = CheckingClient()
    for browser in (client, phone):
        act(browser, first, "vote", value="up")
    act(phone, second, "vote", value="up")
    prove(client)
    prove(phone, text="From the phone.")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.score, second.score) == (1, 1)
    assert set(Vote.objects.values_list("voter", flat=True)) == {f"g:{Guest.objects.get().mark}"}
    assert list(drift()) == []


# --- afterwards --------------------------------------------------------------------------------------------------


def test_what_was_never_confirmed_is_erased_after_two_weeks(client: CheckingClient) -> None:
    write(client)
    prove(CheckingClient(), address="ben@example.org", name="Ben", text="Proven.")
    with frozen(now() + timedelta(days=15)):
        assert forget_unconfirmed() == 1
        assert forget_unconfirmed() == 0
    assert [row.source for row in Comment.objects.all()] == ["Proven."]
    assert not MailLoop.objects.exists()
    assert list(drift()) == []


def test_a_browser_can_be_let_forget_the_guest(client: CheckingClient) -> None:
    prove(client)
    assert ADA in soup(client.get("/-/comments/mine/")).get_text()
    follow(client, client.post("/-/comments/mine/leave/"))
    write(client, "Who am I?")
    assert Comment.objects.latest("id").is_unconfirmed


def test_the_form_of_who_is_known_is_filled_in_by_the_personal_fetch(client: CheckingClient) -> None:
    prove(client)
    who = soup(client.get("/-/comments/me/?thread=article:1", headers=FRAGMENT)).select_one("[data-replaces='#c-who']")
    assert who is not None
    assert [field["value"] for field in who.select("input[name=name], input[name=address]")] == ["Ada", ADA]
    assert ADA not in client.get("/article-1/").content.decode()


def test_who_proved_an_address_is_called_verified_and_others_are_not(
    client: CheckingClient, subjects: FakeSubjectDirectory
) -> None:
    make_comment(name="Imported Reader")
    prove(client)
    page: BeautifulSoup = soup(CheckingClient().get("/article-1/"))
    roles = {str(item.select_one("b").get_text()): item.select_one(".role") for item in page.select(".comment-head")}  # type: ignore[union-attr]
    assert roles["Imported Reader"] is None
    assert roles["Ada"] is not None
    assert roles["Ada"].get_text() == "Verified"

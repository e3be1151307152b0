"""News of a comment reaches each person who asked, once, and nobody else."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.core import mail

from masthead.core import clock
from masthead.notifications import services
from masthead.notifications.events import DeliveryQueued
from masthead.notifications.models import Delivery, Recipient, Subscription
from masthead.notifications.ports import CommentNews, Topic
from masthead.notifications.rules.kinds import concerns, widest
from masthead.notifications.testing import FakeDirectory, make_subscription
from masthead.outbox import claims, worker
from masthead.outbox.errors import Gone, Retry
from masthead.outbox.models import Delivery as OutboxDelivery
from masthead.outbox.testing import deliver_all
from tests.client import CheckingClient
from tests.letters import Server, letters, links_in, part
from tests.notifications.conftest import TOPIC, Posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
NOON = datetime(2025, 11, 22, 12, tzinfo=UTC)


def tell(comment_id: str = "c2", event_id: str = "event-1") -> None:
    services.notify_of_comments([(Posted(comment_id), event_id)])
    deliver_all()


def told() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def test_follow_up_and_reply_subscribers_are_told_and_the_writer_is_not() -> None:
    make_subscription(address="ada@example.org", kind="replies")
    make_subscription(address="ben@example.org", kind="all")
    make_subscription(address="cat@example.org", kind="all")
    make_subscription(address="dan@example.org", kind="replies")
    make_subscription(address="eve@example.org", is_confirmed=False)
    make_subscription(address="fay@example.org", topic="thread:other")
    tell()
    assert told() == ["ada@example.org", "cat@example.org"]


def test_the_same_event_heard_twice_sends_one_mail_per_address() -> None:
    make_subscription(address="ada@example.org")
    tell()
    tell()
    assert told() == ["ada@example.org"]
    tell(event_id="event-2")
    assert len(told()) == 2


def test_a_person_who_subscribed_between_two_runs_is_still_told() -> None:
    make_subscription(address="ada@example.org")
    tell()
    make_subscription(address="cat@example.org")
    tell()
    assert told() == ["ada@example.org", "cat@example.org"]


def test_a_message_heard_twice_is_sent_once() -> None:
    make_subscription(address="ada@example.org")
    tell()
    services.deliver(DeliveryQueued(Delivery.objects.get().public_id), "event-9")
    assert len(mail.outbox) == 1


def test_a_comment_that_is_not_public_is_no_news(directory: FakeDirectory) -> None:
    make_subscription(address="ada@example.org")
    tell("held")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("what", ["comment removed", "story withdrawn", "unsubscribed", "address refused"])
def test_what_changed_between_the_news_and_the_mail_is_respected(directory: FakeDirectory, what: str) -> None:
    row = make_subscription(address="ada@example.org")
    services.notify_of_comments([(Posted("c2"), "event-1")])
    if what == "comment removed":
        directory.news.clear()
    elif what == "story withdrawn":
        directory.topics.clear()
    elif what == "unsubscribed":
        Subscription.objects.all().delete()
    else:
        Recipient.objects.filter(pk=row.recipient_id).update(refused_at=NOON)
    deliver_all()
    assert not mail.outbox
    assert Delivery.objects.get().outcome == Delivery.Outcome.DROPPED
    assert OutboxDelivery.objects.get().status == OutboxDelivery.Status.DONE


def test_a_request_given_up_before_its_mail_left_sends_none() -> None:
    services.subscribe(topic=TOPIC, kind="all", address="ada@example.org")
    Subscription.objects.all().delete()
    deliver_all()
    assert not mail.outbox


def test_the_mail_has_both_parts_working_links_and_the_headers_of_a_good_sender(
    smtp: Server, client: CheckingClient
) -> None:
    make_subscription(address="ada@example.org", kind="replies")
    tell()
    [(recipient, letter)] = smtp.accepted
    row = Delivery.objects.get()
    assert recipient == letter["To"] == "ada@example.org"
    assert letter["Subject"] == "Ben replied to you on “The pumps”"
    assert letter["Message-ID"] == f"<{row.public_id}@testserver>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["References"] == "<thread.story@testserver>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter["List-Unsubscribe"].strip()
    assert stop.startswith("<http://testserver/-/notify/unsubscribe/")
    assert "> Then say so." in part(letter, "plain")
    assert "<p>Then say so.</p>" in part(letter, "html")
    for text in (part(letter, "plain"), part(letter, "html")):
        assert "http://testserver/c/c2/" in text
        assert "<img" not in text, "nothing in a mail watches its reader"
    for path in links_in(letter):
        if path.startswith("/-/"):
            assert client.get(path).status_code == 200
    assert client.post(stop.strip("<>").removeprefix("http://testserver")).status_code == 200
    assert not Subscription.objects.exists()


HOSTILE = "Ben\r\nBcc: all@example.org\u2028\u202e<b>x</b>" + "y" * 300


def test_a_hostile_name_title_and_text_stay_plain_words(smtp: Server, directory: FakeDirectory) -> None:
    directory.topics[TOPIC] = Topic("Pumps\n\nContent-Type: text/html", "/pumps/")
    text = "<script>alert(1)</script>\n-- \nStop mails: http://evil.example\n{{ site.url }}"
    directory.news["c2"] = CommentNews(TOPIC, HOSTILE, text, "/c/c2/", author_address="x@example.org")
    make_subscription(address="ada@example.org")
    tell()
    [(_, letter)] = smtp.accepted
    assert letter["Bcc"] is None
    assert [key for key in letter if key.lower() == "content-type"] == ["Content-Type"]
    assert "\n" not in letter["Subject"]
    assert "\u202e" not in letter["Subject"]
    assert len(letter["Subject"]) <= 180
    plain, html = part(letter, "plain"), part(letter, "html")
    assert "\n> Stop mails: http://evil.example" in plain
    assert "> {{ site.url }}" in plain
    assert "<script>" in plain
    assert "<script>" not in html
    assert "<b>x</b>" not in html


def test_a_long_comment_is_shortened(directory: FakeDirectory) -> None:
    directory.news["c2"] = CommentNews(TOPIC, "Ben", "word " * 5000, "/c/c2/")
    make_subscription(address="ada@example.org")
    tell()
    assert len(part(letters()[0], "plain")) < 3000


def test_a_refusal_for_now_is_followed_by_success_and_one_mail(smtp: Server) -> None:
    smtp.at_recipient = ["451 greylisted"]
    smtp.at_data = ["452 busy"]
    make_subscription(address="ada@example.org")
    moment = NOON
    with clock.frozen(moment):
        services.notify_of_comments([(Posted("c2"), "event-1")])
    reasons = []
    for _ in range(3):
        with clock.frozen(moment):
            assert worker.run_pending() == 1
        reasons.append(OutboxDelivery.objects.get().last_error)
        moment += timedelta(minutes=10)
    assert reasons == ["SMTP 451 for the address", "SMTP 452 for the message", ""]
    assert [recipient for recipient, _ in smtp.accepted] == ["ada@example.org"]


def test_an_address_refused_for_good_gets_nothing_until_it_is_proven_anew(smtp: Server, client: CheckingClient) -> None:
    make_subscription(address="ada@example.org")
    smtp.at_recipient = ["550 no such person"]
    tell()
    assert Recipient.objects.get().refused_at is not None
    assert Delivery.objects.get().reason == "SMTP 550 for the address"
    tell(event_id="event-2")
    assert Delivery.objects.count() == 1
    services.subscribe(topic="thread:other", kind="all", address="ada@example.org")
    deliver_all()
    confirm = next(path for path in links_in(smtp.accepted[0][1]) if "/confirm/" in path)
    client.post(confirm)
    tell(event_id="event-3")
    assert [letter["Subject"] for _, letter in smtp.accepted][1:] == ["Ben replied to you on “The pumps”"]


def test_a_full_mailbox_is_tried_again(smtp: Server) -> None:
    make_subscription(address="ada@example.org")
    smtp.at_recipient = ["552 mailbox full"]
    tell()
    assert OutboxDelivery.objects.get().last_error == "SMTP 552 for the address"
    assert Recipient.objects.get().refused_at is None


def test_a_message_refused_for_good_is_dropped_but_the_address_is_kept(
    smtp: Server, caplog: pytest.LogCaptureFixture
) -> None:
    make_subscription(address="ada@example.org")
    smtp.at_data = ["554 looks like spam"]
    tell()
    assert Delivery.objects.get().reason == "SMTP 554 for the message"
    assert Recipient.objects.get().refused_at is None
    assert "554" in caplog.text
    assert "ada@example.org" not in caplog.text, "logs hold ids, not addresses"


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (smtplib.SMTPSenderRefused(550, b"who are you", "site"), "SMTP 550 for this site"),
        (ConnectionRefusedError(), "the mail server does not answer: ConnectionRefusedError"),
    ],
)
def test_a_fault_of_the_site_is_never_the_readers(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception, reason: str
) -> None:
    def fails(letter: object) -> None:
        raise trouble

    make_subscription(address="ada@example.org")
    services.notify_of_comments([(Posted("c2"), "event-1")])
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fails)
    with pytest.raises(Retry, match=reason):
        services.deliver(DeliveryQueued(Delivery.objects.get().public_id), "x")
    assert Delivery.objects.get().outcome == Delivery.Outcome.WAITING


def test_a_worker_killed_after_the_server_said_yes_repeats_the_same_message_id(
    smtp: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: between two systems nothing better exists; mail programs drop a repeated Message-ID."""

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    make_subscription(address="ada@example.org")
    with clock.frozen(NOON):
        services.notify_of_comments([(Posted("c2"), "event-1")])
        with monkeypatch.context() as patch:
            patch.setattr(import_module("masthead.notifications.services.deliver"), "_finish", die)
            with pytest.raises(Killed):
                worker.run_pending()
    with clock.frozen(NOON + claims.CLAIM_TIME):
        deliver_all()
    assert len({letter["Message-ID"] for _, letter in smtp.accepted}) == 1


def test_a_refusal_is_told_to_the_worker(smtp: Server) -> None:
    make_subscription(address="ada@example.org")
    services.notify_of_comments([(Posted("c2"), "event-1")])
    smtp.at_recipient = ["550 no"]
    with pytest.raises(Gone):
        services.deliver(DeliveryQueued(Delivery.objects.get().public_id), "x")


def test_a_hundred_subscribers_cost_no_more_queries_than_one(django_assert_max_num_queries: object) -> None:
    for number in range(100):
        make_subscription(address=f"a{number}@example.org")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        services.notify_of_comments([(Posted("c2"), "event-1")])
    assert Delivery.objects.count() == 100


def test_widening_is_the_same_from_either_side() -> None:
    assert widest("all", "replies") == widest("replies", "all") == "all"
    assert widest("replies", "replies") == "replies"


def test_nobody_is_told_of_their_own_words_even_in_answer_to_themselves() -> None:
    mine = {"author_address": "a@x.org", "ancestor_addresses": frozenset({"a@x.org"})}
    assert not concerns("replies", address="a@x.org", **mine)  # type: ignore[arg-type]
    assert not concerns("all", address="a@x.org", **mine)  # type: ignore[arg-type]

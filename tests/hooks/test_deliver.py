"""One message to one receiver: signed, once taken, tried again until then, and ended when it is of no use."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from email.utils import format_datetime
from hashlib import sha256
from hmac import digest

import pytest
from django.core import mail
from django.db import transaction

from masthead.accounts.models import User
from masthead.core.clock import frozen, now
from masthead.hooks import selectors, services
from masthead.hooks.errors import OnItsWay
from masthead.hooks.models import Act, Delivery, Hook, Secret
from masthead.hooks.rules import signing
from masthead.outbox import worker
from masthead.outbox.models import Delivery as Queued
from masthead.outbox.testing import deliver_all
from tests.hooks.conftest import NOON, Add, bell
from tests.hooks.receiver import Got, Receiver

pytestmark = pytest.mark.django_db


def signs(secret: str, got: Got) -> str:
    """Return what a receiver computes: written here apart from the product, after the specification's words."""
    content = got.headers["webhook-id"].encode() + b"." + got.headers["webhook-timestamp"].encode() + b"." + got.body
    key = b64decode(secret.removeprefix("whsec_"))
    return "v1," + b64encode(digest(key, content, sha256)).decode()


def test_a_message_arrives_signed_with_id_time_and_body(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    with frozen(NOON):
        services.tell([bell(key="k3v9")])
        deliver_all()
    (got,) = receiver.got
    assert got.id == "msg_k3v9"
    assert got.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert got.headers["webhook-signature"] == signs(Secret.objects.get(hook=hook).text, got)
    assert got.headers["Content-Type"] == "application/json"
    assert json.loads(got.body) == {
        "id": "msg_k3v9",
        "type": "goal.changed",
        "version": 1,
        "timestamp": "2026-11-26T12:00:00.000Z",
        "live": True,
        "data": {"campaign": "harbour", "goal_minor": 500_000},
    }
    row = Delivery.objects.get()
    assert (row.state, row.status, row.tries) == ("done", 204, 1)
    assert row.took_ms is not None


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example of the reference libraries' own tests: what they accept, ours must make."""
    made = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_sign_for_a_day_after_a_rotation(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    former = Secret.objects.get().text
    with frozen(NOON):
        new = services.rotate_secret(hook=hook, by=None)
        services.tell([bell()])
        deliver_all()
    with frozen(NOON + timedelta(hours=25)):
        services.tell([bell()])
        deliver_all()
        services.forget_old()
    first, second = receiver.got
    assert first.headers["webhook-signature"].split() == [signs(new, first), signs(former, first)]
    assert second.headers["webhook-signature"].split() == [signs(new, second)]
    assert [row.text for row in Secret.objects.all()] == [new], "what signs no more is forgotten"


def test_a_second_rotation_within_the_day_leaves_no_receiver_behind(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    for _time in range(2):
        services.rotate_secret(hook=hook, by=None)
    services.tell([bell()])
    deliver_all()
    assert len(receiver.got[0].headers["webhook-signature"].split()) == 3


def test_what_was_told_once_is_not_told_twice(add: Add, receiver: Receiver) -> None:
    add(receiver)
    services.tell([bell(key="one")])
    services.tell([bell(key="one"), bell(key="two")])
    deliver_all()
    assert sorted(got.id for got in receiver.got) == ["msg_one", "msg_two"]


def test_each_receiver_is_told_what_it_asked_for(add: Add, receiver: Receiver) -> None:
    add(receiver, types=["gift.recorded"])
    add(receiver, types=["goal.changed", "gift.recorded"])
    services.tell([bell(type_="goal.changed", key="g"), bell(type_="gift.recorded", key="r")])
    deliver_all()
    assert sorted(got.id for got in receiver.got) == ["msg_g", "msg_r", "msg_r"]


def test_l7_rehearsals_go_to_those_who_asked_for_them_and_nothing_else_does(add: Add, receiver: Receiver) -> None:
    real, rehearsal = add(receiver), add(receiver, is_live=False)
    services.tell([bell(key="real"), bell(key="play", is_live=False)])
    deliver_all()
    assert [row.message_id for row in real.deliveries.all()] == ["msg_real"]
    assert [row.message_id for row in rehearsal.deliveries.all()] == ["msg_play"]
    assert {got.id: json.loads(got.body)["live"] for got in receiver.got} == {"msg_real": True, "msg_play": False}


def test_nothing_is_kept_for_a_receiver_that_is_switched_off(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    services.tell([bell()])
    services.switch(hook=hook, on=False, by=None)
    services.tell([bell()])
    deliver_all()
    assert receiver.got == []
    assert [row.state for row in Delivery.objects.all()] == ["dropped"]


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_any_other_answer_is_a_failure_and_tried_again_with_the_same_id_and_body(
    add: Add, receiver: Receiver, status: int
) -> None:
    add(receiver)
    receiver.answers = [(status, {"Location": receiver.address})]
    with frozen(NOON):
        services.tell([bell()])
        worker.run_pending()
    assert len(receiver.got) == 1, "no redirect is followed"
    row = Delivery.objects.get()
    assert (row.state, row.status, row.answer) == ("waiting", status, f"it says <b>{status}")
    with frozen(NOON + timedelta(seconds=10)):
        worker.run_pending()
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert Delivery.objects.get().state == "done"
    assert Hook.objects.get().failing_since is None


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured_for_all_that_waits_for_that_receiver(
    add: Add, receiver: Receiver, as_date: bool
) -> None:
    add(receiver)
    until = NOON + timedelta(minutes=20)
    receiver.answers = [(429, {"Retry-After": format_datetime(until, usegmt=True) if as_date else "1200"})]
    with frozen(NOON):
        services.tell([bell(key="a"), bell(key="b")])
        worker.run_pending()
        services.tell([bell(key="c")])
    with frozen(until - timedelta(seconds=1)):
        assert worker.run_pending() == 0
    with frozen(until):
        deliver_all()
    assert len(receiver.got) == 4
    assert {got.id for got in receiver.got} == {"msg_a", "msg_b", "msg_c"}


def test_a_wait_beyond_all_measure_is_cut_to_a_day(add: Add, receiver: Receiver) -> None:
    add(receiver)
    receiver.answers = [(503, {"Retry-After": "99999999999999"})]
    with frozen(NOON):
        services.tell([bell()])
        worker.run_pending()
    assert Hook.objects.get().rests_until == NOON + timedelta(days=1)


def test_a_dead_receiver_costs_one_request_for_all_that_waits(add: Add, receiver: Receiver) -> None:
    add(receiver)
    receiver.answers = [503] * 5
    with frozen(NOON):
        services.tell([bell() for _ in range(5)])
        deliver_all()
    assert len(receiver.got) == 1
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 0, 0, 1]


def test_410_switches_off_and_writes_to_the_newsroom_once(add: Add, receiver: Receiver, don: User) -> None:
    hook = add(receiver, by=don)
    receiver.answers = [410] * 3
    services.tell([bell() for _ in range(3)])
    deliver_all()
    assert Hook.objects.get().state == "gone"
    assert len(receiver.got) == 1
    assert sorted(row.state for row in Delivery.objects.all()) == ["dropped", "dropped", "failed"]
    (letter,) = mail.outbox
    assert letter.to == [don.email]
    assert receiver.address in str(letter.body)
    assert f"/admin/webhooks/{hook.public_id}/" in str(letter.body)


def test_after_three_days_of_nothing_but_failures_it_is_switched_off_with_one_mail(
    add: Add, receiver: Receiver, don: User
) -> None:
    add(receiver, by=don)
    receiver.answers = [500] * 1000
    moment = NOON
    while moment <= NOON + timedelta(days=3, hours=7):
        with frozen(moment):
            services.tell([bell()])
            deliver_all(rounds=30)
        if moment < NOON + timedelta(days=3):
            assert Hook.objects.get().state == "on"
            assert mail.outbox == []
        moment += timedelta(hours=6)
    assert Hook.objects.get().state == "failing"
    assert len(mail.outbox) == 1
    assert "three days" in str(mail.outbox[0].body)
    assert Act.objects.filter(what="stopped").count() == 1
    assert not Delivery.objects.filter(state="waiting").exists()


def test_one_success_begins_the_count_of_days_anew(add: Add, receiver: Receiver) -> None:
    add(receiver)
    receiver.answers = [500, 204, 500]
    for days in (0, 2, 4):
        with frozen(NOON + timedelta(days=days)):
            services.tell([bell(key=str(days))])
            worker.run_pending(1)
            deliver_all()
    assert Hook.objects.get().state == "on"


def test_failures_far_apart_are_no_row_of_days(add: Add, receiver: Receiver) -> None:
    """A month's one message that fails at first does not switch off what failed at the last month's."""
    add(receiver)
    hook = Hook.objects.get()
    Hook.objects.update(failures=16, failing_since=NOON - timedelta(days=31), failed_at=NOON - timedelta(days=30))
    receiver.answers = [500]
    with frozen(NOON):
        services.tell([bell()])
        worker.run_pending()
    hook.refresh_from_db()
    assert (hook.state, hook.failing_since) == ("on", NOON)


def test_after_its_last_try_a_message_is_given_up_and_shown(add: Add, receiver: Receiver) -> None:
    add(receiver)
    receiver.answers = [500] * 16
    moment = NOON
    with frozen(moment):
        services.tell([bell()])
    for _try in range(16):
        with frozen(moment):
            worker.run_pending()
            services.switch(hook=Hook.objects.get(), on=True, by=None)
            Hook.objects.update(failing_since=None)
        moment += timedelta(hours=6)
    assert len(receiver.got) == 16
    assert Delivery.objects.get().state == "failed"
    assert not Queued.objects.filter(status="failed").exists(), "the outbox has done what it could"


def test_one_is_sent_again_with_its_id_and_only_once_at_a_time(add: Add, receiver: Receiver) -> None:
    add(receiver)
    services.tell([bell(key="k")])
    deliver_all()
    row = Delivery.objects.select_related("hook").get()
    services.send_again(delivery=row, by=None)
    with pytest.raises(OnItsWay):
        services.send_again(delivery=row, by=None)
    deliver_all()
    assert [got.id for got in receiver.got] == ["msg_k", "msg_k"]


def test_all_that_was_not_taken_since_is_sent_again(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    for hours, state in ((50, "failed"), (5, "failed"), (4, "dropped"), (3, "done"), (2, "waiting")):
        message = f"msg_{hours}"
        told_at = now() - timedelta(hours=hours)
        Delivery.objects.create(hook=hook, message_id=message, type="a.b", body="{}", state=state, told_at=told_at)
    assert services.send_all_again(hook=hook, since=now() - timedelta(days=1), by=None) == 2
    deliver_all()
    assert sorted(got.id for got in receiver.got) == ["msg_4", "msg_5"]


def test_a_test_message_reaches_a_receiver_that_is_switched_off(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    services.switch(hook=hook, on=False, by=None)
    services.send_test(hook=hook, by=None)
    deliver_all()
    assert json.loads(receiver.got[0].body)["type"] == "hook.tested"


def test_a_receiver_inside_the_network_is_not_spoken_to_unless_the_site_says_so(receiver: Receiver, db: None) -> None:
    hook = Hook.objects.create(address=receiver.address.replace("http:", "https:"), types=["*"])
    Secret.objects.create(hook=hook, text=signing.new_secret())
    services.tell([bell()])
    worker.run_pending()
    assert receiver.got == []
    assert Delivery.objects.get().trouble == "inside"


def test_deliveries_are_forgotten_after_thirty_days(add: Add, receiver: Receiver) -> None:
    hook = add(receiver)
    for days in (31, 29):
        Delivery.objects.create(
            hook=hook, message_id=f"msg_{days}", type="a.b", body="{}", told_at=now() - timedelta(days=days)
        )
    assert services.forget_old() == 1
    assert [row.message_id for row in Delivery.objects.all()] == ["msg_29"]


def test_the_list_costs_the_same_however_much_was_sent(
    add: Add, receiver: Receiver, django_assert_num_queries: object
) -> None:
    for _time in range(3):
        hook = add(receiver)
        for number in range(20):
            Delivery.objects.create(hook=hook, message_id=f"msg_{number}", type="a.b", body="{}", tried_at=now())
    with django_assert_num_queries(2):  # type: ignore[operator]
        rows = selectors.hook_rows()
    assert [(row.waiting, row.failed) for row in rows] == [(20, 0)] * 3


def test_a_rolled_back_telling_is_none(add: Add, receiver: Receiver) -> None:
    add(receiver)
    with transaction.atomic():
        services.tell([bell()])
        transaction.set_rollback(True)
    deliver_all()
    assert receiver.got == []

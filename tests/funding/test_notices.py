"""What every processor tells, whoever it is: believed by its signature, kept first, worked on later (W1 to W6, W11)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from masthead.funding import providers
from masthead.funding.events import ProviderTold
from masthead.funding.models import Gift, Held, Journal, Payment, ProviderEvent, Recurring
from masthead.funding.providers import ready_providers
from masthead.funding.services import hear_provider
from masthead.simulator.testing import RunningSimulator
from tests.client import CheckingClient
from tests.funding.noticing import WAYS, Told, Way, given
from tests.funding.rehearsing import raised, work

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    """One processor that tells."""
    found: Way = request.param
    return found


@pytest.fixture
def simulator(way: Way, tmp_path: Path) -> Iterator[RunningSimulator]:
    """A simulator, and this site rehearsing with the processor on it."""
    with way.rehearsal(tmp_path) as found:
        yield found


@pytest.fixture
def told(way: Way, simulator: RunningSimulator) -> Told:
    """One notification about a gift that waits, as it would be sent."""
    way.give(simulator)
    return simulator.waiting()[-1]


def untouched() -> bool:
    """Tell whether nothing was kept."""
    return not ProviderEvent.objects.exists() and not Journal.objects.exists()


def test_every_processor_that_tells_keeps_this_contract() -> None:
    folders = Path(str(providers.__file__)).parent.glob("*/provider.py")
    assert sorted(WAYS) == sorted(path.parent.name for path in folders)


def test_w1_a_missing_or_wrong_signature_is_refused(client: CheckingClient, way: Way, told: Told) -> None:
    for header, value in way.forged:
        forged = {**told, "headers": {**told["headers"], header: value}}
        assert way.deliver(client, forged).status_code == 400, (header, value)
    assert way.deliver(client, {**told, "headers": {}}).status_code == 400
    assert untouched()


def test_who_is_no_processor_here_is_told_so_and_nothing_is_kept(client: CheckingClient, way: Way, told: Told) -> None:
    reply = client.post("/-/payments/gold/", told["body"].encode(), content_type="application/json")
    assert (reply.status_code, reply.content.decode()) == (404, "“gold” is no way in which money is recorded here.")
    assert untouched()


def test_w1_a_signature_by_another_secret_is_refused(
    client: CheckingClient, way: Way, simulator: RunningSimulator
) -> None:
    simulator.break_webhook("wrong_signature", "*")
    way.give(simulator)
    assert way.deliver(client, simulator.waiting()[0]).status_code == 400
    assert untouched()


@pytest.mark.parametrize("seconds", [301, -60, -600])
def test_w2_a_stamp_too_old_or_from_the_future_is_refused(
    client: CheckingClient, way: Way, told: Told, seconds: int
) -> None:
    assert way.deliver(client, told, seconds=seconds).status_code == 400
    assert untouched()


def test_w2_a_stamp_of_up_to_300_seconds_is_believed(client: CheckingClient, way: Way, told: Told) -> None:
    assert way.deliver(client, told, seconds=299).status_code == 204


def test_w3_the_signature_holds_for_the_raw_bytes_only(client: CheckingClient, way: Way, told: Told) -> None:
    same = json.dumps(json.loads(told["body"]), indent=1)
    assert way.deliver(client, {**told, "body": same}).status_code == 400
    assert untouched()


def test_w4_without_a_secret_nothing_is_believed(client: CheckingClient, way: Way, told: Told) -> None:
    with given(**{way.unset: ""}):
        assert way.deliver(client, told).status_code == 503
        assert ready_providers() == []
    assert untouched()


def test_w4_the_other_mode_is_refused(client: CheckingClient, way: Way, told: Told) -> None:
    with given(**way.other_mode):
        assert way.deliver(client, told).status_code in {400, 403}
    assert untouched()


def test_l7_keys_of_a_rehearsal_take_no_real_money(way: Way, simulator: RunningSimulator) -> None:
    assert [provider.name for provider in ready_providers()] == [way.name]
    with given(mode="live"):
        assert ready_providers() == []


def test_a_signed_text_that_is_no_notification_is_refused(
    client: CheckingClient, way: Way, simulator: RunningSimulator
) -> None:
    for body in ("no JSON", "[]", "7", "null", '{"id": "X"}', _about("[]"), _about('"text"'), _about("null")):
        simulator.say(body, side=way.name)
        assert way.deliver(client, simulator.waiting()[-1]).status_code == 400, body
    assert untouched()


def _about(thing: str) -> str:
    """Return a notification, in both processors' words, that is about something impossible."""
    data = f'"data": {{"object": {thing}}}, "resource": {thing}'
    return f'{{"id": "X", "type": "charge.updated", "event_type": "PAYMENT.CAPTURE.X", "livemode": false, {data}}}'


def test_nobody_tells_in_the_name_of_a_processor_that_is_not_there(
    client: CheckingClient, way: Way, told: Told
) -> None:
    reply = client.post("/-/payments/nobody/", told["body"].encode(), content_type="application/json")
    assert reply.status_code == 404
    assert untouched()


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413)], ids=["a megabyte", "a byte more"])
def test_no_more_than_a_megabyte_is_read(client: CheckingClient, way: Way, told: Told, more: int, status: int) -> None:
    long = {**told, "body": "x" * (1024 * 1024 + more)}
    assert way.deliver(client, long).status_code == status
    assert untouched()


def test_w5_what_is_answered_is_kept_and_not_yet_worked_on(client: CheckingClient, way: Way, told: Told) -> None:
    assert way.deliver(client, told).status_code == 204
    kept = ProviderEvent.objects.get()
    assert (kept.provider, kept.body, kept.state) == (way.name, told["body"], "to_do")
    assert not Journal.objects.exists()


def test_w5_what_cannot_be_worked_on_now_is_kept_and_tried_again(
    client: CheckingClient, way: Way, simulator: RunningSimulator
) -> None:
    way.give(simulator)
    simulator.break_call("error", "*", times=99)
    way.hear(client, simulator)
    assert ProviderEvent.objects.filter(state="to_do").exists()
    assert not Journal.objects.exists()
    simulator.control("DELETE", "/rules")
    work(hours=1)
    assert raised(simulator) == 2500
    assert not ProviderEvent.objects.filter(state="to_do").exists()


def test_w6_the_same_notification_twenty_times_is_one(
    client: CheckingClient, way: Way, simulator: RunningSimulator, told: Told
) -> None:
    for _ in range(TIMES):
        assert way.deliver(client, told).status_code == 204
    assert ProviderEvent.objects.count() == 1
    way.hear(client, simulator)
    assert (raised(simulator), Gift.objects.count(), Journal.objects.count()) == (2500, 1, 1)


def test_w6_a_notification_that_the_worker_hears_again_asks_the_processor_nothing(
    client: CheckingClient, way: Way, simulator: RunningSimulator, told: Told
) -> None:
    way.hear(client, simulator)
    done = ProviderEvent.objects.filter(state="done")
    assert done.exists()
    simulator.break_call("error", "*", times=0)
    for row in done:
        hear_provider(ProviderTold(notification=row.pk, provider=way.name), "evt")
    assert not Held.objects.exists()


def test_w6_the_same_notification_twenty_times_at_once_is_one(
    client: CheckingClient, way: Way, simulator: RunningSimulator, told: Told
) -> None:
    """Whoever cannot be served at that moment is told to come again, and nothing is kept twice."""
    answers: list[int] = []
    barrier = threading.Barrier(TIMES)

    def post() -> None:
        try:
            barrier.wait(60)
            answers.append(way.deliver(CheckingClient(raise_request_exception=False), told).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(answers) == TIMES
    assert 204 in answers
    assert set(answers) <= {204, 500, 503}
    assert ProviderEvent.objects.count() == 1
    way.hear(client, simulator)
    assert (raised(simulator), Gift.objects.count(), Journal.objects.count()) == (2500, 1, 1)


def test_w11_foreign_objects_and_unknown_kinds_change_nothing(
    client: CheckingClient, way: Way, simulator: RunningSimulator
) -> None:
    way.foreign(client, simulator)
    assert not Payment.objects.exists()
    assert not Recurring.objects.exists()
    assert not Journal.objects.exists()
    assert ProviderEvent.objects.filter(state="unknown").exists()
    assert not ProviderEvent.objects.filter(state="to_do").exists()

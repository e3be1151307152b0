"""The live stream, driven as a server drives it: what is told to whom, what is refused, and how a stream ends."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from masthead.edge import hub as hubs
from masthead.edge.hub import Full, Hub, Message, Stream, message
from masthead.edge.live import BadQuestion, Limits, client_of, read_question
from tests.edge.reader import MOMENT, THREAD, Reader


def comment(number: int, topic: str = THREAD, **more: object) -> Message:
    """Return a message about a comment."""
    return message(number, topic, "comment", {"comment": f"c{number}", **more})


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story in a loop and a thread of its own: browser tests leave a loop running in the main one."""

    async def all_of_it() -> None:
        await story()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, all_of_it()).result()


async def settle(hub: Hub, count: int) -> None:
    """Let the loop run until so many streams are open."""
    async with asyncio.timeout(MOMENT):
        while len(hub) != count:
            await asyncio.sleep(0)


def test_a_message_reaches_the_streams_of_its_topic_and_no_other() -> None:
    async def story() -> None:
        hub = Hub()
        here, elsewhere, both = (
            Reader().ask(hub),
            Reader("topic=thread:article:2").ask(hub),
            Reader(f"topic=meter&topic={THREAD}").ask(hub),
        )
        await settle(hub, 3)
        hub.publish(comment(5))
        hub.publish(message(6, "thread:article:2", "vote", {"comment": "x", "score": 2}))
        await here.hears('id: 5\nevent: comment\ndata: {"id":5,"topic":"thread:article:1"')
        await both.hears("id: 5\n")
        await elsewhere.hears("event: vote")
        assert "id: 6" not in here.body
        assert "id: 5" not in elsewhere.body

    run(story)


def test_a_stream_begins_with_its_type_and_the_time_after_which_to_come_back() -> None:
    async def story() -> None:
        reader = Reader().ask(Hub())
        await reader.hears("retry: ")
        assert reader.status == 200
        assert reader.headers["content-type"].startswith("text/event-stream")
        assert reader.headers["cache-control"] == "no-store"
        assert "reset" not in reader.body

    run(story)


def test_a_message_from_another_thread_arrives() -> None:
    async def story() -> None:
        hub = Hub()
        reader = Reader().ask(hub)
        await settle(hub, 1)
        await asyncio.to_thread(hub.publish, comment(9))
        await reader.hears("id: 9\n")

    run(story)


@pytest.mark.parametrize("asked", [{"last_event_id": "2"}, {"query": f"topic={THREAD}&since=2"}])
def test_who_comes_back_is_told_what_was_missed(asked: dict[str, str]) -> None:
    async def story() -> None:
        clock = Clock()
        hub = Hub(clock=clock)
        for number in (1, 2):
            hub.publish(comment(number))
        clock.now += 60
        hub.publish(comment(3, "meter"))
        hub.publish(comment(4))
        reader = Reader(**asked).ask(hub)
        await reader.hears("id: 4\n")
        assert "id: 2\n" not in reader.body
        assert "id: 3\n" not in reader.body
        assert "reset" not in reader.body

    run(story)


def test_what_other_processes_heard_in_another_order_is_told_again() -> None:
    clock = Clock()
    hub = Hub(clock=clock)
    for number in (10, 9, 11):
        hub.publish(comment(number))
    missed = hub.missed([THREAD], last_id=10)
    assert [item.id for item in missed.messages] == [9, 11]


@pytest.mark.parametrize("last", ["1", "3"])
def test_who_was_away_for_too_long_is_told_to_ask_how_things_stand(last: str) -> None:
    async def story() -> None:
        hub = Hub(remembered=4)
        for number in range(2, 9):
            hub.publish(comment(number))
        reader = Reader(last_event_id=last).ask(hub)
        await reader.hears("event: reset")
        assert "id: 8\nevent: reset" in reader.body, "the next time it comes back from here"

    run(story)


def test_who_knows_a_message_of_before_this_process_is_told_to_ask() -> None:
    assert not Hub().missed([THREAD], last_id=7).is_complete


def test_a_first_visit_is_told_what_happened_since_its_page_was_made() -> None:
    clock = Clock()
    hub = Hub(clock=clock)
    clock.now += 100
    hub.publish(comment(1))
    clock.now += 10
    hub.publish(comment(2))
    clock.now += 2
    missed = hub.missed([THREAD], last_id=None, age_seconds=5)
    assert ([item.id for item in missed.messages], missed.is_complete) == ([2], True)
    assert not hub.missed([THREAD], last_id=None, age_seconds=500).is_complete, "older than this process"


def test_polling_is_told_the_same_at_once() -> None:
    async def story() -> None:
        hub = Hub()
        hub.publish(comment(1))
        hub.publish(comment(2))
        reader = Reader(f"topic={THREAD}&since=1", accept="application/json").ask(hub)
        await reader.ends()
        told = json.loads(reader.body)
        assert (told["id"], told["reset"]) == (2, False)
        assert told["messages"][-1] == {"id": 2, "topic": THREAD, "kind": "comment", "comment": "c2"}
        assert len(hub) == 0

    run(story)


def test_all_streams_get_a_sign_of_life() -> None:
    async def story() -> None:
        hub = Hub()
        readers = [Reader().ask(hub) for _ in range(3)]
        await settle(hub, 3)
        for _ in range(hubs.HEARTBEAT_SECONDS):
            hub.beat()
        for reader in readers:
            await reader.hears("\n:\n\n")
            assert reader.body.count(":\n\n") == 1

    run(story)


def test_a_full_house_says_when_to_try_again() -> None:
    async def story() -> None:
        hub, limits = Hub(), Limits(streams=1)
        Reader().ask(hub, limits)
        await settle(hub, 1)
        late = Reader(address="198.51.100.1").ask(hub, limits)
        await late.ends()
        assert late.status == 503
        assert int(late.headers["retry-after"]) > 0

    run(story)


def test_one_network_holds_no_more_than_its_share() -> None:
    async def story() -> None:
        hub, limits = Hub(), Limits(per_address=2)
        first, _second = (Reader(address=f"192.0.2.{end}").ask(hub, limits) for end in (1, 200))
        await settle(hub, 2)
        third = Reader(address="192.0.2.3").ask(hub, limits)
        await third.ends()
        assert third.status == 503
        Reader(address="198.51.100.1").ask(hub, limits)
        await settle(hub, 3)
        first.gone.set()
        await settle(hub, 2)
        Reader(address="192.0.2.3").ask(hub, limits)
        await settle(hub, 3)

    run(story)


def test_a_share_of_none_is_unlimited() -> None:
    async def story() -> None:
        hub = Hub()
        for _ in range(5):
            Reader().ask(hub, Limits(per_address=0))
        await settle(hub, 5)

    run(story)


def test_a_browser_that_went_away_is_forgotten() -> None:
    async def story() -> None:
        hub = Hub()
        reader = Reader().ask(hub)
        await settle(hub, 1)
        reader.gone.set()
        await reader.ends()
        assert len(hub) == 0

    run(story)


def test_who_does_not_read_is_dropped_and_not_waited_for() -> None:
    async def story() -> None:
        hub = Hub()
        slow, other = Reader().ask(hub), Reader().ask(hub)
        await slow.hears("retry")
        slow.takes.clear()
        size = len(comment(0, text="x" * 1_000).encoded)
        for number in range(hubs.LONGEST_QUEUE_BYTES // size + 3):
            hub.publish(comment(number, text="x" * 1_000))
            await other.hears(f"id: {number}\n")
        await slow.ends()
        assert len(hub) == 1

    run(story)


def test_what_waits_for_one_reader_is_bounded() -> None:
    stream = Stream("192.0.2.0/24", [THREAD])
    for _ in range(200):
        stream.push(b"x" * 1_000)
    assert stream.is_over
    assert stream.pending is None


def test_a_stream_that_was_written_much_to_ends_so_that_the_browser_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.edge.live.MOST_BYTES", 2_000)

    async def story() -> None:
        hub = Hub()
        reader = Reader().ask(hub)
        await settle(hub, 1)
        hub.publish(comment(1, text="x" * 2_000))
        await reader.ends()
        assert "id: 1\n" in reader.body
        assert reader.sent[-1]["more_body"] is False

    run(story)


def test_when_the_server_stops_streams_end_and_none_begins() -> None:
    async def story() -> None:
        hub = Hub()
        reader = Reader().ask(hub)
        await settle(hub, 1)
        hub.close()
        await reader.ends()
        assert reader.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
        late = Reader().ask(hub)
        await late.ends()
        assert late.status == 503

    run(story)


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        ({"method": "POST"}, 405),
        ({"query": ""}, 400),
        ({"query": "topic=no%20such%20thing"}, 400),
        ({"query": "&".join(f"topic=t{number}" for number in range(9))}, 400),
        ({"sec_fetch_site": "cross-site"}, 403),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(reader: dict[str, str], status: int) -> None:
    async def story() -> None:
        asked = Reader(**reader).ask(Hub())
        await asked.ends()
        assert asked.status == status
        assert asked.body.strip()
        assert asked.headers["cache-control"] == "no-store"

    run(story)


def test_head_is_answered_without_a_stream() -> None:
    async def story() -> None:
        hub = Hub()
        reader = Reader(method="HEAD").ask(hub)
        await reader.ends()
        assert (reader.status, reader.body, len(hub)) == (200, "", 0)

    run(story)


@pytest.mark.parametrize("text", ["since=x", "since=-1", "since=" + "9" * 30, "age=-2", "age=nan", "age=1e9"])
def test_odd_numbers_count_as_none(text: str) -> None:
    question = read_question(f"topic=meter&{text}".encode())
    assert (question.last_id, question.age_seconds) == (None, 0.0)


def test_a_topic_is_counted_once() -> None:
    assert read_question(b"topic=meter&topic=meter").topics == ("meter",)
    with pytest.raises(BadQuestion):
        read_question(b"topic=")


def test_the_address_is_believed_from_trusted_proxies_only() -> None:
    scope = {"client": ("10.0.0.1", "80")}
    headers = {b"x-forwarded-for": b"203.0.113.9, 198.51.100.2"}
    proxies = [ipaddress.ip_network("10.0.0.0/8")]
    assert client_of(scope, headers, []) == "10.0.0.1"
    assert client_of(scope, headers, proxies) == "198.51.100.2"
    assert client_of({}, {}, proxies) == ""


def test_many_streams_are_told_in_turns_that_let_others_have_the_loop() -> None:
    async def story() -> None:
        hub = Hub()
        streams = [Stream("192.0.2.0/24", [THREAD]) for _ in range(3 * hubs._AT_ONCE)]
        for stream in streams:
            hub.join(stream, limit=len(streams), per_address=0)
        turns = 0
        hub.publish(comment(1))
        async with asyncio.timeout(MOMENT):
            while streams[-1].pending is None or any(stream.pending is None for stream in streams):
                turns += 1
                await asyncio.sleep(0)
        assert turns >= 3
        for stream in streams:
            hub.leave(stream)

    run(story)


def test_a_stream_that_left_leaves_nothing_behind() -> None:
    async def story() -> None:
        hub = Hub()
        with joined(hub, "192.0.2.0/24"), pytest.raises(Full):
            hub.join(Stream("192.0.2.0/24", ["meter"]), limit=5, per_address=1)
        assert not hub._addresses
        assert not hub._by_topic
        assert not any(hub._slots)
        assert hub._timer is None

    run(story)


@contextmanager
def joined(hub: Hub, address: str) -> Iterator[Stream]:
    """Hold a stream for a while."""
    stream = Stream(address, ["meter", THREAD])
    hub.join(stream, limit=5, per_address=1)
    yield stream
    hub.leave(stream)
    hub.leave(stream)

"""Who listens to what: messages from any thread to the streams of this process.

Nothing here runs for a stream while nothing happens: a stream is one object with one future, and the heartbeat is one
timer for all of them.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

HEARTBEAT_SECONDS = 25
REMEMBERED = 1024
# What may wait for one reader. A browser that was sent away comes back and names the last message it saw.
LONGEST_QUEUE_BYTES = 65_536
_HEARTBEAT = b":\n\n"
_AT_ONCE = 256
# Processes hear of each other's facts late and so in different orders; what was heard around the named message is
# told again. Hearing a thing twice does no harm.
_OVERLAP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Message:
    """Something that happened, the same for everybody: written once, however many streams it goes to."""

    id: int
    topic: str
    text: str
    encoded: bytes


def message(id: int, topic: str, kind: str, data: Mapping[str, object]) -> Message:
    """Write a message; ``data`` is public and small, ``id`` grows with time (the row number of the event)."""
    text = json.dumps({"id": id, "topic": topic, "kind": kind, **data}, ensure_ascii=False, separators=(",", ":"))
    return Message(id, topic, text, f"id: {id}\nevent: {kind}\ndata: {text}\n\n".encode())


@dataclass(frozen=True, slots=True)
class Missed:
    """What a reader has missed. Unless ``is_complete`` there was more, and the page must ask how things stand."""

    messages: list[Message]
    is_complete: bool


class Full(Exception):
    """No room for another stream: here at all, or from this address."""


class Stream:
    """One reader's end: what waits to be written, never more than :data:`LONGEST_QUEUE_BYTES`."""

    __slots__ = ("address", "is_over", "on_drop", "pending", "size", "slot", "topics", "waiter")

    def __init__(self, address: str, topics: Collection[str]) -> None:
        self.address = address
        self.topics = tuple(topics)
        self.pending: list[bytes] | None = None
        self.size = 0
        self.slot = 0
        self.waiter: asyncio.Future[None] | None = None
        self.is_over = False
        self.on_drop: Callable[[], object] | None = None

    def push(self, data: bytes) -> None:
        """Let ``data`` be written next; a reader for whom too much waits is dropped. Call it in the loop's thread."""
        if self.is_over:
            return
        self.size += len(data)
        if self.size > LONGEST_QUEUE_BYTES:
            self.end()
            if self.on_drop is not None:
                self.on_drop()
            return
        if self.pending is None:
            self.pending = [data]
        else:
            self.pending.append(data)
        self._wake()

    def end(self, _reason: object = None) -> None:
        """Stop: what waits is forgotten. Twice is once."""
        self.is_over = True
        self.pending = None
        self._wake()

    async def next(self) -> bytes:
        """Wait for what is to be written; empty when the stream is over."""
        while self.pending is None and not self.is_over:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
            self.waiter = None
        data = b"".join(self.pending or ())
        self.pending = None
        self.size = 0
        return data

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


@dataclass(frozen=True, slots=True)
class _Heard:
    moment: float
    message: Message


class Hub:
    """The streams of one process, and the last messages for those who come back.

    :meth:`publish` may be called from any thread; everything else belongs to the thread of the loop.
    """

    def __init__(self, *, remembered: int = REMEMBERED, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._heard: deque[_Heard] = deque()
        self._remembered = remembered
        self._known_since = clock()
        self._known_from: int | None = None
        self._lock = threading.Lock()
        self._inbox: list[Message] = []
        self._is_delivering = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: set[Stream] = set()
        self._by_topic: defaultdict[str, set[Stream]] = defaultdict(set)
        self._addresses: Counter[str] = Counter()
        self._slots: list[set[Stream]] = [set() for _ in range(HEARTBEAT_SECONDS)]
        self._beats = 0
        self._timer: asyncio.TimerHandle | None = None
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def newest_id(self) -> int:
        """The highest id heard so far; 0 before the first."""
        with self._lock:
            return max((heard.message.id for heard in self._heard), default=0)

    def publish(self, message: Message) -> None:
        """Remember a message and pass it to the streams of its topic. Returns at once."""
        with self._lock:
            self._remember(message)
            loop = self._loop
            if loop is None or not self._streams:
                return
            self._inbox.append(message)
            if self._is_delivering:
                return
            self._is_delivering = True
        try:
            loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:  # the loop was closed meanwhile: nobody is left to tell
            with self._lock:
                self._is_delivering = False

    def missed(self, topics: Collection[str], *, last_id: int | None, age_seconds: float = 0.0) -> Missed:
        """Return what was said about ``topics`` after the message ``last_id``.

        Without an id: in the last ``age_seconds``. What lies further back than this process remembers is not
        complete.
        """
        with self._lock:
            heard, known_from, known_since = list(self._heard), self._known_from, self._known_since
        moment = self._clock()
        if last_id is None:
            start = moment - age_seconds
            messages = [item.message for item in heard if item.moment >= start and item.message.topic in topics]
            return Missed(messages, is_complete=start >= known_since)
        if known_from is None or last_id < known_from:
            return Missed([], is_complete=False)
        named = next((item.moment for item in heard if item.message.id == last_id), moment)
        messages = [
            item.message
            for item in heard
            if item.message.topic in topics
            and item.message.id != last_id
            and (item.message.id > last_id or item.moment >= named - _OVERLAP_SECONDS)
        ]
        return Missed(messages, is_complete=True)

    def join(self, stream: Stream, *, limit: int, per_address: int) -> None:
        """Let a stream hear its topics. Refuses with :class:`Full`; a ``per_address`` of 0 is unlimited."""
        if self.is_closed or len(self._streams) >= limit:
            raise Full
        if per_address and self._addresses[stream.address] >= per_address:
            raise Full
        self._loop = asyncio.get_running_loop()
        with self._lock:
            self._streams.add(stream)
        self._addresses[stream.address] += 1
        stream.slot = len(self._streams) % HEARTBEAT_SECONDS
        self._slots[stream.slot].add(stream)
        for topic in stream.topics:
            self._by_topic[topic].add(stream)
        if self._timer is None:
            self._timer = self._loop.call_later(1, self._beat)

    def leave(self, stream: Stream) -> None:
        """Forget a stream. Twice is once."""
        if stream not in self._streams:
            return
        with self._lock:
            self._streams.discard(stream)
        self._slots[stream.slot].discard(stream)
        self._addresses[stream.address] -= 1
        if not self._addresses[stream.address]:
            del self._addresses[stream.address]
        for topic in stream.topics:
            self._by_topic[topic].discard(stream)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        if not self._streams and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """End all streams and take no more: the process is about to stop."""
        self.is_closed = True
        for stream in list(self._streams):
            stream.end()

    def beat(self) -> None:
        """Write a sign of life to a part of the streams; each gets one in :data:`HEARTBEAT_SECONDS` calls."""
        self._beats += 1
        for stream in list(self._slots[self._beats % HEARTBEAT_SECONDS]):
            stream.push(_HEARTBEAT)

    def _beat(self) -> None:
        self.beat()
        self._timer = asyncio.get_running_loop().call_later(1, self._beat)

    def _remember(self, message: Message) -> None:
        if self._known_from is None:
            self._known_from = message.id
        self._heard.append(_Heard(self._clock(), message))
        if len(self._heard) > self._remembered:
            oldest = self._heard.popleft()
            self._known_from = max(self._known_from, oldest.message.id)
            self._known_since = oldest.moment

    def _deliver(self) -> None:
        with self._lock:
            batch, self._inbox = self._inbox, []
        texts: defaultdict[str, list[bytes]] = defaultdict(list)
        for item in batch:
            texts[item.topic].append(item.encoded)
        work = [
            (stream, data)
            for topic, parts in texts.items()
            for data in [b"".join(parts)]
            for stream in self._by_topic.get(topic, ())
        ]
        self._hand_out(work, 0, self._clock())

    def _hand_out(self, work: list[tuple[Stream, bytes]], start: int, began: float) -> None:
        """Write to some streams, then let others have the loop; after a long round comes a pause four times as long."""
        loop = asyncio.get_running_loop()
        for stream, data in work[start : start + _AT_ONCE]:
            stream.push(data)
        if start + _AT_ONCE < len(work):
            loop.call_soon(self._hand_out, work, start + _AT_ONCE, began)
            return
        took = self._clock() - began
        loop.call_later(4 * took if len(work) > _AT_ONCE else 0, self._resume)

    def _resume(self) -> None:
        with self._lock:
            self._is_delivering = bool(self._inbox)
        if self._is_delivering:
            self._deliver()

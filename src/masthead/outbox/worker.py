"""The worker: claims deliveries, calls their handlers, retries with backoff, gives up loudly.

Several workers in several processes are safe. Delivery is at least once: a worker that dies between the handler's
work and its mark leaves a claim that expires, and the handler is called again with the same event id.
"""

from __future__ import annotations

import atexit
import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connections

from masthead.core import events
from masthead.core.clock import now
from masthead.outbox import alone, chores, claims, registry
from masthead.outbox.aside import Turns
from masthead.outbox.claims import Claim
from masthead.outbox.errors import Gone, Retry, Unreachable
from masthead.outbox.rules import MAX_ATTEMPTS, backoff

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.3
BATCH = 1000
_TURN = 20
_TURN_TOGETHER = 200
_TURN_TIME = timedelta(seconds=1)
_CHORES_EVERY = timedelta(seconds=5)
_PAUSE_AFTER_TROUBLE_SECONDS = 5.0
_FINISH_SECONDS = 15.0


class _Unreadable(Exception):
    """This version cannot make sense of a row; a later one may, so the row is kept."""


def run_pending(limit: int = 1000) -> int:
    """Work on at most ``limit`` deliveries that are due now; return how many were tried.

    Subscribers take turns, so that a mail does not wait behind a long row of pictures. Each delivery is claimed on its
    own, just before its handler runs, unless the subscriber hears many together. Handlers run outside any transaction
    of the worker, and all of them in this thread.
    """
    tried = 0
    while tried < limit and (here := run_round(limit - tried)).tried:
        tried += here.tried
    return tried


@dataclass(frozen=True)
class Round:
    """What one round did; ``is_full`` when somebody's turn ended before their row did."""

    tried: int
    is_full: bool


def run_round(limit: int, turns: Turns | None = None) -> Round:
    """Give each subscriber for whom something waits one turn; with ``turns`` those told aside get theirs there."""
    tried, is_full = 0, False
    waiting = claims.subscribers_due()
    if turns is not None:
        begin_aside(turns, [name for name in waiting if registry.hears_aside(name)])
        waiting = [name for name in waiting if not registry.hears_aside(name)]
    for subscriber in waiting:
        together = registry.hears_together(subscriber)
        most = min(_TURN_TOGETHER if together else _TURN, limit - tried)
        done = _together(subscriber, most) if together else 0
        done += _turn(subscriber, most - done, tried_before=together)
        tried += done
        is_full = is_full or done >= most
    return Round(tried, is_full)


def begin_aside(turns: Turns, lines: Sequence[str]) -> None:
    """Begin a turn for each of these lines that has none, as far as there are threads."""
    for line in turns.in_order(lines):
        turns.begin(line, partial(_turn, line, _TURN, tried_before=False))


def _turn(subscriber: str, most: int, *, tried_before: bool) -> int:
    ends = now() + _TURN_TIME
    tried = 0
    while tried < most and (tried == 0 or now() < ends):
        candidates = claims.due(1, subscriber=subscriber, tried_before=tried_before)
        if not candidates:
            break
        if claim := claims.take(candidates[0]):
            deliver(claim)
            tried += 1
    return tried


def _together(subscriber: str, most: int) -> int:
    """Tell what is new in one call for each handler; one by one where that fails or a row cannot be read."""
    taken = claims.take_together(most, subscriber=subscriber) if most else []
    told: dict[int, tuple[registry.Together, list[tuple[Claim, Any]]]] = {}
    for claim in taken:
        try:
            handler, event = _resolve(claim)
        except _Unreadable:
            deliver(claim)
            continue
        if isinstance(handler, registry.Together):
            # By the function itself: it may hear several kinds of events under this name.
            told.setdefault(id(handler.many), (handler, []))[1].append((claim, event))
        else:
            deliver(claim)
    for hearer, rows in told.values():
        _tell(hearer, rows)
    return len(taken)


def _tell(hearer: registry.Together, rows: list[tuple[Claim, Any]]) -> None:
    try:
        hearer.many([(event, claim.event_id) for claim, event in rows])
    except Exception as error:  # noqa: BLE001 - whose fault it is shows when each is told alone, and is logged there
        logger.info("%s could not hear %d events together: %s", rows[0][0].subscriber, len(rows), error)
        for claim, _event in rows:
            deliver(claim)
    else:
        claims.mark_all_done([claim for claim, _event in rows])


def deliver(claim: Claim) -> None:
    """Call the handler of a claimed delivery and note what came of it."""
    if claim.attempt > MAX_ATTEMPTS:
        _give_up(claim, "the worker died each time it tried")
        return
    try:
        handler, event = _resolve(claim)
    except _Unreadable as error:
        _give_up(claim, str(error))
        return
    try:
        handler(event, claim.event_id)
    except Gone as answer:
        claims.mark_done(claim, f"given up: {answer}")
    except Retry as answer:
        _again(claim, str(answer), answer.after)
        if isinstance(answer, Unreachable):
            claims.postpone(claim.subscriber, answer.rest)
    except Exception as error:
        logger.exception("delivery %s of event %s to %s failed", claim.delivery, claim.event_id, claim.subscriber)
        _again(claim, f"{type(error).__name__}: {error}", timedelta(0))
    else:
        claims.mark_done(claim)


def _resolve(claim: Claim) -> tuple[Callable[[Any, str], None], Any]:
    handler = registry.handler_of(claim.event_type, claim.subscriber)
    if claim.event_type not in events.registered():
        raise _Unreadable(f"this version knows no event type {claim.event_type}")
    if handler is None:
        raise _Unreadable(f"nobody is subscribed to {claim.event_type} as {claim.subscriber}")
    try:
        return handler, events.from_payload(claim.event_type, claim.payload)
    except TypeError as error:
        raise _Unreadable(f"the payload does not fit {claim.event_type}: {error}") from error


def _again(claim: Claim, reason: str, after: timedelta) -> None:
    if claim.attempt >= MAX_ATTEMPTS:
        _give_up(claim, f"gave up after {claim.attempt} attempts: {reason}")
        return
    delay = backoff(claim.attempt, draw=random.random())  # noqa: S311 - spreads load, protects nothing
    claims.mark_retry(claim, max(delay, after), reason)


def _give_up(claim: Claim, reason: str) -> None:
    claims.mark_failed(claim, reason)
    logger.error("event %s will not reach %s: %s", claim.event_id, claim.subscriber, reason)


def run_forever(
    stop: threading.Event,
    *,
    poll_seconds: float = POLL_SECONDS,
    wait: Callable[[float], object] | None = None,
) -> None:
    """Work until ``stop`` is set; a delivery in hand is finished first.

    ``wait(seconds)`` is called when everybody had a turn and nobody needs a longer one. A database that does not
    answer is waited for, not died of. Who is told aside is told in threads beside this one.
    """
    pause = wait or stop.wait
    turns = Turns()
    try:
        _rounds(stop, turns, poll_seconds, pause)
    finally:
        turns.finish(_FINISH_SECONDS)


def _rounds(stop: threading.Event, turns: Turns, poll_seconds: float, pause: Callable[[float], object]) -> None:
    chores_at = now()
    while not stop.is_set():
        _drop_stale_connections()
        try:
            if now() >= chores_at:
                chores.run_due()
                chores_at = now() + _CHORES_EVERY
            here = run_round(BATCH, turns)
        except Exception:
            logger.exception("the worker could not reach its tables; it tries again")
            pause(_PAUSE_AFTER_TROUBLE_SECONDS)
            continue
        if not here.is_full:
            # Also after some work: under load the next round then finds many to be told together, not one or two.
            pause(poll_seconds)


def _drop_stale_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _run_in_thread(stop: threading.Event, poll_seconds: float, turn: Path | None) -> None:
    try:
        with alone.holding(turn, stop):
            run_forever(stop, poll_seconds=poll_seconds)
    finally:
        connections.close_all()


_lock = threading.Lock()
_running: tuple[threading.Thread, threading.Event] | None = None


def start_in_process(*, poll_seconds: float = POLL_SECONDS, turn: Path | None = None) -> Callable[[], None]:
    """Start one background thread in this process and return the function that stops it.

    A second call starts nothing more. The thread ends with the process and closes its own connections. Of several
    processes that are given the same file ``turn``, one works at a time; when it dies, another takes over within
    seconds.
    """
    global _running  # noqa: PLW0603 - one worker per process is the point
    with _lock:
        if _running is None or not _running[0].is_alive():
            stop = threading.Event()
            thread = threading.Thread(
                target=_run_in_thread, args=(stop, poll_seconds, turn), name="outbox", daemon=True
            )
            thread.start()
            atexit.register(stop_in_process)
            _running = (thread, stop)
    return stop_in_process


def stop_in_process(*, timeout_seconds: float = 10.0) -> None:
    """Stop the thread of :func:`start_in_process`; wait for the delivery in hand, but not for ever."""
    global _running  # noqa: PLW0603 - see above
    with _lock:
        if _running is not None:
            thread, stop = _running
            stop.set()
            thread.join(timeout_seconds)
            _running = None
        atexit.unregister(stop_in_process)

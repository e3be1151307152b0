"""Webhooks on their way: queued with the event, sent in order, tried again with growing pauses, all logged."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from masthead.simulator.book import new_id
from masthead.simulator.clock import iso
from masthead.simulator.store import Json

if TYPE_CHECKING:
    from masthead.simulator.book import Book
    from masthead.simulator.world import World

# Pauses of the simulator's clock before the next attempt; about three days in all.
PAUSES = (60, 300, 1800, 7200, 18_000, 36_000, 36_000, 43_200, 43_200, 43_200)
_PATIENCE = 10.0
MODES = ("automatic", "manual")

# Makes the headers of one attempt: world, delivery, exact body.
Signer = Callable[["World", Json, bytes], dict[str, str]]
_SIGNERS: dict[str, Signer] = {}


def signer(provider: str) -> Callable[[Signer], Signer]:
    """Declare how a provider signs its webhooks."""

    def register(function: Signer) -> Signer:
        _SIGNERS[provider] = function
        return function

    return register


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


class Post:
    """The queue of webhooks. ``automatic`` sends as they come; ``manual`` waits for orders."""

    def __init__(self, world: World) -> None:
        """Take up what a kept state still had to send."""
        self._world = world
        self._news = threading.Condition()
        self._carrying = threading.RLock()
        self._stopped = False
        self._thread: threading.Thread | None = None

    # Sending

    @property
    def mode(self) -> str:
        """``automatic`` or ``manual``."""
        return str(self._world.store.setting("post") or "automatic")

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"the post is {' or '.join(MODES)}")
        self._world.store.set_setting("post", mode)
        self.wake()

    def start(self) -> None:
        """Begin to send in the background."""
        self._thread = threading.Thread(target=self._work, name="simulator-post", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cease to send."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        if self._thread:
            self._thread.join()

    def wake(self) -> None:
        """Tell the background that there may be something to send."""
        with self._news:
            self._news.notify_all()

    def carry_due(self) -> int:
        """Send what is due, if the post is automatic."""
        return self.carry() if self.mode == "automatic" else 0

    def carry(self) -> int:
        """Send all that is due now, in order; what that sets off too. Returns the number of attempts."""
        attempts = 0
        with self._carrying:
            while delivery := self._next():
                self._attempt(delivery)
                attempts += 1
        return attempts

    def settle(self) -> int:
        """Send what is due, and what was kept back to come after a later one that never came."""
        with self._carrying:
            attempts = self.carry()
            with self._world.store.transaction():
                for held in self.deliveries(state="behind"):
                    self._keep({**held, "state": "waiting"})
            return attempts + self.carry()

    def next_due(self) -> int | None:
        """Return when the next delivery is due that waits for its time; none, if the post waits for orders."""
        if self.mode == "manual":
            return None
        with self._world.store.lock:
            row = self._world.store.sql.execute("select min(due) from deliveries where state = 'waiting'").fetchone()
        return None if row[0] is None else int(row[0])

    # Queueing

    def say(self, book: Book, endpoints: list[Json], body: str) -> Json:
        """Queue any body as it is, under an event of its own."""
        event_id = new_id("odd_")
        with self._world.store.transaction():
            for endpoint in endpoints:
                self.queue(book, endpoint=endpoint, event_id=event_id, type_="odd", body=body)
        return {"event": event_id}

    def queue(self, book: Book, *, endpoint: Json, event_id: str, type_: str, body: str) -> None:
        """Let an event go to an endpoint, as the switchboard allows. Call it in the event's transaction."""
        rules = {rule.what: rule for rule in self._world.switchboard.take("webhook", type_)}
        delivery: Json = {
            "book": book.name,
            "endpoint": endpoint["id"],
            "url": endpoint["url"],
            "secret": endpoint.get("_secret"),
            "event": event_id,
            "type": type_,
            "body": body,
            "flaws": sorted(set(rules) & {"wrong_signature", "stale_signature", "future_signature", "altered_body"}),
            "failures_to_come": max(1, rules["fail"].seconds) if "fail" in rules else 0,
            "attempts": [],
            "state": "dropped" if "drop" in rules else "waiting",
            "due": book.now + (rules["delay"].seconds if "delay" in rules else 0),
        }
        before = self.deliveries(state="behind", endpoint=endpoint["id"])
        if "reorder" in rules and delivery["state"] == "waiting":
            delivery["state"] = "behind"
        self._insert(delivery)
        if "duplicate" in rules:
            self._insert(delivery)
        for held in before:
            with self._world.store.lock:
                self._world.store.sql.execute(
                    "update deliveries set place = (select max(seq) from deliveries) + 0.5 where seq = ?",
                    (held["seq"],),
                )
            self._keep({**held, "state": "waiting"})

    def again(self, seq: int) -> Json:
        """Let a delivery go once more, without its flaws. Raises ``LookupError`` where there is none."""
        for delivery in self.deliveries(seq=seq):
            fresh = {**delivery, "flaws": [], "failures_to_come": 0, "attempts": [], "state": "waiting"}
            fresh["due"] = self._world.clock.now()
            with self._world.store.transaction():
                number = self._insert(fresh)
            self.wake()
            return self.deliveries(seq=number)[0]
        raise LookupError(f"no delivery {seq}")

    def deliveries(self, **equal: Any) -> list[Json]:
        """Return deliveries with these values, oldest first."""
        narrowed = [name for name in ("seq", "state") if name in equal]
        where = " and ".join(["true", *(f"{name} = ?" for name in narrowed)])
        with self._world.store.lock:
            rows = self._world.store.sql.execute(
                f"select seq, due, state, body from deliveries where {where} order by seq",  # noqa: S608 names are ours
                [equal[name] for name in narrowed],
            ).fetchall()
        found = [{**json.loads(body), "seq": seq, "due": due, "state": state} for seq, due, state, body in rows]
        return [item for item in found if all(item.get(name) == value for name, value in equal.items())]

    def signed(self, delivery: Json) -> tuple[bytes, dict[str, str]]:
        """Return the exact body of an attempt made now, and its headers."""
        body = delivery["body"].encode()
        headers = _SIGNERS[delivery["book"].partition(":")[0]](self._world, delivery, body)
        if "altered_body" in delivery["flaws"]:
            body = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
        return body, {"Content-Type": "application/json; charset=utf-8", **headers}

    # Inside

    def _insert(self, delivery: Json) -> int:
        with self._world.store.lock:
            cursor = self._world.store.sql.execute(
                "insert into deliveries (place, book, due, state, body) values (0, ?, ?, ?, ?)",
                (delivery["book"], delivery["due"], delivery["state"], json.dumps(delivery)),
            )
            number = int(cursor.lastrowid or 0)
            self._world.store.sql.execute("update deliveries set place = seq where seq = ?", (number,))
        return number

    def _keep(self, delivery: Json) -> None:
        with self._world.store.lock:
            self._world.store.sql.execute(
                "update deliveries set due = ?, state = ?, body = ? where seq = ?",
                (delivery["due"], delivery["state"], json.dumps(delivery), delivery["seq"]),
            )

    def _next(self) -> Json | None:
        with self._world.store.lock:
            row = self._world.store.sql.execute(
                "select seq, due, state, body from deliveries where state = 'waiting' and due <= ?"
                " order by place limit 1",
                (self._world.clock.now(),),
            ).fetchone()
        return {**json.loads(row[3]), "seq": row[0], "due": row[1], "state": row[2]} if row else None

    def _attempt(self, delivery: Json) -> None:
        if delivery["failures_to_come"]:
            delivery["failures_to_come"] -= 1
            status, words = 0, "The switchboard counts this attempt as failed."
        else:
            status, words = _send(delivery["url"], *self.signed(delivery))
        now = self._world.clock.now()
        delivery["attempts"].append({"at": iso(now), "status": status, "answer": words[:500]})
        if 200 <= status < 300:
            delivery["state"] = "delivered"
        elif len(delivery["attempts"]) > len(PAUSES):
            delivery["state"] = "given_up"
        else:
            delivery["due"] = now + PAUSES[len(delivery["attempts"]) - 1]
        with self._world.store.transaction():
            self._keep(delivery)
            _count_down(self._world, delivery)

    def _work(self) -> None:
        while True:
            with self._news:
                if self._stopped:
                    return
                self._news.wait(timeout=0.2)
                if self._stopped:
                    return
            self.carry_due()

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Send nothing inside the block."""
        with self._carrying:
            yield


def _count_down(world: World, delivery: Json) -> None:
    """Tell the event that one webhook less is pending."""
    event = world.store.get(delivery["book"], "event", delivery["event"])
    if event and delivery["state"] != "waiting" and event.get("pending_webhooks"):
        world.store.put(delivery["book"], "event", {**event, "pending_webhooks": event["pending_webhooks"] - 1})


def _send(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Post a body; return the status (0: no answer) and the beginning of the answer."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 endpoints are http(s)
    try:
        with _OPENER.open(request, timeout=_PATIENCE) as answer:
            return answer.status, answer.read(500).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(500).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)

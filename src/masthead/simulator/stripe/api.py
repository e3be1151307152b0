"""The door of the Stripe side: keys, version, parameters, idempotency, faults, and the one transaction of a call."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from masthead.simulator import sparse
from masthead.simulator.book import Book, new_id
from masthead.simulator.http import HangUp, Reply, Request, json_reply, path_pattern
from masthead.simulator.store import Json
from masthead.simulator.stripe import form, schema
from masthead.simulator.stripe.errors import StripeError, invalid, malformed
from masthead.simulator.stripe.shapes import tell
from masthead.simulator.switchboard import Rule
from masthead.simulator.world import World

VERSION = "2026-10-28.endive"
_KEY = re.compile(r"^sk_(test|live)_sim_([A-Za-z0-9]+)$")
_KEPT_FOR = 24 * 3600


@dataclass(frozen=True)
class Call:
    """One API call as its endpoint sees it."""

    book: Book
    params: Json


@dataclass(frozen=True)
class Endpoint:
    """What answers one method and path, with the parameters Stripe knows and those that are played."""

    method: str
    pattern: re.Pattern[str]
    params: str | None
    plays: frozenset[str]
    handler: Callable[..., Json]


@dataclass(frozen=True)
class _Asked:
    """A call that found its endpoint: what is asked of which book, in raw parameters."""

    book: Book
    found: Endpoint
    ids: dict[str, str]
    raw: Json
    subject: str


ENDPOINTS: list[Endpoint] = []


def endpoint(method: str, path: str, *, params: str | None = None, plays: str = "") -> Callable[..., Any]:
    """Declare the answer to a call. ``plays`` names parameters, with dots for those inside others."""

    def register(handler: Callable[..., Json]) -> Callable[..., Json]:
        ENDPOINTS.append(Endpoint(method, path_pattern(path), params, frozenset(plays.split()), handler))
        return handler

    return register


class Api:
    """Answers calls below ``/v1/``."""

    def __init__(self, world: World) -> None:
        """Answer for one world."""
        self._world = world
        self._busy: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        """Answer a call; refusals are answers too. Raises :class:`HangUp` where the switchboard says so."""
        headers = {"Request-Id": new_id("req_", 14), "Stripe-Version": VERSION}
        key = request.header("idempotency-key") if request.method == "POST" else ""
        if key:
            headers["Idempotency-Key"] = key
        try:
            book = authenticate(self._world, request)
            book.request = {"id": headers["Request-Id"], "idempotency_key": key or None}
            _check_version(request)
            found, ids = _find(request)
            raw = _decode(request)
            subject = f"{request.method} {request.path}"
            status, body, replayed = self._guarded(_Asked(book, found, ids, raw, subject), key)
        except StripeError as refusal:
            status, body, replayed = refusal.status, refusal.body, False
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        self._world.post.wake()
        return json_reply(status, sparse.told(self._world, "stripe", body), headers)

    def _guarded(self, asked: _Asked, key: str) -> tuple[int, Json, bool]:
        """Answer once for each key: a repetition gets the kept reply, a deviation and a collision are refused."""
        if not key:
            return (*self._faulty(asked, ""), False)
        if len(key) > 255:
            raise malformed("Idempotency keys may have at most 255 characters.")
        digest = hashlib.sha256(json.dumps([asked.subject, asked.raw], sort_keys=True).encode()).hexdigest()
        token = (asked.book.name, key)
        with self._lock:
            if token in self._busy:
                raise _in_use(key)
            self._busy.add(token)
        try:
            kept = _kept(asked.book, key)
            if kept is None:
                return (*self._faulty(asked, digest), False)
            if kept[0] != digest:
                raise _differs(key)
            return kept[1], kept[2], True
        finally:
            with self._lock:
                self._busy.discard(token)

    def _faulty(self, asked: _Asked, digest: str) -> tuple[int, Json]:
        """Do the call, with what the switchboard lets go wrong."""
        rules = self._world.switchboard.take("call", asked.subject)
        what = rules[0].what if rules else ""
        if what == "hold":
            self._world.switchboard.hold()
        _fail_before(rules, asked.book, digest)
        status, body = _run(asked, digest)
        if what == "timeout_after_commit":
            self._world.post.wake()
            raise HangUp
        if what == "error_after_commit":
            raise StripeError(500, "api_error", "The simulator's switchboard answers 500 after the fact.")
        return status, body


def _run(asked: _Asked, digest: str) -> tuple[int, Json]:
    """Check the parameters, then do the call in one transaction with the reply that its key keeps."""
    book, params = asked.book, {}
    if asked.found.params:
        params = schema.read(asked.raw, schema.params_class(asked.found.params), plays=asked.found.plays)
    elif asked.raw:
        name = next(iter(asked.raw))
        raise malformed(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
    expand = params.pop("expand", None) or []
    try:
        with book.world.store.transaction():
            status, body = _attempt(asked, params, expand)
            _keep(book, digest, status, body)
    except StripeError as refusal:
        if refusal.kept:
            with book.world.store.transaction():
                _keep(book, digest, refusal.status, refusal.body)
        raise
    return status, body


def _attempt(asked: _Asked, params: Json, expand: list[str]) -> tuple[int, Json]:
    try:
        done = asked.found.handler(Call(asked.book, params), **asked.ids)
        return 200, tell(asked.book, done, expand)
    except StripeError as refusal:
        if not refusal.commit:
            raise
        return refusal.status, refusal.body


def authenticate(world: World, request: Request) -> Book:
    """Return the book a secret key opens. Refuses a missing or unknown key with 401."""
    scheme, _, key = request.header("authorization").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise invalid(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using"
            " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    match = _KEY.match(key.strip())
    if match is None or world.store.setting(f"account:stripe:{match[2]}") is None:
        shown = f"{key[:8]}{'*' * 8}{key[-4:]}"
        raise StripeError(401, "invalid_request_error", f"Invalid API Key provided: {shown}", kept=False)
    return Book(world, "stripe", match[2], live=match[1] == "live")


def _check_version(request: Request) -> None:
    version = request.header("stripe-version") or VERSION
    if version != VERSION:
        raise malformed(f"Invalid Stripe API version: {version}. This simulator speaks {VERSION}.")


def _find(request: Request) -> tuple[Endpoint, dict[str, str]]:
    for found in ENDPOINTS:
        match = found.pattern.match(request.path)
        if match and found.method == request.method:
            return found, match.groupdict()
    raise StripeError(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({request.method}: {request.path}). The simulator does not play it.",
        kept=False,
    )


def _decode(request: Request) -> Json:
    if request.method != "POST":
        return form.decode(request.query)
    kind = request.header("content-type").partition(";")[0]
    if request.body and kind != "application/x-www-form-urlencoded":
        raise malformed(f"Invalid content type: {kind}. Stripe reads application/x-www-form-urlencoded.")
    try:
        return form.decode(request.body.decode())
    except UnicodeDecodeError as error:
        raise malformed("Invalid UTF-8 in the request body.") from error


def _fail_before(rules: list[Rule], book: Book, digest: str) -> None:
    what = rules[0].what if rules else ""
    if what == "hang_up":
        raise HangUp
    if what == "rate_limit":
        raise StripeError(429, "invalid_request_error", "Request rate limit exceeded.", kept=False, code="rate_limit")
    if what in {"error", "error_kept"}:
        refusal = StripeError(500, "api_error", "The simulator's switchboard answers 500 and does nothing.")
        if what == "error_kept":
            with book.world.store.transaction():
                _keep(book, digest, refusal.status, refusal.body)
        raise refusal


def _kept(book: Book, key: str) -> tuple[str, int, Json] | None:
    """Return the reply kept for a key: what was asked, the status, the body. Nothing after a day."""
    with book.world.store.lock:
        row = book.world.store.sql.execute(
            "select digest, status, body from replies where book = ? and key = ? and created > ?",
            (book.name, key, book.now - _KEPT_FOR),
        ).fetchone()
    return (row[0], row[1], json.loads(row[2])) if row else None


def _keep(book: Book, digest: str, status: int, body: Json) -> None:
    if digest:
        book.world.store.sql.execute(
            "insert or replace into replies values (?, ?, ?, ?, ?, ?)",
            (book.name, book.request["idempotency_key"], digest, status, json.dumps(body), book.now),
        )


def _in_use(key: str) -> StripeError:
    return StripeError(
        409,
        "idempotency_error",
        f"There is currently another in-progress request using this Idempotent Key (that probably means you submitted"
        f" twice, and the other request is still going through): {key}. Please try again later.",
        kept=False,
        code="idempotency_key_in_use",
    )


def _differs(key: str) -> StripeError:
    return StripeError(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using"
        f" a key other than '{key}' if you meant to execute a different request.",
        kept=False,
    )

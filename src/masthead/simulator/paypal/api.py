"""The door of the PayPal side: tokens, bodies, ``PayPal-Request-Id``, faults, and the one transaction of a call."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from masthead.simulator import sparse
from masthead.simulator.book import Book, new_id
from masthead.simulator.http import HangUp, Reply, Request, json_reply, path_pattern
from masthead.simulator.paypal.errors import PayPalError, impossible, invalid, refusal
from masthead.simulator.paypal.shape import check
from masthead.simulator.store import Json
from masthead.simulator.world import World

PREFIXES = (
    "/v1/oauth2/", "/v1/notifications/", "/v1/billing/", "/v1/catalogs/", "/v1/reporting/", "/v1/customer/",
    "/v1/payments/", "/v2/",
)  # fmt: skip
_CLIENT = re.compile(r"^sim_(test|live)_([A-Za-z0-9]+)$")
_TOKEN_LASTS = 9 * 3600
_KEPT_FOR = {"/v2/checkout/": 6 * 3600}
_KEPT_ELSE = 45 * 86_400


@dataclass(frozen=True)
class Ask:
    """One API call as its endpoint sees it."""

    book: Book
    body: Json
    query: dict[str, str]
    request: Request
    whole: bool


@dataclass(frozen=True)
class Endpoint:
    """What answers one method and path: the shape of the body, the arguments of the query, the status of success."""

    method: str
    pattern: re.Pattern[str]
    shape: Any
    query: frozenset[str]
    status: int
    handler: Callable[..., Json | None]


ENDPOINTS: list[Endpoint] = []


def endpoint(method: str, path: str, *, shape: Any = None, query: str = "", status: int = 200) -> Callable[..., Any]:
    """Declare the answer to a call."""

    def register(handler: Callable[..., Json | None]) -> Callable[..., Json | None]:
        found = Endpoint(method, path_pattern(path), shape, frozenset(query.split()), status, handler)
        ENDPOINTS.append(found)
        return handler

    return register


@dataclass
class Api:
    """Answers calls to PayPal's addresses."""

    world: World
    _busy: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Reply:
        """Answer a call; refusals are answers too. Raises :class:`HangUp` where the switchboard says so."""
        headers = {"Paypal-Debug-Id": new_id("", 13).lower()}
        body: Json | None
        try:
            if request.path == "/v1/oauth2/token":
                status, body = 200, _token(self.world, request)
            else:
                status, body = self._authorized(request)
        except PayPalError as error:
            status, body = error.status, error.body
        self.world.post.wake()
        if status == 204:
            return Reply(204, b"", headers)
        return json_reply(status, sparse.told(self.world, "paypal", body), headers)

    def _authorized(self, request: Request) -> tuple[int, Json | None]:
        book = authenticate(self.world, request)
        found, ids = _find(request)
        ask = _read(book, found, request)
        key = request.header("paypal-request-id") if request.method == "POST" else ""
        if not key:
            return self._faulty(ask, found, ids, "")
        token = (book.name, f"{request.path} {key}")
        with self._lock:
            if token in self._busy:
                raise refusal(
                    "RESOURCE_CONFLICT",
                    "PREVIOUS_REQUEST_IN_PROGRESS",
                    "A previous request on this resource is in progress.",
                )
            self._busy.add(token)
        try:
            kept = _kept(book, token[1], request)
            return kept if kept else self._faulty(ask, found, ids, token[1])
        finally:
            with self._lock:
                self._busy.discard(token)

    def _faulty(self, ask: Ask, found: Endpoint, ids: dict[str, str], key: str) -> tuple[int, Json | None]:
        """Do the call, with what the switchboard lets go wrong."""
        rules = self.world.switchboard.take("call", f"{ask.request.method} {ask.request.path}")
        what = rules[0].what if rules else ""
        if what == "hold":
            self.world.switchboard.hold()
        _fail_before(ask, key, what)
        status, body = _run(ask, found, ids, key)
        if what == "timeout_after_commit":
            raise HangUp
        if what == "error_after_commit":
            raise refusal("INTERNAL_SERVER_ERROR")
        return status, body


def _fail_before(ask: Ask, key: str, what: str) -> None:
    if what == "hang_up":
        raise HangUp
    if what == "rate_limit":
        raise refusal("RATE_LIMIT_REACHED")
    if what in {"error", "error_kept"}:
        error = refusal("INTERNAL_SERVER_ERROR")
        if what == "error_kept":
            with ask.book.world.store.transaction():
                _keep(ask, key, error.status, error.body)
        raise error


def _run(ask: Ask, found: Endpoint, ids: dict[str, str], key: str) -> tuple[int, Json | None]:
    store = ask.book.world.store
    try:
        with store.transaction():
            try:
                done = found.handler(ask, **ids)
                status, body = found.status, None if done is None else ask.book.told(done)
            except PayPalError as error:
                if not error.commit:
                    raise
                status, body = error.status, error.body
            _keep(ask, key, status, body)
    except PayPalError as error:
        if error.kept:
            with store.transaction():
                _keep(ask, key, error.status, error.body)
        raise
    return status, body


def _token(world: World, request: Request) -> Json:
    """Give a token for a client's name and secret."""
    scheme, _, coded = request.header("authorization").partition(" ")
    try:
        client, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client, secret = "", ""
    match = _CLIENT.match(client)
    known = match is not None and world.store.setting(f"account:paypal:{match[2]}") is not None
    if scheme.lower() != "basic" or match is None or not known or secret != f"sim_secret_{match[2]}":
        body = {"error": "invalid_client", "error_description": "Client Authentication failed"}
        raise PayPalError(401, body)
    if request.form().get("grant_type") != "client_credentials":
        body = {"error": "unsupported_grant_type", "error_description": "unsupported grant_type"}
        raise PayPalError(400, body)
    book = Book(world, "paypal", match[2], live=match[1] == "live")
    token = new_id("A21AA", 80)
    with world.store.transaction():
        book.put({"id": token, "expires": book.now + _TOKEN_LASTS}, "token")
    return {
        "scope": "https://uri.paypal.com/services/payments/payment",
        "access_token": token,
        "token_type": "Bearer",
        "app_id": "APP-SIMULATOR",
        "expires_in": _TOKEN_LASTS,
        "nonce": new_id("", 20),
    }


def authenticate(world: World, request: Request) -> Book:
    """Return the book a token opens. Refuses a missing, unknown or old one with 401."""
    scheme, _, token = request.header("authorization").partition(" ")
    name = world.store.locate("token", token.strip()) if scheme.lower() == "bearer" else None
    if name is not None:
        book = Book.named(world, name)
        if book.the("token", token.strip())["expires"] > book.now:
            return book
    description = "Token signature verification failed" if name is None else "Access Token has expired"
    raise PayPalError(401, {"error": "invalid_token", "error_description": description})


def _find(request: Request) -> tuple[Endpoint, dict[str, str]]:
    for found in ENDPOINTS:
        match = found.pattern.match(request.path)
        if match and found.method == request.method:
            return found, match.groupdict()
    raise refusal(
        "RESOURCE_NOT_FOUND", "SIMULATOR_NOT_PLAYED", f"The simulator does not play {request.method} {request.path}."
    )


def _read(book: Book, found: Endpoint, request: Request) -> Ask:
    query = request.arguments()
    for name in query:
        if name not in found.query:
            raise invalid(name, "SIMULATOR_FIELD_NOT_PLAYED", "The simulator does not play this argument.")
    body: Any = {}
    if request.method in {"POST", "PATCH"}:
        if request.header("content-type").partition(";")[0] != "application/json":
            raise refusal("UNSUPPORTED_MEDIA_TYPE")
        try:
            body = json.loads(request.body or b"{}")
        except ValueError as error:
            raise invalid("/", "MALFORMED_REQUEST_JSON", "The request JSON is not well formed.") from error
    check(body, found.shape if found.shape is not None else {})
    whole = "return=representation" in request.header("prefer").replace(" ", "")
    return Ask(book, body, query, request, whole)


def _kept(book: Book, key: str, request: Request) -> tuple[int, Json | None] | None:
    lasts = next((time for prefix, time in _KEPT_FOR.items() if request.path.startswith(prefix)), _KEPT_ELSE)
    with book.world.store.lock:
        row = book.world.store.sql.execute(
            "select digest, status, body from replies where book = ? and key = ? and created > ?",
            (book.name, key, book.now - lasts),
        ).fetchone()
    if row is None:
        return None
    if row[0] != _digest(request):
        raise impossible("DUPLICATE_REQUEST_ID", "The value of PayPal-Request-Id header has already been used.")
    return row[1], json.loads(row[2])


def _keep(ask: Ask, key: str, status: int, body: Json | None) -> None:
    book, request = ask.book, ask.request
    if key:
        book.world.store.sql.execute(
            "insert or replace into replies values (?, ?, ?, ?, ?, ?)",
            (book.name, key, _digest(request), status, json.dumps(body), book.now),
        )


def _digest(request: Request) -> str:
    return hashlib.sha256(json.dumps(json.loads(request.body or b"{}"), sort_keys=True).encode()).hexdigest()

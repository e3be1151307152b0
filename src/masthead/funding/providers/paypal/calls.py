"""Calls to PayPal's REST API: one token per process, one key per wish, and its refusals in our words."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from masthead.funding import conf
from masthead.funding.ports import ProviderAway, ProviderNotReady, ProviderRefused, is_hurried

Json = dict[str, Any]

_LIVE, _SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
_TIMEOUT_SECONDS = 20
_RETRIES = 2
_HURRIED_SECONDS = 5
_PERHAPS_DONE = frozenset({408, 409, 429})
# A token is renewed before its end, so that no call meets it while it ends.
_RENEWED_EARLY = 120
_UNAUTHORIZED = 401
_NOT_FOUND = 404
_NOT_ALLOWED = frozenset({401, 403})


class Refused(ProviderRefused):
    """PayPal said no. ``issue`` is its word for why, ``status`` that of HTTP."""

    def __init__(self, reason: str, *, status: int, issue: str) -> None:
        super().__init__(reason)
        self.status = status
        self.issue = issue


def address() -> str:
    """Return where PayPal's API is for this site: real, its sandbox, or a rehearsal's simulator."""
    return conf.paypal().address or (_LIVE if conf.is_live() else _SANDBOX)


def call(method: str, path: str, body: Json | bytes | None = None, *, key: str = "", **query: str) -> Json:
    """Make a call and return what PayPal answers, empty where it answers nothing.

    ``key`` is sent as ``PayPal-Request-Id``: the same key is the same wish, so it is sent again without fear after
    time-outs and 5xx (rule O5). What may have happened although no answer came, and a call under the same key that
    still runs, is :class:`~masthead.funding.ports.ProviderAway`; keys that are wrong or may not do this are
    :class:`~masthead.funding.ports.ProviderNotReady`; all else that is not done raises :class:`Refused`. A
    token that PayPal no longer takes is renewed once.
    """
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Prefer": "return=representation"}
    if key:
        headers["PayPal-Request-Id"] = key
    answer = _authorized(method, path, data, headers, query)
    if answer.status_code == _UNAUTHORIZED:
        _tokens.forget()
        answer = _authorized(method, path, data, headers, query)
    return _read(answer)


def find(path: str, **query: str) -> Json | None:
    """Return what is at a path; None for what PayPal does not know. Raises what :func:`call` raises else."""
    try:
        return call("GET", path, None, **query)
    except Refused as answer:
        if answer.status != _NOT_FOUND:
            raise
        return None


def fetch(url: str) -> bytes:
    """Return what is at an address of PayPal that needs no token. The caller has looked whose address it is."""
    answer = _send("GET", url)
    _refuse(answer)
    return answer.content


def _authorized(
    method: str, path: str, data: bytes | None, headers: dict[str, str], query: dict[str, str]
) -> requests.Response:
    bearer = {"Authorization": f"Bearer {_tokens.current()}"}
    return _send(method, f"{address()}{path}", data=data, headers={**headers, **bearer}, params=query)


class _Tokens:
    """The token of the keys the site gives now, kept in memory until shortly before its end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str, str], tuple[str, float]] = {}

    def current(self) -> str:
        """Return the token, asked for now if there is none that lasts."""
        with self._lock:
            token, ends = self._kept.get(self._whose(), ("", 0.0))
        if token and time.monotonic() < ends:
            return token
        return self._ask()

    def forget(self) -> None:
        """Ask for another one next time."""
        with self._lock:
            self._kept.pop(self._whose(), None)

    def _ask(self) -> str:
        keys, began = conf.paypal(), time.monotonic()
        url, grant = f"{address()}/v1/oauth2/token", {"grant_type": "client_credentials"}
        told = _read(_send("POST", url, data=grant, auth=(keys.client, keys.secret)))
        token = str(told["access_token"])
        with self._lock:
            self._kept[self._whose()] = token, began + int(told["expires_in"]) - _RENEWED_EARLY
        return token

    @staticmethod
    def _whose() -> tuple[str, str, str]:
        keys = conf.paypal()
        return address(), keys.client, keys.secret


_tokens = _Tokens()
_of_thread = threading.local()


def _session(hurried: bool) -> requests.Session:
    """Return this thread's connections: those for a waiting reader try once."""
    name = "hurried" if hurried else "patient"
    found: requests.Session | None = getattr(_of_thread, name, None)
    if found is None:
        found = requests.Session()
        retries = Retry(
            total=0 if hurried else _RETRIES,
            backoff_factor=0.3,
            allowed_methods=None,
            status_forcelist=[429, 500, 502, 503, 504],
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            found.mount(scheme, HTTPAdapter(max_retries=retries))
        setattr(_of_thread, name, found)
    return found


def _send(method: str, url: str, **more: Any) -> requests.Response:
    hurried = is_hurried()
    seconds = _HURRIED_SECONDS if hurried else _TIMEOUT_SECONDS
    try:
        return _session(hurried).request(method, url, timeout=seconds, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise ProviderAway(f"PayPal does not answer: {type(error).__name__}") from error


def _read(answer: requests.Response) -> Json:
    _refuse(answer)
    if not answer.content:
        return {}
    try:
        told: Json = answer.json()
    except ValueError as error:
        raise ProviderAway("PayPal answered with something that is not JSON") from error
    return told


def _refuse(answer: requests.Response) -> None:
    """Raise for an answer that is none of success."""
    if answer.ok and not answer.is_redirect:
        return
    try:
        told = answer.json()
    except ValueError:
        told = {}
    detail = (told.get("details") or [{}])[0]
    sentence = detail.get("description") or told.get("message") or told.get("error_description")
    sentence = str(sentence or f"HTTP {answer.status_code}")[:500]
    if answer.status_code >= 500 or answer.status_code in _PERHAPS_DONE or answer.is_redirect:
        raise ProviderAway(sentence)
    if answer.status_code in _NOT_ALLOWED:
        # No answer about the money at all: what was asked stays to be asked, so that no gift is lost by it.
        raise ProviderNotReady(sentence)
    raise Refused(sentence, status=answer.status_code, issue=str(detail.get("issue") or told.get("name") or ""))

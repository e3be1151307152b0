"""Calls that are sent twice are done once: the header ``Idempotency-Key`` (IETF draft of that name)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from masthead.accounts.errors import KeyUsedOtherwise
from masthead.accounts.services import Answer, answer_once
from masthead.core import ratelimit
from masthead.core.api import KEY_PATTERN, problem
from masthead.core.http import client_ip, ip_prefix, private
from masthead.discussion.views.visitors import guest_made_known, person_of
from masthead.edge import busy
from masthead.project.api import ROOT, plain_problem, refusal, reply

Handler = Callable[[HttpRequest], HttpResponse]
REPLAYED = "Idempotency-Replayed"
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT = ("Content-Type", "Location")
_NETWORK = "net:"
# Each new key is a row for a day, also where the call itself is refused, so they are counted before anything is stored.
# Far above what a program that writes has to do: every operation has a limit of its own besides.
_KEYS_PER_MINUTE = 120
# What was not decided: to be asked again with the same key.
_TOO_MANY, _FAILED = 429, 500


class IdempotencyMiddleware:
    """Answer a writing call that came before, by the same caller under the same key, as it was answered then.

    What was done and what was answered are committed together. Refusals are answers too; failures and limits are not.
    Of two at once the second waits for the answer of the first. Past ``_KEYS_PER_MINUTE`` of one account, or of one
    network for all others, a call is refused before anything is stored or done.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in _UNSAFE or not request.path.startswith(ROOT):
            return self.get_response(request)
        if not re.fullmatch(KEY_PATTERN, key):
            title = _("An Idempotency-Key has 1 to 255 characters: letters, digits and signs, no spaces.")
            return reply(problem(400, "api.key_not_valid", title))
        made: list[HttpResponse] = []

        def do() -> Answer:
            made.append(self.get_response(request))
            return _answer(made[0], is_known=not owner.startswith(_NETWORK))

        owner, user_id = _owner(request)
        try:
            _limit(request, user_id)
            answer, is_known = answer_once(
                owner=owner, user_id=user_id, key=key, fingerprint=_fingerprint(request), do=do
            )
        except (KeyUsedOtherwise, ratelimit.TooManyRequests) as error:
            return refusal(error)
        except OperationalError:
            response = reply(plain_problem(503))
            response["Retry-After"] = str(busy.RETRY_SECONDS)
            return response
        return _again(answer) if is_known else made[0]


def _owner(request: HttpRequest) -> tuple[str, int | None]:
    """Return whose key it is. Who is unknown has it in common with the own network, of which only a hash is kept."""
    token_id = getattr(request, "api_token_id", None)
    person = person_of(request)
    if token_id is not None:
        return f"token:{token_id}", person.user_id
    if person.user_id is not None:
        return f"user:{person.user_id}", person.user_id
    if person.guest:
        return f"guest:{person.guest}", None
    network = salted_hmac("masthead.idempotency", ip_prefix(client_ip(request)), algorithm="sha256")
    return f"{_NETWORK}{network.hexdigest()}", None


def _limit(request: HttpRequest, user_id: int | None) -> None:
    """Count a key. By network where no account stands behind it: a guest is somebody new as often as he likes."""
    caller = f"user:{user_id}" if user_id is not None else ip_prefix(client_ip(request))
    ratelimit.allow("api.keys", caller, limit=_KEYS_PER_MINUTE, per_seconds=60)


def _fingerprint(request: HttpRequest) -> str:
    asked = [str(request.method), request.get_full_path(), request.headers.get("Content-Type", "")]
    head = "\n".join(asked).encode()
    return hashlib.sha256(head + b"\n\n" + request.body).hexdigest()


def _answer(response: HttpResponse, *, is_known: bool) -> Answer:
    status, guest = response.status_code, "" if is_known else guest_made_known(response)
    return Answer(
        status=status,
        body=response.content.decode(),
        headers={name: response[name] for name in _KEPT if name in response},
        is_final=status < _FAILED and status != _TOO_MANY,
        new_owner=f"guest:{guest}" if guest else "",
    )


def _again(answer: Answer) -> HttpResponse:
    response = private(HttpResponse(answer.body, status=answer.status))
    for name in _KEPT:
        if name in answer.headers:
            response[name] = answer.headers[name]
        elif name in response:
            del response[name]
    response[REPLAYED] = "true"
    return response

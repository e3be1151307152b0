"""What every request to the API meets before and after its operation."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from masthead.accounts.errors import TokenNotValid
from masthead.accounts.services import use_token
from masthead.core import ratelimit
from masthead.core.api import PROBLEM_TYPE, problem_of
from masthead.project.api import plain_problem, reply

Handler = Callable[[HttpRequest], HttpResponse]
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_CARRIED = ("Retry-After", "Allow")


class ApiMiddleware:
    """Give every refusal below ``/api/`` the same form, whoever refused, and take no body but JSON.

    A form of another site's page cannot send JSON, so that is a second door before the check of who sent it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if request.method in _WITH_BODY and _has_body(request) and request.content_type != "application/json":
            return reply(plain_problem(415))
        if "Authorization" in request.headers:
            # A token stands for its owner alone: what the browser holds besides says nothing here.
            request.COOKIES = {}
        with ratelimit.watched() as spent:
            response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != PROBLEM_TYPE:
            carried = {name: response[name] for name in _CARRIED if name in response}
            response = reply(plain_problem(response.status_code))
            for name, value in carried.items():
                response[name] = value
        if spent:
            _tell_limits(response, spent)
        return response


def _tell_limits(response: HttpResponse, spent: list[ratelimit.Spent]) -> None:
    """Say what is left of the limits that this call counted against (IETF draft, RateLimit header fields)."""
    tightest = {item.action: item for item in sorted(spent, key=lambda item: -item.left)}
    response["RateLimit-Policy"] = ", ".join(
        f'"{item.action}";q={item.limit};w={item.per_seconds}' for item in tightest.values()
    )
    response["RateLimit"] = ", ".join(f'"{item.action}";r={item.left};t={item.seconds}' for item in tightest.values())


class ApiTokenMiddleware:
    """Let a call with a personal token be its owner's, as far as the token was made for it; refuse any other token."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = request.headers.get("Authorization", "")
        if not stated or not request.path.startswith("/api/"):
            return self.get_response(request)
        kind, _space, secret = stated.partition(" ")
        try:
            if kind.lower() != "bearer":
                raise TokenNotValid
            token = use_token(token=secret.strip())
        except TokenNotValid as refusal:
            response = reply(problem_of(refusal))
            response["WWW-Authenticate"] = "Bearer"
            return response
        request.user = token.user
        request.api_token_id = token.pk  # type: ignore[attr-defined]
        request.api_scopes = frozenset(token.scopes)  # type: ignore[attr-defined]
        return self.get_response(request)


def _has_body(request: HttpRequest) -> bool:
    return request.META.get("CONTENT_LENGTH") not in {None, "", "0"} or "HTTP_TRANSFER_ENCODING" in request.META

"""The API: the apps' routers put together, its description, and one form for every refusal."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from masthead import __version__
from masthead.core.api import KEY_PATTERN, PROBLEM_TYPE, SCOPES, Problem, ScopeMissing, problem, problem_of
from masthead.core.errors import DomainError
from masthead.core.http import private, public
from masthead.discussion.api import router as discussion
from masthead.funding.api import router as funding
from masthead.publishing.api import router as publishing

ROOT = "/api/v1/"
_SCOPES = {scope.__name__: scope.scope for scope in SCOPES}
_DESCRIPTION = """Reading what is public needs no token and is kept as the pages are: ask again with `If-None-Match`.
A refusal is `application/problem+json` with a stable `code`. Send an `Idempotency-Key` with whatever writes: the same
request with the same key is done once, however often it is sent within a day."""
_UNSAFE = frozenset({"post", "put", "patch", "delete"})
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A new random text for each thing to be done; a repetition gets the answer of the first time.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}

api = NinjaAPI(title="Masthead", version="1", docs_url=None, openapi_url=None, urls_namespace="api")
for _router in (discussion, publishing, funding):
    api.add_router("", _router)


def reply(body: dict[str, Any]) -> HttpResponse:
    """Return a refusal; nobody keeps it."""
    return private(HttpResponse(json.dumps(body), status=body["status"], content_type=PROBLEM_TYPE))


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return refusal(error)


def refusal(error: DomainError) -> HttpResponse:
    """Return what a service refused, and when to come again where it says so."""
    response = reply(problem_of(error))
    if "seconds" in error.params:
        response["Retry-After"] = str(error.params["seconds"])
    return response


@api.exception_handler(ScopeMissing)
def _scope_missing(request: HttpRequest, error: ScopeMissing) -> HttpResponse:
    title = _("This token may not do that: it was made without “%(scope)s”.") % error.params
    return reply(problem(error.status, error.code, title))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [(_place(item["loc"]), str(item["msg"])) for item in error.errors]
    return reply(problem(422, "api.invalid", _("The request is not as it must be: see the fields."), errors))


def _place(location: tuple[str | int, ...]) -> str:
    """Return ``body.text`` for where ninja found something wrong: it puts the parameter's name in between."""
    kind, *rest = (str(part) for part in location)
    return ".".join([kind, *(rest[1:] if kind == "body" else rest)])


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return reply(plain_problem(404))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return reply(plain_problem(error.status_code))


def plain_problem(status: int) -> dict[str, Any]:
    """Return the refusal of a request that never reached a service."""
    texts = {
        400: ("api.unreadable", _("The request cannot be read: is the body valid JSON?")),
        401: ("api.token_not_valid", _("This token is not valid (any more).")),
        403: ("api.forbidden", _("Another site's page sent this request, so nothing was done.")),
        404: ("api.not_found", _("There is nothing at this address.")),
        405: ("api.method_not_allowed", _("This address does not take that method.")),
        413: ("api.too_large", _("That is more than can be sent at once.")),
        415: ("api.unsupported_media_type", _("Send the body as application/json.")),
        503: ("api.unavailable", _("The site cannot answer just now. Please try again in a moment.")),
    }
    code, title = texts.get(status, ("api.failed", _("Something went wrong here. It has been noted.")))
    return problem(status, code, title)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Describe the API (OpenAPI 3.1)."""
    body = json.dumps({**description(), "info": _about()})
    return public(HttpResponse(body, content_type="application/json"))


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for addresses below ``/api/`` that do not exist."""
    return reply(plain_problem(404))


def _about() -> dict[str, str]:
    site = settings.MASTHEAD.site.name
    return {
        "title": f"{site} API" if site else "API",
        "version": f"1 (Masthead {__version__})",
        "description": _DESCRIPTION,
    }


@cache
def description() -> dict[str, Any]:
    """Return the description without the site's name: ninja's, with how refusals look and what a token must be for."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT), default=str))
    schemas = found["components"]["schemas"]
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= shape.pop("$defs")
    schemas["Problem"] = shape
    refusal = {
        "description": "Refused.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in found["paths"].values():
        for method, operation in path.items():
            operation["responses"]["default"] = refusal
            if method in _UNSAFE:
                operation.setdefault("parameters", []).append(_KEY_PARAMETER)
            for requirement in operation.pop("security", []):
                operation["x-scope"] = _SCOPES[next(iter(requirement))]
                # Without a token a guest or a signed-in reader may call it, as the pages of the site do.
                operation["security"] = [{"token": []}, {}]
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return found

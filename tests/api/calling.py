"""Call the API as a program does; each reply is held against the description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from masthead.core.api import PROBLEM_TYPE
from tests.client import CheckingClient

_DOCUMENT = "urn:document"
CALLED: set[tuple[str, str]] = set()


@cache
def _document_text() -> str:
    return CheckingClient().get("/api/openapi.json").content.decode()


def document() -> dict[str, Any]:
    """Return the description as the site gives it."""
    found: dict[str, Any] = json.loads(_document_text())
    return found


def operations() -> Iterator[tuple[str, str]]:
    """Yield method and path of everything that is described."""
    for path, item in document()["paths"].items():
        for method in item:
            yield method, path


class Caller:
    """A program, a page's script or a person's browser that speaks JSON."""

    def __init__(self, client: CheckingClient | None = None, *, token: str = "") -> None:
        self.client = client or CheckingClient()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **at: Any
    ) -> Any:
        """Call an operation by the path of its description, with ``at`` for its places, and check its reply."""
        query = at.pop("query", {})
        address = path.format(**at)
        sent = {**self.headers, **(headers or {})}
        if method == "get":
            reply = self.client.get(address, query, headers=sent)
        else:
            data = "" if body is None else json.dumps(body)
            kind = "application/json" if body is not None else ""
            reply = self.client.generic(method.upper(), address, data, content_type=kind, headers=sent)
        check(method, path, reply)
        if reply.status_code < 400:
            CALLED.add((method, path))
        return reply


def check(method: str, path: str, reply: Any) -> None:
    """Refuse a reply that is not as described."""
    described = document()["paths"][path][method]["responses"]
    if reply.status_code >= 400:
        assert reply["Content-Type"] == PROBLEM_TYPE, reply.content
        assert reply["Cache-Control"] == "private, no-store"
        body = reply.json()
        assert body["status"] == reply.status_code
        assert body["type"] == f"urn:masthead:problem:{body['code']}"
        _validate(["paths", path, method, "responses", "default", "content", PROBLEM_TYPE, "schema"], body)
        return
    assert str(reply.status_code) in described, f"{method} {path} answers {reply.status_code}, which is not described"
    if reply.status_code == 204:
        assert not reply.content
        return
    _validate(
        ["paths", path, method, "responses", str(reply.status_code), "content", "application/json", "schema"],
        reply.json(),
    )


def _validate(place: list[str], value: Any) -> None:
    pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)
    resource = Resource.from_contents(document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
    pointer = pointer.replace("{", "%7B").replace("}", "%7D")
    OAS31Validator({"$ref": f"{_DOCUMENT}#/{pointer}"}, registry=registry).validate(value)


def code(reply: Any) -> str:
    """Return the stable code of a refusal."""
    return str(reply.json()["code"])

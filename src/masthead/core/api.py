"""What the API of every app has in common: the shape of a refusal, who may call what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpRequest
from ninja import Field, Schema
from ninja.security.http import HttpAuthBase

from masthead.core.errors import DomainError

PROBLEM_TYPE = "application/problem+json"
ID_PATTERN = r"^[0-9a-z]{16}$"
KEY_PATTERN = r"^[!-~]{1,255}$"


class FieldProblem(Schema):
    """What is wrong with one input."""

    field: str = Field(description="Name of the input; `query.sort`, `body.text` or `path.comment_id`.")
    message: str


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type: str = Field(description="`urn:masthead:problem:` and the code.")
    title: str = Field(description="One sentence for people, in the language of the site.")
    status: int
    code: str = Field(description="Stable: compare this, not the title.")
    errors: list[FieldProblem] = Field(default=[], description="Inputs that were refused.")


def problem(status: int, code: str, title: str, errors: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the body of a refusal; ``errors`` are pairs of a field and what is wrong with it."""
    return {
        "type": f"urn:masthead:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "errors": [{"field": field, "message": message} for field, message in errors],
    }


def problem_of(error: DomainError) -> dict[str, Any]:
    """Return a service's refusal as the body of a reply."""
    field = getattr(error, "field", "")
    message = error.message()
    return problem(error.status, error.code, message, [(f"body.{field}", message)] if field else [])


class ScopeMissing(DomainError):
    """The token was made for less; ``params['scope']`` is what it would need. The project finds the words."""

    code = "api.scope_missing"
    status = 403


class Scope(HttpAuthBase):
    """Who may call an operation: a token made for it; without a token everybody, as on the pages of the site.

    What the person behind the call may do is asked by the services, here as there. The project has read the token
    before and noted in ``request.api_scopes`` what it was made for; nothing is noted where none was sent.
    """

    openapi_scheme = "bearer"
    openapi_description = "A personal token, made on the account page."

    scope: ClassVar[str]

    def __call__(self, request: HttpRequest) -> bool:
        """Let the call pass, or refuse :class:`ScopeMissing`."""
        held = getattr(request, "api_scopes", None)
        if held is not None and self.scope not in held:
            raise ScopeMissing(scope=self.scope)
        return True


class Read(Scope):
    """Reading what is one's own."""

    scope = "read"


class Write(Scope):
    """Writing, voting, deleting in one's own name."""

    scope = "write"


class Moderate(Scope):
    """Deciding about the comments of others, for those who may."""

    scope = "moderate"


SCOPES: tuple[type[Scope], ...] = (Read, Write, Moderate)

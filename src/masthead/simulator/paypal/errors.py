"""Refusals as PayPal words them: a name, an issue, a sentence."""

from __future__ import annotations

from masthead.simulator.store import Json

_MESSAGES = {
    "INVALID_REQUEST": "Request is not well-formed, syntactically incorrect, or violates schema.",
    "UNPROCESSABLE_ENTITY": "The requested action could not be performed, semantically incorrect, or failed business"
    " validation.",
    "RESOURCE_NOT_FOUND": "The specified resource does not exist.",
    "RESOURCE_CONFLICT": "The server has detected a conflict while processing this request.",
    "INTERNAL_SERVER_ERROR": "An internal server error has occurred.",
    "RATE_LIMIT_REACHED": "Too many requests. Blocked due to rate limiting.",
    "UNSUPPORTED_MEDIA_TYPE": "The server does not support the request payload's media type.",
}
_STATUS = {
    "INVALID_REQUEST": 400,
    "UNPROCESSABLE_ENTITY": 422,
    "RESOURCE_NOT_FOUND": 404,
    "RESOURCE_CONFLICT": 409,
    "INTERNAL_SERVER_ERROR": 500,
    "RATE_LIMIT_REACHED": 429,
    "UNSUPPORTED_MEDIA_TYPE": 415,
}


class PayPalError(Exception):
    """A refusal. ``commit``: what was recorded of it stays; ``kept``: a repetition of the request gets it again."""

    def __init__(self, status: int, body: Json, *, commit: bool = False, kept: bool = False) -> None:
        """Say the status and the body."""
        super().__init__(str(body.get("message") or body))
        self.status = status
        self.body = body
        self.commit = commit
        self.kept = kept


def refusal(
    name: str,
    issue: str = "",
    description: str = "",
    *,
    field: str = "",
    commit: bool = False,
    links: list[Json] | None = None,
) -> PayPalError:
    """Refuse with a name and, where there is one, an issue."""
    body: Json = {"name": name, "message": _MESSAGES[name], "debug_id": "simulator"}
    if issue:
        detail = {"issue": issue, "description": description}
        body["details"] = [{"field": field, **detail} if field else detail]
    if links:
        body["links"] = links
    return PayPalError(_STATUS[name], body, commit=commit, kept=name == "UNPROCESSABLE_ENTITY")


def invalid(field: str, issue: str, description: str) -> PayPalError:
    """Refuse a value that is wrong in itself."""
    return refusal("INVALID_REQUEST", issue, description, field=field)


def impossible(issue: str, description: str) -> PayPalError:
    """Refuse what cannot be done as things are."""
    return refusal("UNPROCESSABLE_ENTITY", issue, description)


def unknown(kind: str, id_: str) -> PayPalError:
    """Refuse an id that is unknown in this account and mode."""
    return refusal("RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID", f"No such {kind}: {id_}.")

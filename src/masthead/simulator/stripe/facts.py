"""Facts of the Stripe side: kept, listed, and sent to the endpoints that asked for their kind, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from masthead.simulator import sparse
from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import real
from masthead.simulator.post import signer
from masthead.simulator.store import Json
from masthead.simulator.stripe.api import VERSION, Call, endpoint
from masthead.simulator.stripe.errors import malformed, missing
from masthead.simulator.stripe.shapes import page
from masthead.simulator.world import World

_TEN_MINUTES = 600


def save(book: Book, doc: Json, event: str | None = None) -> Json:
    """Keep a document and tell the fact; of an update also what was before."""
    before = book.get(doc["object"], doc["id"])
    book.put(doc)
    if event:
        changed = event.endswith(".updated") and before is not None
        previous = _difference(book.told(before or {}), book.told(doc)) if changed else None
        emit(book, event, doc, previous)
    return doc


def _difference(before: Json, after: Json) -> Json:
    names = {*before, *after}
    return {name: before.get(name) for name in sorted(names) if before.get(name) != after.get(name)}


def emit(book: Book, type_: str, doc: Json, previous: Json | None = None) -> Json:
    """Keep an event with the document as it is now, and queue it for every endpoint that wants it."""
    data: Json = {"object": book.told(doc)}
    if previous is not None:
        data["previous_attributes"] = previous
    endpoints = [
        item
        for item in book.find("webhook_endpoint", status="enabled")
        if "*" in item["enabled_events"] or type_ in item["enabled_events"]
    ]
    event: Json = {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": VERSION,
        "created": book.now,
        "data": data,
        "livemode": book.live,
        "pending_webhooks": len(endpoints),
        "request": dict(book.request),
        "type": type_,
    }
    book.put(event)
    for item in endpoints:
        body = json.dumps(sparse.told(book.world, "stripe", event), indent=2, ensure_ascii=False)
        book.world.post.queue(book, endpoint=item, event_id=event["id"], type_=type_, body=body)
    return event


@signer("stripe")
def sign(world: World, delivery: Json, body: bytes) -> dict[str, str]:
    """Sign the exact bytes with the endpoint's secret. The time is real, as with Stripe's own movable clocks."""
    flaws = delivery["flaws"]
    at = world.clock.now() if world.store.setting("sign_with") == "simulated" else real()
    at -= _TEN_MINUTES if "stale_signature" in flaws else 0
    at += _TEN_MINUTES if "future_signature" in flaws else 0
    secret = "whsec_of_somebody_else" if "wrong_signature" in flaws else delivery["secret"]
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={digest}", "User-Agent": "Stripe/1.0 (masthead simulator)"}


@endpoint(
    "GET",
    "/v1/events",
    params="EventListParams",
    plays="type types limit starting_after ending_before created delivery_success",
)
def list_events(call: Call) -> Json:
    """List what happened, of the last thirty days as Stripe does."""
    oldest = call.book.now - 30 * 86_400
    events = [item for item in call.book.find("event") if item["created"] >= oldest]
    return page(call.params, [item for item in events if _wanted(call, item)], "/v1/events")


def _wanted(call: Call, event: Json) -> bool:
    types: list[str] = call.params.get("types") or ([call.params["type"]] if "type" in call.params else [])
    delivered: Any = call.params.get("delivery_success")
    kinds = {word for word in types if word.endswith(".*")}
    right = not types or event["type"] in types or any(event["type"].startswith(kind[:-1]) for kind in kinds)
    return right and (delivered is None or delivered == (event["pending_webhooks"] == 0))


@endpoint("GET", "/v1/events/{id_}", params="EventRetrieveParams")
def retrieve_event(call: Call, id_: str) -> Json:
    """Return one event."""
    event = call.book.get("event", id_)
    if event is None:
        raise missing("event", id_)
    return event


@endpoint(
    "POST",
    "/v1/webhook_endpoints",
    params="WebhookEndpointCreateParams",
    plays="url enabled_events description metadata api_version",
)
def create_endpoint(call: Call) -> Json:
    """Let events go to an address; the secret is told this once."""
    made = make_endpoint(call.book, **call.params)
    return {**made, "secret": made["_secret"]}


def make_endpoint(book: Book, *, url: str, enabled_events: list[str], secret: str = "", **more: Any) -> Json:
    """Keep an endpoint."""
    if not url.startswith(("http://", "https://")) or (book.live and url.startswith("http://") and not _local(url)):
        raise malformed("Invalid URL: An explicit scheme (such as https) must be provided.", param="url")
    return book.put(
        {
            "id": new_id("we_"),
            "object": "webhook_endpoint",
            "api_version": more.get("api_version", VERSION),
            "application": None,
            "created": book.now,
            "description": more.get("description"),
            "enabled_events": enabled_events,
            "livemode": book.live,
            "metadata": more.get("metadata") or {},
            "status": "enabled",
            "url": url,
            "_secret": secret or new_id("whsec_", 32),
        }
    )


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "http://localhost"))


@endpoint(
    "POST",
    "/v1/webhook_endpoints/{id_}",
    params="WebhookEndpointUpdateParams",
    plays="url enabled_events description disabled metadata",
)
def update_endpoint(call: Call, id_: str) -> Json:
    """Change an endpoint."""
    kept = retrieve_endpoint(call, id_)
    changes = {name: value for name, value in call.params.items() if name != "disabled"}
    if "disabled" in call.params:
        changes["status"] = "disabled" if call.params["disabled"] else "enabled"
    return call.book.put({**kept, **changes})


@endpoint(
    "GET", "/v1/webhook_endpoints", params="WebhookEndpointListParams", plays="limit starting_after ending_before"
)
def list_endpoints(call: Call) -> Json:
    """List the endpoints."""
    return page(call.params, call.book.find("webhook_endpoint"), "/v1/webhook_endpoints")


@endpoint("GET", "/v1/webhook_endpoints/{id_}", params="WebhookEndpointRetrieveParams")
def retrieve_endpoint(call: Call, id_: str) -> Json:
    """Return one endpoint."""
    kept = call.book.get("webhook_endpoint", id_)
    if kept is None:
        raise missing("webhook endpoint", id_)
    return kept


@endpoint("DELETE", "/v1/webhook_endpoints/{id_}", params="WebhookEndpointDeleteParams")
def delete_endpoint(call: Call, id_: str) -> Json:
    """Forget an endpoint."""
    retrieve_endpoint(call, id_)
    call.book.world.store.delete(call.book.name, "webhook_endpoint", id_)
    return {"id": id_, "object": "webhook_endpoint", "deleted": True}

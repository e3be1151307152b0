"""Notifications: kept, listed, sent to the webhooks that asked for their kind, signed; and the check of signatures."""

from __future__ import annotations

import base64
import json
import urllib.parse
import uuid
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from masthead.simulator import sparse
from masthead.simulator.book import Book, new_id
from masthead.simulator.clock import iso, real
from masthead.simulator.paypal import authority
from masthead.simulator.paypal.api import Ask, endpoint
from masthead.simulator.paypal.errors import impossible, invalid, unknown
from masthead.simulator.post import signer
from masthead.simulator.store import Json
from masthead.simulator.world import World

_TEN_MINUTES = 600
ALGORITHM = "SHA256withRSA"
_VERIFY = {
    "auth_algo!": str, "cert_url!": str, "transmission_id!": str, "transmission_sig!": str, "transmission_time!": str,
    "webhook_id!": str, "webhook_event!": dict,
}  # fmt: skip


def notify(book: Book, type_: str, resource: Json, *, kind: str, summary: str, version: str = "2.0") -> Json:
    """Keep a notification with the resource as it is now, and queue it for every webhook that wants it."""
    event: Json = {
        "id": f"WH-{new_id('', 17).upper()}-{new_id('', 17).upper()}",
        "event_version": "1.0",
        "create_time": iso(book.now),
        "resource_type": kind,
        "resource_version": version,
        "event_type": type_,
        "summary": summary,
        "resource": book.told(resource),
        "links": [],
    }
    event["links"] = [link(book, f"/v1/notifications/webhooks-events/{event['id']}", "self")]
    book.put(event, "event")
    for hook in book.find("webhook"):
        if {"*", type_} & {item["name"] for item in hook["event_types"]}:
            told = sparse.told(book.world, "paypal", event)
            body = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
            book.world.post.queue(book, endpoint=hook, event_id=event["id"], type_=type_, body=body)
    return event


def link(book: Book, path: str, rel: str, method: str = "GET") -> Json:
    """Return a link as PayPal writes it."""
    return {"href": f"{book.world.base}{path}", "rel": rel, "method": method}


@signer("paypal")
def sign(world: World, delivery: Json, body: bytes) -> dict[str, str]:
    """Sign the identity, time, webhook and checksum of the exact bytes. The time is real, as with Stripe's side."""
    flaws = delivery["flaws"]
    at = world.clock.now() if world.store.setting("sign_with") == "simulated" else real()
    at += _TEN_MINUTES * (("future_signature" in flaws) - ("stale_signature" in flaws))
    id_ = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{delivery['event']}/{delivery['endpoint']}"))
    message = f"{id_}|{iso(at)}|{delivery['endpoint']}|{zlib.crc32(body)}".encode()
    return {
        "PAYPAL-TRANSMISSION-ID": id_,
        "PAYPAL-TRANSMISSION-TIME": iso(at),
        "PAYPAL-TRANSMISSION-SIG": authority.sign(world.store, message, stranger="wrong_signature" in flaws),
        "PAYPAL-CERT-URL": f"{world.base}{authority.certificate_path(world.store)}",
        "PAYPAL-AUTH-ALGO": ALGORITHM,
        "User-Agent": "PayPal/AUHD-214.0 (masthead simulator)",
    }


@endpoint("POST", "/v1/notifications/verify-webhook-signature", shape=_VERIFY)
def verify(ask: Ask) -> Json:
    """Tell whether a notification is ours. The event must stand in the body exactly as it was sent."""
    right = _signed(ask) and ask.book.get("webhook", ask.body["webhook_id"]) is not None
    return {"verification_status": "SUCCESS" if right else "FAILURE"}


def _signed(ask: Ask) -> bool:
    body, store = ask.body, ask.book.world.store
    if body["auth_algo"] != ALGORITHM:
        raise invalid("/auth_algo", "VALIDATION_ERROR", "Invalid auth_algo.")
    if body["cert_url"] != f"{ask.book.world.base}{authority.certificate_path(store)}":
        return False
    checksum = zlib.crc32(_exact(ask.request.body.decode(), "webhook_event").encode())
    message = f"{body['transmission_id']}|{body['transmission_time']}|{body['webhook_id']}|{checksum}"
    key = load_pem_x509_certificate(authority.keys(store)["certificate"].encode()).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        signature = base64.b64decode(body["transmission_sig"])
        key.verify(signature, message.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _exact(text: str, name: str) -> str:
    """Return the exact text of a member of a JSON object."""
    decoder, at = json.JSONDecoder(), text.index("{") + 1
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        found, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n:"))
        _, end = decoder.raw_decode(text, at)
        if found == name:
            return text[at:end]
        at = end


@endpoint("POST", "/v1/notifications/webhooks", shape={"url!": str, "event_types!": [{"name!": str}]}, status=201)
def create_webhook(ask: Ask) -> Json:
    """Let notifications go to an address."""
    return make_webhook(ask.book, url=ask.body["url"], event_types=[item["name"] for item in ask.body["event_types"]])


def make_webhook(book: Book, *, url: str, event_types: list[str]) -> Json:
    """Keep a webhook. Refuses an address that is known."""
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise invalid("/url", "VALIDATION_ERROR", "Not a valid webhook URL")
    if book.find("webhook", url=url):
        raise impossible("WEBHOOK_URL_ALREADY_EXISTS", "Webhook URL already exists")
    made: Json = {"id": new_id("", 17).upper(), "url": url, "event_types": [{"name": name} for name in event_types]}
    made["links"] = [link(book, f"/v1/notifications/webhooks/{made['id']}", "self")]
    return book.put(made, "webhook")


@endpoint("GET", "/v1/notifications/webhooks")
def list_webhooks(ask: Ask) -> Json:
    """List the webhooks."""
    return {"webhooks": ask.book.find("webhook")}


@endpoint("GET", "/v1/notifications/webhooks/{id_}")
def get_webhook(ask: Ask, id_: str) -> Json:
    """Return a webhook."""
    found = ask.book.get("webhook", id_)
    if found is None:
        raise unknown("webhook", id_)
    return found


@endpoint("DELETE", "/v1/notifications/webhooks/{id_}", status=204)
def delete_webhook(ask: Ask, id_: str) -> None:
    """Forget a webhook."""
    get_webhook(ask, id_)
    ask.book.world.store.delete(ask.book.name, "webhook", id_)


@endpoint("GET", "/v1/notifications/webhooks-events", query="page_size start_time end_time event_type next_page_token")
def list_events(ask: Ask) -> Json:
    """List notifications, newest first."""
    size = int(ask.query.get("page_size", "10"))
    found = [item for item in reversed(ask.book.find("event")) if _within(ask, item)]
    first = int(ask.query.get("next_page_token", "0"))
    shown = found[first : first + size]
    links = []
    if first + size < len(found):
        more = urllib.parse.urlencode({**ask.query, "next_page_token": first + size})
        links.append(link(ask.book, f"{ask.request.path}?{more}", "next"))
    return {"events": shown, "count": len(shown), "links": links}


def _within(ask: Ask, event: Json) -> bool:
    start, end = ask.query.get("start_time", ""), ask.query.get("end_time", "9999")
    kind = ask.query.get("event_type", event["event_type"])
    return start <= str(event["create_time"]) <= end and bool(event["event_type"] == kind)


@endpoint("GET", "/v1/notifications/webhooks-events/{id_}")
def get_event(ask: Ask, id_: str) -> Json:
    """Return a notification."""
    found = ask.book.get("event", id_)
    if found is None:
        raise unknown("event", id_)
    return found

"""The pages people see on the PayPal side: approving an order or a subscription. Plain forms, no script."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from masthead.simulator.book import Book
from masthead.simulator.http import Reply, Request, Route, path_pattern, redirect
from masthead.simulator.markup import button, el, field, page
from masthead.simulator.paypal import authority, orders, subscriptions
from masthead.simulator.store import Json
from masthead.simulator.world import World

_WAITING = {"CREATED", "PAYER_ACTION_REQUIRED", "APPROVAL_PENDING"}
Known = tuple[Book, Json, str]


def routes(world: World) -> list[Route]:
    """Return the addresses of the pages and of the certificate."""

    def bound(function: Callable[..., Reply]) -> Callable[..., Reply]:
        return lambda request, **ids: function(world, request, **ids)

    return [
        ("GET", path_pattern("/checkoutnow"), bound(show)),
        ("POST", path_pattern("/checkoutnow"), bound(send)),
        ("GET", path_pattern("/webapps/billing/subscriptions"), bound(show)),
        ("POST", path_pattern("/webapps/billing/subscriptions"), bound(send)),
        ("GET", path_pattern("/webapps/billing/subscriptions/update"), bound(show_revision)),
        ("POST", path_pattern("/webapps/billing/subscriptions/update"), bound(send_revision)),
        ("GET", path_pattern("/myaccount/autopay/"), bound(show_autopay)),
        ("GET", path_pattern("/v1/notifications/certs/{id_}"), bound(certificate)),
        ("GET", path_pattern("/_control/paypal/authority.pem"), bound(root)),
    ]


def _pem(text: str) -> Reply:
    return Reply(200, text.encode(), {"Content-Type": "application/x-pem-file"})


def certificate(world: World, request: Request, id_: str) -> Reply:
    """Serve the certificate whose key signs notifications."""
    if request.path != authority.certificate_path(world.store):
        return Reply(404, f"No certificate {id_}\n".encode(), {"Content-Type": "text/plain"})
    return _pem(authority.keys(world.store)["certificate"])


def root(world: World, _: Request) -> Reply:
    """Serve the root that signed it, for whoever tests that a certificate comes from it."""
    return _pem(authority.keys(world.store)["root"])


def _known(world: World, request: Request) -> Known | None:
    arguments = request.arguments()
    kind, id_ = (
        ("order", arguments["token"]) if "token" in arguments else ("subscription", arguments.get("ba_token", ""))
    )
    name = world.store.locate(kind, id_)
    if name is None:
        return None
    book = Book.named(world, name)
    return book, book.the(kind, id_), kind


def show(world: World, request: Request) -> Reply:
    """Show what is to be approved, and the form."""
    known = _known(world, request)
    if known is None:
        return page("Nothing is here", el("p", "This address belongs to nothing the simulator knows."), status=404)
    return _form(*known, address=f"{request.path}?{request.query}")


def _form(_: Book, doc: Json, kind: str, *, address: str, refusal: str = "") -> Reply:
    if doc["status"] not in _WAITING:
        return page("PayPal", el("p", "There is nothing to approve here any more."), status=410)
    chosen = orders.INSTRUMENTS if kind == "order" else subscriptions.INSTRUMENTS
    labels = [
        el("label", el("input", type="radio", name="instrument", value=name, checked=name == "pays"), f" {words}")
        for name, words in chosen.items()
    ]
    return page(
        "PayPal",
        el("section", el("dl", el("dt", _what(doc, kind)), el("dd", _amount(doc, kind), class_="total")), class_="sum"),
        el("p", refusal, class_="refusal", role="alert") if refusal else "",
        el(
            "form",
            field("E-mail", "email", type="email", value="reader@example.org", required=True),
            field("Name", "name", value="Riley Reader", required=True),
            el("fieldset", el("legend", "Pay with"), *labels, class_="choice"),
            button("Approve", class_="go", id="approve"),
            method="post",
            action=address,
        ),
        el("p", el("a", "Cancel and go back", href=_back(doc, kind, "cancel_url"), id="cancel")),
    )


def _what(doc: Json, kind: str) -> str:
    if kind == "order":
        return str(doc["purchase_units"][0].get("description") or "Payment")
    frequency = doc["_cycle"]["frequency"]
    unit = frequency["interval_unit"].lower()
    count = frequency["interval_count"]
    return f"Every {unit}" if count == 1 else f"Every {count} {unit}s"


def _amount(doc: Json, kind: str) -> str:
    if kind == "order":
        amount = doc["purchase_units"][0]["amount"]
        return f"{amount['value']} {amount['currency_code']}"
    from masthead.simulator.paypal import money

    amount = money.write(doc["_minor"], doc["_currency"])
    return f"{amount['value']} {amount['currency_code']}"


def _back(doc: Json, kind: str, name: str) -> str:
    names = {
        "order": {"token": doc["id"]},
        "subscription": {"subscription_id": doc["id"], "ba_token": f"BA-{doc['id']}"},
    }
    arguments = dict(names[kind])
    if kind == "order" and name == "return_url":
        arguments["PayerID"] = doc["payer"]["payer_id"]
    address = doc["_context"][name]
    return f"{address}{'&' if '?' in address else '?'}{urllib.parse.urlencode(arguments)}"


def send(world: World, request: Request) -> Reply:
    """Approve with what the form says."""
    known = _known(world, request)
    if known is None:
        return show(world, request)
    return submit(*known, form=request.form(), address=f"{request.path}?{request.query}")


def show_revision(world: World, request: Request) -> Reply:
    """Show the amount to which a subscriber is to agree."""
    known = _known(world, request)
    if known is None or "_wanted" not in known[1]:
        return page("Nothing is here", el("p", "There is nothing to agree to."), status=404)
    doc = known[1]
    amount = _amount({**doc, "_minor": doc["_wanted"]}, "subscription")
    terms = el("dl", el("dt", "From the next payment on"), el("dd", amount))
    address = f"{request.path}?{request.query}"
    form = el("form", button("Agree", class_="go", id="agree"), method="post", action=address)
    return page("PayPal", terms, form)


def send_revision(world: World, request: Request) -> Reply:
    """Agree, and go back to where the subscription was begun from."""
    known = _known(world, request)
    if known is None or "_wanted" not in known[1]:
        return show_revision(world, request)
    book, doc, kind = known
    with book.world.store.transaction():
        subscriptions.agree(book, doc)
    book.world.post.wake()
    return redirect(_back(doc, kind, "return_url"))


def show_autopay(_: World, __: Request) -> Reply:
    """Say what stands here at PayPal."""
    return page("PayPal", el("p", "Here PayPal's members choose what pays for their subscriptions."))


def submit(book: Book, doc: Json, kind: str, *, form: dict[str, str], address: str = "") -> Reply:
    """Approve an order or a subscription with a filled form; goes back to where its maker said."""
    chosen = orders.INSTRUMENTS if kind == "order" else subscriptions.INSTRUMENTS
    instrument = form.get("instrument", "pays")
    email, name = form.get("email", "").strip(), form.get("name", "").strip()
    if doc["status"] not in _WAITING:
        return _form(book, doc, kind, address=address)
    if instrument not in chosen or "@" not in email or not name:
        return _form(book, doc, kind, address=address, refusal="Please fill in everything.")
    approve = orders.approve if kind == "order" else subscriptions.approve
    with book.world.store.transaction():
        doc = approve(book, doc, email=email, name=name, instrument=instrument)
    book.world.post.wake()
    return redirect(_back(doc, kind, "return_url"))

"""The pages people see on the Stripe side: checkout and papers. Plain forms, no script."""

from __future__ import annotations

from collections.abc import Callable

from masthead.simulator.book import Book
from masthead.simulator.http import Reply, Request, Route, path_pattern, redirect
from masthead.simulator.markup import Html, button, el, field, join, page
from masthead.simulator.store import Json
from masthead.simulator.stripe import money, paying
from masthead.simulator.stripe.errors import StripeError
from masthead.simulator.stripe.payment_methods import make_card, make_debit
from masthead.simulator.world import World

_HINTS = ("4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0025 0000 3155", "4000 0000 0000 0341")


def routes(world: World) -> list[Route]:
    """Return the addresses of the hosted pages."""

    def bound(function: Callable[..., Reply]) -> Callable[..., Reply]:
        return lambda request, **ids: function(world, request, **ids)

    return [
        ("GET", path_pattern("/c/pay/{id_}"), bound(show_checkout)),
        ("POST", path_pattern("/c/pay/{id_}"), bound(send_checkout)),
        ("GET", path_pattern("/receipts/{id_}"), bound(show_receipt)),
        ("GET", path_pattern("/invoices/{id_}"), bound(show_invoice)),
    ]


def found(world: World, kind: str, id_: str) -> tuple[Book, Json] | None:
    """Return a document that a page names, with its book."""
    name = world.store.locate(kind, id_)
    if name is None:
        return None
    book = Book.named(world, name)
    return book, book.the(kind, id_)


def nothing_here() -> Reply:
    """Say that an address leads nowhere."""
    return page("Nothing is here", el("p", "This address belongs to nothing the simulator knows."), status=404)


def attempt(book: Book, action: Callable[[], Reply]) -> tuple[Reply | None, str]:
    """Do what a form asks in one transaction; a refusal comes back as its sentence, and what it recorded stays."""
    try:
        with book.world.store.transaction():
            try:
                return action(), ""
            except StripeError as refusal:
                if not refusal.commit:
                    raise
                return None, str(refusal)
    except StripeError as refusal:
        return None, str(refusal)
    finally:
        book.world.post.wake()


# Checkout


def show_checkout(world: World, _: Request, id_: str) -> Reply:
    """Show what is to be paid, and the form."""
    known = found(world, "checkout.session", id_)
    return checkout_page(*known) if known else nothing_here()


def checkout_page(book: Book, session: Json, refusal: str = "", given: dict[str, str] | None = None) -> Reply:
    """Show a session as it is: to be paid, with what was refused, or over."""
    if session["status"] != "open":
        words = {"complete": "This has been paid. You can close this page.", "expired": "This session has expired."}
        back = el("p", el("a", "Back", href=session["cancel_url"])) if session["cancel_url"] else ""
        return page("Checkout", el("p", words[session["status"]]), back, status=410)
    given = given or {}
    parts: list[object] = [_sum(book, session)]
    if refusal:
        parts.append(el("p", refusal, class_="refusal", role="alert", id="refusal"))
    parts.append(_form(book, session, given))
    if session["cancel_url"]:
        parts.append(el("p", el("a", "Cancel and go back", href=session["cancel_url"], id="cancel")))
    return page("Checkout", *parts, status=402 if refusal else 200)


def _sum(book: Book, session: Json) -> Html:
    rows = []
    for item in session["_items"]:
        price, product = item["price"], book.the("product", item["price"]["product"])
        amount = money.written(price["unit_amount"] * item["quantity"], price["currency"])
        rows += [el("dt", f"{item['quantity']} × {product['name']}"), el("dd", amount + _rhythm(price))]
    total = money.written(session["amount_total"], session["currency"])
    rows += [el("dt", "To pay now", class_="total"), el("dd", total, class_="total")]
    return el("section", el("dl", *rows), class_="sum")


def _rhythm(price: Json) -> str:
    if not price["recurring"]:
        return ""
    count, interval = price["recurring"]["interval_count"], price["recurring"]["interval"]
    return f" every {interval}" if count == 1 else f" every {count} {interval}s"


def _form(book: Book, session: Json, given: dict[str, str]) -> Html:
    customer = book.get("customer", session["customer"]) or {}
    email = given.get("email") or session["customer_email"] or customer.get("email") or ""
    name = given.get("name") or customer.get("name") or ""
    both = len(session["payment_method_types"]) > 1
    parts: list[object] = [
        field("E-mail", "email", type="email", value=email, required=True, autocomplete="email"),
        field("Name", "name", value=name, required=True, autocomplete="name"),
    ]
    if both:
        parts.append(_choice(given.get("method", "card")))
    if "card" in session["payment_method_types"]:
        parts.append(card_fields(required=not both))
    if "sepa_debit" in session["payment_method_types"]:
        hint = "DE89 3704 0044 0532 0130 00 pays after days, DE62 3704 0044 0532 0130 01 fails after days."
        parts.append(field("IBAN", "iban", hint=hint, autocomplete="off"))
    verb = "Subscribe" if session["mode"] == "subscription" else "Pay"
    label = f"{verb}: {money.written(session['amount_total'], session['currency'])}"
    parts.append(button(label, class_="go", id="pay"))
    return el("form", *parts, method="post", action=f"/c/pay/{session['id']}")


def _choice(chosen: str) -> Html:
    options = [("card", "Card"), ("sepa_debit", "SEPA direct debit")]
    labels = [
        el(
            "label",
            el("input", type="radio", name="method", value=value, checked=value == chosen, id=f"method-{value}"),
            f" {label}",
        )
        for value, label in options
    ]
    return el("fieldset", el("legend", "Pay by"), *labels, class_="choice")


def card_fields(*, required: bool) -> Html:
    """Return the inputs of a card."""
    hint = (
        f"{_HINTS[0]} pays, {_HINTS[1]} is declined, {_HINTS[2]} asks for 3-D Secure, {_HINTS[3]} pays now and is"
        " declined later."
    )
    return join(
        field(
            "Card number",
            "card_number",
            hint=hint,
            required=required,
            inputmode="numeric",
            autocomplete="cc-number",
        ),
        el(
            "div",
            field("Valid until", "exp", value="12 / 34", autocomplete="cc-exp"),
            field("CVC", "cvc", value="123", inputmode="numeric", autocomplete="cc-csc"),
            class_="pair",
        ),
    )


def read_card(book: Book, form: dict[str, str], **given: object) -> Json:
    """Make the card a form describes. Refuses what is none."""
    digits = [part for part in form.get("exp", "12/34").replace(" ", "").split("/") if part.isdigit()]
    month, year = (int(digits[0]), int(digits[1])) if len(digits) == 2 else (0, 0)
    year += 2000 if year < 100 else 0
    number = "".join(form.get("card_number", "").split())
    return make_card(book, number, exp=(month, year), cvc=form.get("cvc") or None, **given)


def send_checkout(world: World, request: Request, id_: str) -> Reply:
    """Try to pay with what the form says."""
    known = found(world, "checkout.session", id_)
    if known is None:
        return nothing_here()
    form = request.form()
    return submit(*known, form)


def submit(book: Book, session: Json, form: dict[str, str]) -> Reply:
    """Pay a session with a filled form: goes on to the success page, to 3-D Secure, or back with a refusal."""
    if session["status"] != "open":
        return checkout_page(book, session)
    payer = paying.Payer(form.get("email", "").strip(), form.get("name", "").strip())
    if "@" not in payer.email or not payer.name:
        return checkout_page(book, session, "Please write your e-mail address and your name.", form)

    def action() -> Reply:
        person = {"email": payer.email, "name": payer.name}
        if form.get("method") == "sepa_debit" or session["payment_method_types"] == ["sepa_debit"]:
            method = make_debit(book, form.get("iban", ""), billing_details=person)
        else:
            method = read_card(book, form, billing_details=person)
        asking = paying.pay(book, session, payer, method)
        return redirect(asking or success_address(session))

    reply, refusal = attempt(book, action)
    if reply is not None:
        return reply
    return checkout_page(book, book.the("checkout.session", session["id"]), refusal, form)


def success_address(session: Json) -> str:
    """Return where the browser goes after success, with the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


# Papers


def show_receipt(world: World, _: Request, id_: str) -> Reply:
    """Show a charge as its payer sees it."""
    known = found(world, "charge", id_)
    if known is None:
        return nothing_here()
    charge = known[1]
    amount = money.written(charge["amount"], charge["currency"])
    given_back = money.written(charge["amount_refunded"], charge["currency"])
    return page("Receipt", el("p", f"Paid: {amount}"), el("p", f"Given back: {given_back}"))


def show_invoice(world: World, _: Request, id_: str) -> Reply:
    """Show an invoice as its payer sees it."""
    known = found(world, "invoice", id_)
    if known is None:
        return nothing_here()
    invoice = known[1]
    due = money.written(invoice["amount_due"], invoice["currency"])
    return page(f"Invoice {invoice['number']}", el("p", f"{due}, {invoice['status']}"))

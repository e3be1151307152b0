"""The control API below ``/_control/``: the clock, the switchboard, the post, and what only banks can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from masthead.simulator.book import Book
from masthead.simulator.clock import from_iso, iso
from masthead.simulator.http import Reply, Request, Route, json_reply, path_pattern, redirect
from masthead.simulator.paypal.errors import PayPalError
from masthead.simulator.store import Json
from masthead.simulator.stripe import balance, disputes, facts, intents, money, pages, refunds
from masthead.simulator.stripe.charges import the_charge
from masthead.simulator.stripe.checkout import the_session
from masthead.simulator.stripe.errors import StripeError, missing
from masthead.simulator.world import World

Action = Callable[..., Any]
ACTIONS: list[tuple[str, str, Action]] = []
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_ACCOUNT = {
    "currency", "fee_permille", "fee_fixed", "fee_dispute", "available_days", "debit_days", "after_retries", "rates",
}  # fmt: skip


def action(method: str, path: str) -> Callable[[Action], Action]:
    """Declare what a control call does: a function of the world, the given values, and the ids of the path."""

    def register(function: Action) -> Action:
        ACTIONS.append((method, path, function))
        return function

    return register


def routes(world: World) -> list[Route]:
    """Return the addresses of the control API."""
    return [(method, path_pattern(f"/_control{path}"), answered(world, function)) for method, path, function in ACTIONS]


def answered(world: World, function: Action) -> Callable[..., Reply]:
    """Let an action answer requests: JSON in and out, or a form that leads back to the switchboard."""

    def answer(request: Request, **ids: str) -> Reply:
        form = request.header("content-type").startswith("application/x-www-form-urlencoded")
        try:
            given = _given(request, form=form)
            result = function(world, given, **ids)
        except (StripeError, PayPalError) as error:
            result, status = error.body, error.status
        except (ValueError, LookupError, TypeError) as error:
            result, status = {"error": {"message": str(error)}}, 400
        else:
            status = 200
        world.post.wake()
        if form and status == 200:
            return redirect("/_control/")
        return json_reply(status, result)

    return answer


def _given(request: Request, *, form: bool) -> Json:
    if request.method in {"GET", "DELETE"}:
        return dict(request.arguments())
    if form:
        return {name: int(value) if value.isdigit() else value for name, value in request.form().items() if value}
    given = request.json()
    if not isinstance(given, dict):
        raise ValueError("The body must be a JSON object.")
    return given


def _book(world: World, key: str) -> Book:
    """Return the book of a secret key, which control calls name instead of an account."""
    request = Request("GET", "/", "", {"authorization": f"Bearer {key}"}, b"")
    from masthead.simulator.stripe.api import authenticate

    return authenticate(world, request)


# The clock


@action("GET", "/state")
def state(world: World, _: Json) -> Json:
    """Return the clock, the rules and the accounts."""
    now = world.clock.now()
    return {
        "now": now,
        "iso": iso(now),
        "following": world.clock.following,
        "post": world.post.mode,
        "sign_with": world.store.setting("sign_with") or "real",
        "sparse": bool(world.store.setting("sparse")),
        "rules": [asdict(rule) for rule in world.switchboard.rules()],
        "waiting": len(world.post.deliveries(state="waiting")),
        "keys": keys(world),
    }


def keys(world: World) -> list[str]:
    """Return the secret keys that open something."""
    names = [name.rpartition(":")[2] for name in world.store.settings("account:stripe:")]
    return [f"sk_{mode}_sim_{name}" for name in names for mode in ("test", "live")]


@action("POST", "/clock")
def move_clock(world: World, given: Json) -> Json:
    """Move the clock ``to`` an instant, or on by ``days``, ``hours``, ``minutes``, ``seconds``; or ``follow``."""
    if "follow" in given:
        world.clock.follow(str(given.pop("follow")).lower() in {"true", "1", "yes"})
    to = given.pop("to", None)
    if strange := set(given) - set(_UNITS):
        raise ValueError(f"unknown: {', '.join(sorted(strange))}")
    on = sum(_UNITS[name] * int(count) for name, count in given.items())
    if to is None:
        target = world.clock.now() + on if on else None
    else:
        target = (to if isinstance(to, int) else from_iso(to)) + on
    steps = world.advance(target)
    now = world.clock.now()
    return {"now": now, "iso": iso(now), "steps": steps}


@action("POST", "/sparse")
def be_sparse(world: World, given: Json) -> Json:
    """Tell no more than must be told (``sparse`` true): what is null or optional is left out, on both sides."""
    world.store.set_setting("sparse", str(given.get("sparse", True)).lower() in {"true", "1", "yes"})
    return {"sparse": world.store.setting("sparse")}


# The switchboard


@action("POST", "/rules")
def add_rule(world: World, given: Json) -> Json:
    """Let something go wrong: ``side`` (call, webhook), ``what``, ``match``, ``times`` (0: always), ``seconds``."""
    return asdict(world.switchboard.add(**given))


@action("DELETE", "/rules")
def clear_rules(world: World, _: Json) -> Json:
    """Take all rules away."""
    world.switchboard.clear()
    return {}


@action("POST", "/rules/clear")
def clear_rules_by_form(world: World, given: Json) -> Json:
    """Take a rule away, or all."""
    world.switchboard.clear(given.get("id"))
    return {}


@action("POST", "/release")
def release(world: World, _: Json) -> Json:
    """Let held calls go on."""
    return {"released": world.switchboard.release()}


@action("POST", "/held")
def wait_for_held(world: World, given: Json) -> Json:
    """Wait until so many calls are held."""
    return {"held": world.switchboard.wait_for_held(given.get("count", 1), given.get("timeout", 5))}


# The post


@action("POST", "/post")
def set_post(world: World, given: Json) -> Json:
    """Set ``mode`` (automatic, manual) and ``sign_with`` (real, simulated: whose time signatures carry)."""
    if "sign_with" in given:
        if given["sign_with"] not in {"real", "simulated"}:
            raise ValueError("sign_with is real or simulated")
        world.store.set_setting("sign_with", given["sign_with"])
    if "mode" in given:
        world.post.mode = given["mode"]
    return {"mode": world.post.mode}


@action("POST", "/deliver")
def deliver(world: World, _: Json) -> Json:
    """Send what is due now, whatever the mode, and what was held back. Returns when all was attempted."""
    return {"attempts": world.post.settle()}


@action("GET", "/deliveries")
def deliveries(world: World, given: Json) -> Json:
    """List deliveries, oldest first; narrowed by ``state``, ``type``, ``event``, ``endpoint``."""
    found = world.post.deliveries(**given)
    return {"data": [{name: item[name] for name in item if name != "secret"} for item in found]}


@action("GET", "/deliveries/{seq}")
def signed_delivery(world: World, _: Json, seq: str) -> Json:
    """Return a delivery as it would be sent now: address, headers, exact body. For tests that deliver by themselves."""
    for item in world.post.deliveries(seq=int(seq)):
        body, headers = world.post.signed(item)
        return {"url": item["url"], "type": item["type"], "headers": headers, "body": body.decode()}
    raise LookupError(f"no delivery {seq}")


@action("POST", "/deliveries/{seq}/again")
def deliver_again(world: World, _: Json, seq: str) -> Json:
    """Send a delivery once more."""
    return {"seq": world.post.again(int(seq))["seq"]}


# Accounts


@action("POST", "/accounts/{name}")
def set_account(world: World, given: Json, name: str) -> Json:
    """Make an account, or change it: settlement ``currency``, fees, days, ``after_retries``, ``rates``."""
    if strange := set(given) - _ACCOUNT:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; known: {', '.join(sorted(_ACCOUNT))}")
    if not name.isalnum():
        raise ValueError("An account's name is letters and digits.")
    if "currency" in given:
        money.check_currency(given["currency"])
    kept = world.store.setting(f"account:stripe:{name}") or {}
    world.store.set_setting(f"account:stripe:{name}", {**kept, **given})
    return {"keys": [f"sk_test_sim_{name}", f"sk_live_sim_{name}"], **kept, **given}


@action("POST", "/stripe/{key}/webhook_endpoints")
def add_endpoint(world: World, given: Json, key: str) -> Json:
    """Let an account's events go to ``url``, with a ``secret`` of one's own where given."""
    with world.store.transaction():
        made = facts.make_endpoint(_book(world, key), **{"enabled_events": ["*"], **given})
    return {**made, "secret": made["_secret"]}


# What only banks, payers and the processor's own staff can do


def _doing(world: World, key: str, function: Callable[[Book], Json]) -> Json:
    book = _book(world, key)
    with world.store.transaction():
        return book.told(function(book))


@action("POST", "/stripe/{key}/say")
def say(world: World, given: Json, key: str) -> Json:
    """Sign any ``body`` and let it go to every endpoint: what Stripe would never send."""
    book = _book(world, key)
    return world.post.say(book, book.find("webhook_endpoint", status="enabled"), str(given["body"]))


@action("POST", "/stripe/{key}/disputes")
def open_dispute(world: World, given: Json, key: str) -> Json:
    """Dispute a ``charge``: ``amount`` (else all), ``reason``, ``inquiry``."""
    charge = given.pop("charge")
    given["inquiry"] = str(given.get("inquiry", False)).lower() in {"true", "1", "on"}
    return _doing(world, key, lambda book: disputes.open_dispute(book, the_charge(book, charge), **given))


@action("POST", "/stripe/{key}/disputes/{id_}/close")
def close_dispute(world: World, given: Json, key: str, id_: str) -> Json:
    """Decide a dispute: ``outcome`` won or lost."""
    outcome = given.get("outcome")
    if outcome not in {"won", "lost"}:
        raise ValueError("outcome is won or lost")
    return _doing(world, key, lambda book: disputes.close(book, id_, outcome))


@action("POST", "/stripe/{key}/disputes/{id_}/escalate")
def escalate_dispute(world: World, _: Json, key: str, id_: str) -> Json:
    """Let an inquiry become a dispute."""
    return _doing(world, key, lambda book: disputes.escalate(book, id_))


@action("POST", "/stripe/{key}/charges/{id_}/fail")
def fail_charge(world: World, _: Json, key: str, id_: str) -> Json:
    """Let a debit fail after it had settled."""
    return _doing(world, key, lambda book: intents.fail_late(book, the_charge(book, id_)))


@action("POST", "/stripe/{key}/refunds/{id_}/fail")
def fail_refund(world: World, _: Json, key: str, id_: str) -> Json:
    """Let a refund fail."""
    return _doing(world, key, lambda book: refunds.fail(book, id_))


@action("POST", "/stripe/{key}/payouts")
def pay_out(world: World, _: Json, key: str) -> Json:
    """Pay out what is available."""
    return _doing(world, key, balance.pay_out)


@action("POST", "/stripe/{key}/payouts/{id_}/fail")
def fail_payout(world: World, _: Json, key: str, id_: str) -> Json:
    """Let a payout come back."""
    return _doing(world, key, lambda book: balance.fail_payout(book, id_))


@action("POST", "/stripe/{key}/checkout/{id_}/pay")
def pay_session(world: World, given: Json, key: str, id_: str) -> Json:
    """Fill the hosted page: ``card_number`` or ``iban``, ``email``, ``name``. Returns where the browser would go."""
    book = _book(world, key)
    if book.get("checkout.session", id_) is None:
        raise missing("checkout.session", id_)
    form = {"email": "reader@example.org", "name": "Reader", "card_number": "4242424242424242", **given}
    if "iban" in given:
        form["method"] = "sepa_debit"
    reply = pages.submit(book, the_session(book, id_), {name: str(value) for name, value in form.items()})
    told = book.told(the_session(book, id_))
    return {"location": reply.headers.get("Location"), "page_status": reply.status, "session": told}

"""How documents are told: lists page by page, ids expanded on request, some fields only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from masthead.simulator.book import Book
from masthead.simulator.store import Json
from masthead.simulator.stripe.errors import malformed, missing

# Which kind of document an id names.
KINDS = {
    "ch_": "charge", "py_": "charge", "cus_": "customer", "pm_": "payment_method", "re_": "refund", "pyr_": "refund",
    "du_": "dispute", "txn_": "balance_transaction", "po_": "payout", "in_": "invoice", "sub_": "subscription",
    "price_": "price", "prod_": "product", "seti_": "setup_intent", "cs_": "checkout.session", "pi_": "payment_intent",
    "mandate_": "mandate", "evt_": "event", "inpay_": "invoice_payment", "si_": "subscription_item",
}  # fmt: skip
_DEEPEST = 4
Included = Callable[[Book, Json], Any]
# Fields that are told only when they are asked for.
INCLUDED: dict[tuple[str, str], Included] = {}


def included(kind: str, field: str) -> Callable[[Included], Included]:
    """Declare a field that is told only when it is expanded."""

    def register(function: Included) -> Included:
        INCLUDED[(kind, field)] = function
        return function

    return register


def by_id(book: Book, id_: str) -> Json | None:
    """Return whatever document an id names."""
    kind = KINDS.get(id_.partition("_")[0] + "_")
    return book.get(kind, id_) if kind else None


def listed(items: list[Json], url: str) -> Json:
    """Wrap all items in a list as it stands inside an object."""
    return {"object": "list", "data": items, "has_more": False, "url": url}


def page(params: Json, items: list[Json], url: str) -> Json:
    """Return one page of items given oldest first: the newest first, from where the parameters say."""
    newest = [item for item in reversed(items) if _created(item, params.get("created"))]
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise malformed("This value must be between 1 and 100.", param="limit", code="parameter_invalid_integer")
    if after := params.get("starting_after"):
        newest = newest[_place(newest, after, "starting_after") + 1 :]
    if before := params.get("ending_before"):
        newest = newest[: _place(newest, before, "ending_before")][-limit:]
    return {"object": "list", "data": newest[:limit], "has_more": len(newest) > limit, "url": url}


def _place(items: list[Json], id_: str, param: str) -> int:
    for number, item in enumerate(items):
        if item["id"] == id_:
            return number
    raise missing("object", id_, param=param, status=400)


def _created(item: Json, wanted: Any) -> bool:
    if wanted is None:
        return True
    at = item["created"]
    if isinstance(wanted, int):
        return bool(at == wanted)
    tests = {"gt": at > wanted.get("gt", -1), "gte": at >= wanted.get("gte", 0)}
    tests |= {"lt": "lt" not in wanted or at < wanted["lt"], "lte": "lte" not in wanted or at <= wanted["lte"]}
    return all(tests.values())


def tell(book: Book, doc: Json, expand: list[str]) -> Json:
    """Return a document or list as it is told, with the named fields expanded."""
    told = book.told(doc)
    for path in expand:
        parts = path.split(".")
        if len([part for part in parts if part != "data"]) > _DEEPEST:
            raise malformed(f"You cannot expand more than {_DEEPEST} levels of a property: {path}", param="expand")
        _expand(book, told, parts, path)
    return told


def _expand(book: Book, here: Any, parts: list[str], whole: str) -> None:
    if here is None or not parts:
        return
    if isinstance(here, list):
        for item in here:
            _expand(book, item, parts, whole)
        return
    name, *rest = parts
    if not isinstance(here, dict):
        raise _unexpandable(whole)
    if (here.get("object", ""), name) in INCLUDED and name not in here:
        here[name] = book.told(INCLUDED[(here["object"], name)](book, here))
    if name not in here:
        raise _unexpandable(whole)
    if isinstance(here[name], str):
        found = by_id(book, here[name])
        if found is None:
            raise _unexpandable(whole)
        here[name] = book.told(found)
    elif not rest and not isinstance(here[name], dict | list) and here[name] is not None:
        raise _unexpandable(whole)
    _expand(book, here[name], rest, whole)


def _unexpandable(path: str) -> Exception:
    return malformed(
        f"This property cannot be expanded ({path}). You may want to try expanding 'data.{path}' for lists.",
        param="expand",
    )


def merged(old: Json, changes: Any) -> Json:
    """Return metadata after a change: an empty value takes a key away, an empty word all."""
    if changes is None:
        return old
    if changes == "":
        return {}
    return {name: value for name, value in {**old, **changes}.items() if value != ""}


def address(given: Any = None) -> Json:
    """Return an address with all its parts."""
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    return {part: (given or {}).get(part) or None for part in parts}

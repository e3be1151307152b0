"""What banks and the processor's own staff can do, as a part of the switchboard: disputes, failed refunds, payouts."""

from __future__ import annotations

from masthead.simulator.book import Book
from masthead.simulator.markup import Html, button, el, join, table
from masthead.simulator.store import Json
from masthead.simulator.stripe import money
from masthead.simulator.world import World

_SHOWN = 10
_OPEN = {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}


def sections(world: World, keys: list[str]) -> list[Html]:
    """Return a part of the page for each account and mode in which there is a charge."""
    shown = []
    for key in keys:
        _, mode, _, name = key.split("_")
        book = Book(world, "stripe", name, live=mode == "live")
        if charges := book.find("charge", paid=1)[-_SHOWN:][::-1]:
            shown.append(_section(book, key, charges))
    return shown


def _section(book: Book, key: str, charges: list[Json]) -> Html:
    refunds = book.find("refund")[-_SHOWN:][::-1]
    disputes = book.find("dispute")[-_SHOWN:][::-1]
    payouts = book.find("payout")[-_SHOWN:][::-1]
    parts = [
        table(["Charge", "Amount", "Given back", ""], [_charge(key, item) for item in charges], caption="Paid last"),
        table(["Refund", "Amount", "State", ""], [_refund(key, item) for item in refunds], caption="Refunds"),
        table(["Dispute", "Amount", "State", ""], [_dispute(key, item) for item in disputes], caption="Disputes"),
        table(["Payout", "Amount", "State", ""], [_payout(key, item) for item in payouts], caption="Payouts"),
        _do(key, "payouts", "Pay out what is available"),
    ]
    filled = (part for part, rows in zip(parts, (charges, refunds, disputes, payouts, [1]), strict=True) if rows)
    return el("section", el("h2", "Bank of ", el("code", key)), *filled)


def _do(key: str, path: str, label: str, **hidden: object) -> Html:
    fields = [el("input", type="hidden", name=name, value=value) for name, value in hidden.items()]
    return el("form", *fields, button(label, class_="other"), method="post", action=f"/_control/stripe/{key}/{path}")


def _row(item: Json, *cells: object) -> list[object]:
    return [el("code", item["id"]), money.written(item["amount"], item["currency"]), *cells]


def _charge(key: str, item: Json) -> list[object]:
    given_back = money.written(item["amount_refunded"], item["currency"])
    if item["disputed"]:
        return _row(item, given_back, "disputed")
    dispute = _do(key, "disputes", "Dispute it", charge=item["id"])
    inquiry = _do(key, "disputes", "Ask about it", charge=item["id"], inquiry="true")
    return _row(item, given_back, el("div", dispute, inquiry, class_="row"))


def _refund(key: str, item: Json) -> list[object]:
    over = item["status"] in {"failed", "canceled"}
    return _row(item, item["status"], "" if over else _do(key, f"refunds/{item['id']}/fail", "Let it fail"))


def _dispute(key: str, item: Json) -> list[object]:
    if item["status"] not in _OPEN:
        return _row(item, item["status"], "")
    path = f"disputes/{item['id']}"
    ways = [_do(key, f"{path}/close", "Won", outcome="won"), _do(key, f"{path}/close", "Lost", outcome="lost")]
    if item["status"].startswith("warning_"):
        ways = [_do(key, f"{path}/escalate", "Becomes a dispute"), _do(key, f"{path}/close", "Ends", outcome="won")]
    return _row(item, item["status"], el("div", join(*ways), class_="row"))


def _payout(key: str, item: Json) -> list[object]:
    over = item["status"] == "failed"
    return _row(item, item["status"], "" if over else _do(key, f"payouts/{item['id']}/fail", "Let it come back"))

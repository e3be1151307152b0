"""The switchboard as a page: the clock, what shall go wrong, what happened."""

from __future__ import annotations

from masthead.simulator import control_bank
from masthead.simulator.clock import iso
from masthead.simulator.control import keys
from masthead.simulator.http import Reply, Request, Route, path_pattern, redirect
from masthead.simulator.markup import Html, button, el, field, page, table
from masthead.simulator.switchboard import CALLS, WEBHOOKS
from masthead.simulator.world import World

_SHOWN = 40
_STEPS = (("+ 1 hour", "hours", 1), ("+ 1 day", "days", 1), ("+ 7 days", "days", 7), ("+ 31 days", "days", 31))


def routes(world: World) -> list[Route]:
    """Return the address of the page, to which the bare address leads."""
    return [
        ("GET", path_pattern("/_control/"), lambda request: show(world, request)),
        ("GET", path_pattern("/"), lambda _: redirect("/_control/")),
    ]


def show(world: World, _: Request) -> Reply:
    """Show everything that can be moved."""
    return page(
        "Switchboard",
        _clock(world),
        _faults(world),
        _deliveries(world),
        *control_bank.sections(world, keys(world)),
        _accounts(world),
        wide=True,
    )


def _clock(world: World) -> Html:
    steps = [
        el("form", button(label, name=unit, value=count, class_="other"), method="post", action="/_control/clock")
        for label, unit, count in _STEPS
    ]
    follows = world.clock.following
    turn = el(
        "form",
        button("Stand still" if follows else "Follow real time", name="follow", value="no" if follows else "yes"),
        method="post",
        action="/_control/clock",
    )
    words = "It follows real time." if follows else "It stands still until you move it."
    return el(
        "section",
        el("h2", "Clock"),
        el("p", el("strong", iso(world.clock.now())), f" {words}"),
        el("div", *steps, turn, class_="row"),
        el(
            "form",
            field("Go to (as in 2027-02-01 or 2027-02-01T09:00:00Z)", "to", required=True),
            button("Go", class_="other"),
            method="post",
            action="/_control/clock",
            class_="row",
        ),
    )


def _faults(world: World) -> Html:
    rows: list[list[object]] = [
        [rule.what, rule.match, rule.times or "always", rule.seconds or "", _clear(rule.id)]
        for rule in world.switchboard.rules()
    ]
    return el(
        "section",
        el("h2", "What shall go wrong"),
        table(["Fault", "At", "Times", "Seconds", ""], rows, caption="Rules in force") if rows else "",
        _rule_form("call", CALLS, "POST /v1/refunds"),
        _rule_form("webhook", WEBHOOKS, "charge.*"),
        el("form", button("Release held calls", class_="other"), method="post", action="/_control/release"),
    )


def _clear(id_: int) -> Html:
    return el(
        "form", button("Take away", name="id", value=id_, class_="other"), method="post", action="/_control/rules/clear"
    )


def _rule_form(side: str, faults: dict[str, str], example: str) -> Html:
    options = [el("option", f"{name}: {meaning}", value=name) for name, meaning in faults.items()]
    chosen = el(
        "p",
        el("label", "Next call" if side == "call" else "Next webhook", for_=f"{side}-what"),
        el("select", *options, id=f"{side}-what", name="what"),
        class_="field",
    )
    return el(
        "form",
        el("input", type="hidden", name="side", value=side),
        chosen,
        field(f"At (as in {example})", "match", value="*"),
        field("Times (0: always)", "times", value="1", inputmode="numeric"),
        field("Seconds", "seconds", value="0", inputmode="numeric"),
        button("Set"),
        method="post",
        action="/_control/rules",
        class_="row",
    )


def _deliveries(world: World) -> Html:
    rows: list[list[object]] = []
    for item in reversed(world.post.deliveries()[-_SHOWN:]):
        last = item["attempts"][-1] if item["attempts"] else {"status": "not yet", "at": iso(item["due"])}
        again = el(
            "form",
            button("Send again", class_="other"),
            method="post",
            action=f"/_control/deliveries/{item['seq']}/again",
        )
        flaws = ", ".join(item["flaws"])
        rows.append(
            [
                item["seq"],
                el("code", item["type"]),
                item["state"],
                last["status"] or "none",
                last["at"],
                item["url"],
                flaws,
                again,
            ]
        )
    head = ["No.", "Event", "State", "Answer", "At", "To", "Flaws", ""]
    shown = table(head, rows, caption=f"The last {_SHOWN}") if rows else el("p", "None yet.", class_="quiet")
    now = el("form", button("Send what is due", class_="other"), method="post", action="/_control/deliver")
    return el("section", el("h2", "Webhooks"), el("p", f"The post is {world.post.mode}."), shown, now)


def _accounts(world: World) -> Html:
    rows: list[list[object]] = [["Stripe", el("code", key)] for key in keys(world)]
    clients = [name.rpartition(":")[2] for name in world.store.settings("account:paypal:")]
    rows += [
        ["PayPal", el("code", f"sim_{mode}_{name} / sim_secret_{name}")]
        for name in clients
        for mode in ("test", "live")
    ]
    return el("section", el("h2", "Keys"), table(["For", "Key"], rows, caption="None of them moves money"))

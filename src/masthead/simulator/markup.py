"""HTML from plain values: everything is escaped, nothing is inline, every page says what it is."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from masthead.simulator.http import Reply

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_VOID = {"input", "br", "link", "meta", "hr"}


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(tag: str, *children: object, **attributes: object) -> Html:
    """Return an element. Text is escaped; names end in an underscore where Python needs them; ``None`` and False go."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: object) -> Html:
    """Return children one after the other, escaped where they are not HTML."""
    return Html("".join(child if isinstance(child, Html) else escape(str(child)) for child in children))


def page(title: str, *children: object, status: int = 200, wide: bool = False) -> Reply:
    """Return a whole page under the words that nobody can overlook."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="robots", content="noindex"),
        el("title", f"{title} · Simulator"),
        el("link", rel="stylesheet", href="/_control/style.css"),
    )
    banner = el("p", el("strong", "SIMULATOR"), el("span", "No real money. Use test cards only."), class_="banner")
    main = el("main", el("h1", title), *children, class_="wide" if wide else None)
    text = f"<!doctype html>\n{el('html', head, el('body', el('header', banner), main), lang='en')}\n"
    return html_reply(status, text)


def html_reply(status: int, text: str) -> Reply:
    """Return HTML with the headers that keep it to itself."""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Reply(status, text.encode(), headers)


def stylesheet() -> Reply:
    """Return the one stylesheet."""
    css = files("masthead.simulator").joinpath("style.css").read_bytes()
    return Reply(200, css, {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=60"})


def field(label: str, name: str, *, hint: str | None = None, **attributes: object) -> Html:
    """Return a labelled input."""
    described = f"{name}-hint" if hint else None
    parts = [el("label", label, for_=name), el("input", id=name, name=name, aria_describedby=described, **attributes)]
    if hint:
        parts.append(el("small", hint, id=described))
    return el("p", *parts, class_="field")


def button(text: str, **attributes: object) -> Html:
    """Return a button that sends its form."""
    return el("button", text, type="submit", **attributes)


def table(head: list[str], rows: list[list[object]], *, caption: str) -> Html:
    """Return a table that scrolls by itself where it is too wide."""
    top = el("thead", el("tr", *(el("th", cell, scope="col") for cell in head)))
    body = el("tbody", *(el("tr", *(el("td", cell) for cell in row)) for row in rows))
    return el("div", el("table", el("caption", caption), top, body), class_="scroll", tabindex="0")

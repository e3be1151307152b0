"""What readers may write, as Markdown: parsed here, made safe by :mod:`masthead.core.markup`, the only caller."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# An ``@`` that begins a name, and is not part of an address.
MENTION = re.compile(r"(?<![\w@/.])@(?=\w)")
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_TRAILING = ".,;:!?*_~"
_MARK = re.compile(r"(?<!\|)\|\|(?!\|)")
_ONLY_PUNCTUATION = re.compile(r"\s*[.,;:!?)…]*\s*")

Place = tuple[int, int]


def render(source: str, mentions: Mapping[str, str]) -> str:
    """Return the HTML of a text, not yet cleaned."""
    html: str = _parser.render(source, {"mentions": mentions})
    return html


def _link_bare_addresses(state: StateCore) -> None:
    """Turn ``https://…`` in running text into links; markdown-it's own way needs one more library."""
    if not _may_hold(state, "://"):
        return
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_with_links(block.children))


def _may_hold(state: StateCore, marks: str) -> bool:
    """Tell whether these marks can stand in a text, as they are or by character references and backslashes."""
    return marks in state.src or "&" in state.src or "\\" in state.src


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    position = 0
    for match in _URL.finditer(text):
        address = match[0].rstrip(_TRAILING)
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(")" + _TRAILING)
        yield _text(text[position : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        position = match.start() + len(address)
    yield _text(text[position:])


def _hide_spoilers(state: StateCore) -> None:
    """Put ``||words||`` of a paragraph into ``<details>`` of their own, between what stands before and behind them."""
    if not _may_hold(state, "||"):
        return
    found: list[Token] = []
    for position, block in enumerate(state.tokens):
        pair = _marks(block.children or []) if block.type == "inline" else None
        if pair is None or state.tokens[position - 1].type != "paragraph_open":
            found.append(block)
        else:
            opening, closing = found.pop(), state.tokens[position + 1]
            found += _uncovered(block, opening, closing)
    # A paragraph that was taken apart brought its ends with it.
    state.tokens = [token for token in found if not token.meta.get("spent")]


def _uncovered(block: Token, opening: Token, closing: Token) -> Iterator[Token]:
    closing.meta["spent"] = True
    rest = block.children or []
    while pair := _marks(rest):
        before, inside, rest = _cut(rest, *pair)
        yield from _paragraph(before, opening, closing)
        yield Token("details_open", "details", 1)
        yield Token("summary_open", "summary", 1)
        yield _inline([_text(_("Spoiler"))])
        yield Token("summary_close", "summary", -1)
        if _ONLY_PUNCTUATION.fullmatch("".join(token.content or token.tag for token in rest)):
            inside, rest = [*inside, *rest], []
        yield from _paragraph(inside, opening, closing)
        yield Token("details_close", "details", -1)
    yield from _paragraph(rest, opening, closing)


def _marks(tokens: list[Token]) -> tuple[Place, Place] | None:
    """Return the places (token, offset) of the first two marks that belong together, outside of emphasis and links."""
    level, first = 0, None
    for number, token in enumerate(tokens):
        level += token.nesting
        if token.type != "text" or level:
            continue
        for match in _MARK.finditer(token.content):
            start, end = match.span()
            after, before = token.content[end : end + 1], token.content[start - 1 : start] if start else ""
            if first is not None and not before.isspace() and (number, start) > (first[0], first[1] + 2):
                return first, (number, start)
            if not after.isspace() and (after or number + 1 < len(tokens)):
                first = (number, start)
    return None


def _cut(tokens: list[Token], first: Place, last: Place) -> tuple[list[Token], list[Token], list[Token]]:
    (one, start), (two, end) = first, last
    begin, finish = tokens[one].content, tokens[two].content
    before = [*tokens[:one], _text(begin[:start])]
    behind = [_text(finish[end + 2 :]), *tokens[two + 1 :]]
    if one == two:
        return before, [_text(begin[start + 2 : end])], behind
    return before, [_text(begin[start + 2 :]), *tokens[one + 1 : two], _text(finish[:end])], behind


def _paragraph(children: list[Token], opening: Token, closing: Token) -> Iterator[Token]:
    """Yield a paragraph like that between these tokens; nothing for nothing but blanks."""
    while children and children[0].type in {"softbreak", "hardbreak"}:
        children = children[1:]
    if not any(token.content.strip() for token in children):
        return
    yield Token("paragraph_open", "p", 1, hidden=opening.hidden)
    yield _inline(children)
    yield Token("paragraph_close", "p", -1, hidden=closing.hidden)


def _inline(children: list[Token]) -> Token:
    return Token("inline", "", 0, children=children)


def _link_mentions(state: StateCore) -> None:
    """Turn ``@`` and a name that was given into a link; the longest name wins."""
    mentions: Mapping[str, str] = state.env.get("mentions") or {}
    if not mentions:
        return
    paths = {name.casefold(): path for name, path in mentions.items()}
    names = "|".join(re.escape(name) for name in sorted(mentions, key=len, reverse=True))
    pattern = re.compile(rf"{MENTION.pattern}(?:{names})(?!\w)", re.IGNORECASE)
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_with_mentions(block.children, pattern, paths))


def _with_mentions(tokens: list[Token], pattern: re.Pattern[str], paths: Mapping[str, str]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or inside:
            yield token
            continue
        position = 0
        for match in pattern.finditer(token.content):
            yield _text(token.content[position : match.start()])
            yield Token("link_open", "a", 1, attrs={"href": paths[match[0][1:].casefold()]})
            yield _text(match[0])
            yield Token("link_close", "a", -1)
            position = match.end()
        yield _text(token.content[position:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12})
    parser.disable(["image", "heading", "lheading", "html_block", "html_inline", "hr", "reference"])
    parser.enable("strikethrough")
    parser.core.ruler.push("bare_addresses", _link_bare_addresses)
    parser.core.ruler.push("mentions", _link_mentions)
    parser.core.ruler.push("spoilers", _hide_spoilers)
    return parser


_parser = _make_parser()

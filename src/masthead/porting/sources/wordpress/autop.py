"""Paragraphs of the classic editor, which stores none: a blank line parts them, a single line end is a line break."""

from __future__ import annotations

import re

_BLOCK_NAMES = (
    "address|article|aside|audio|blockquote|caption|center|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|hr|iframe|legend|li|main|menu|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul|video"
)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK_NAMES})(?![\w-])[^<>]*>", re.IGNORECASE)
_STARTS_WITH_BLOCK = re.compile(rf"</?(?:{_BLOCK_NAMES}|keep-pre-\d+)(?![\w-])", re.IGNORECASE)
_PRE = re.compile(r"<(pre|script|style|textarea)\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t\xa0]*\n\s*")
_LINE_END = re.compile(r"(?:<br\s*/?>)?[ \t]*\n[ \t]*", re.IGNORECASE)
_KEPT_MARK = re.compile(r"<keep-pre-(\d+)>")


def _set_aside(source: str) -> tuple[str, list[str]]:
    """Replace parts in which line ends are line ends by marks."""
    kept: list[str] = []
    parts: list[str] = []
    at = 0
    while (match := _PRE.search(source, at)) is not None:
        closing = re.compile(rf"</{match.group(1)}\s*>", re.IGNORECASE).search(source, match.end())
        end = closing.end() if closing else len(source)
        parts += [source[at : match.start()], f"\n\n<keep-pre-{len(kept)}>\n\n"]
        kept.append(source[match.start() : end])
        at = end
    return "".join(parts) + source[at:], kept


def paragraphs(source: str) -> str:
    """Return ``source`` with the paragraphs and line breaks WordPress would show; ``<pre>`` stays as it is."""
    text, kept = _set_aside(source.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BLOCK_TAG.sub(lambda match: ("{}\n\n" if match[0][1] == "/" else "\n\n{}").format(match[0]), text)
    chunks = []
    for chunk in _BLANK_LINES.split(text):
        lines = _LINE_END.sub("<br>", chunk.strip())
        if lines:
            chunks.append(lines if _STARTS_WITH_BLOCK.match(lines) else f"<p>{lines}</p>")
    return _KEPT_MARK.sub(lambda match: kept[int(match[1])], "\n".join(chunks))

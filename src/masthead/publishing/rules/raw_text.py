"""The words of a body as the editor stores it."""

from __future__ import annotations

from typing import Any

from masthead.publishing.rules import text

# Blocks in which words can be marked, and where their words are.
MARKABLE = frozenset({"text", "quote", "list", "html"})


def markable_words(blocks: list[dict[str, Any]]) -> str:
    """Return the words of those blocks in which words can be marked, without markup."""
    return text.plain("\n".join(f"<p>{part}</p>" for block in blocks for part in _parts(block)))


def _parts(block: dict[str, Any]) -> list[str]:
    value = block["value"]
    if block["type"] in {"text", "html"}:
        return [str(value)]
    if block["type"] == "quote":
        return [str(value.get("text", ""))]
    if block["type"] == "list":
        items = value.get("items") or []
        return [str(item["value"] if isinstance(item, dict) else item) for item in items]
    return []

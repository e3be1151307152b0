"""Body blocks from elsewhere, turned into what the editor stores."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from masthead.publishing.errors import UnknownBlock
from masthead.publishing.models import Picture

_NAMES = uuid.UUID("5f6b4a0e-6f0c-4b0b-9d55-0c1f0e0b5a11")
_FIGURE = re.compile(r"[-+−]?[$€£¥]?\s?\d[\d.,\s]*(?:%|[$€£¥]|[A-Z]{3})?")

# A block as callers give it: its type and its value.
#
# text: HTML. heading: {text, level}. picture: {picture, alt, caption, credit}. gallery: {pictures: [picture values]}.
# quote: {text, attribution}. list: {ordered, items: [HTML]}. table: {caption, has_header_row, rows: [[HTML]]}.
# code: {language, code}. embed: {url, title}. html: HTML. rule: None. A picture is a Picture or its id.
Block = tuple[str, Any]


def raw_body(blocks: Sequence[Block]) -> str:
    """Return blocks as the JSON of a stream field. The same blocks have the same ids, whenever they are put.

    Raises :class:`UnknownBlock` for a type that stories do not have.
    """
    given: Counter[str] = Counter()
    return json.dumps([_block(kind, value, given) for kind, value in blocks])


def _block(kind: str, value: Any, given: Counter[str]) -> dict[str, Any]:
    stored = _value(kind, value)
    content = json.dumps([kind, stored], sort_keys=True)
    given[content] += 1
    return {"type": kind, "value": stored, "id": str(uuid.uuid5(_NAMES, f"{content}{given[content]}"))}


def _value(kind: str, value: Any) -> Any:
    if kind in _FIELDS:
        return {name: _text(value.get(name), default) for name, default in _FIELDS[kind].items()}
    try:
        convert = _CONVERTERS[kind]
    except KeyError:
        raise UnknownBlock(type=kind) from None
    return convert(value)


_FIELDS: dict[str, dict[str, str]] = {
    "heading": {"text": "", "level": "2"},
    "quote": {"text": "", "attribution": ""},
    "code": {"language": "", "code": ""},
    "embed": {"url": "", "title": ""},
}


def _text(value: Any, default: str) -> str:
    return default if value is None else str(value)


def _picture(value: Any) -> dict[str, Any]:
    picture = value["picture"]
    key = picture.pk if isinstance(picture, Picture) else picture
    return {"picture": key, **{name: _text(value.get(name), "") for name in ("alt", "caption", "credit")}}


def _item(value: Any) -> dict[str, Any]:
    name = json.dumps(value, sort_keys=True)
    return {"type": "item", "value": value, "id": str(uuid.uuid5(_NAMES, name))}


def _table(value: Any) -> dict[str, Any]:
    """Turn rows of cells into columns and rows of equal length; the first row names the columns if it is a header."""
    rows = [[str(cell) for cell in row] for row in value.get("rows", [])]
    heads = rows.pop(0) if value.get("has_header_row") and rows else []
    width = max([len(heads), *(len(row) for row in rows)], default=0)
    heads += [""] * (width - len(heads))
    full = [row + [""] * (width - len(row)) for row in rows]
    columns = [[row[number] for row in full] for number in range(width)]
    return {
        "caption": value.get("caption") or "",
        "columns": [{"type": _column_type(cells), "heading": head} for head, cells in zip(heads, columns, strict=True)],
        "rows": [{"values": row} for row in full],
    }


def _column_type(cells: list[str]) -> str:
    """Tell a column of figures, which is set to the right, from one of words."""
    given = [cell for cell in cells if cell.strip()]
    return "number" if given and all(_FIGURE.fullmatch(cell.strip()) for cell in given) else "text"


def _gallery(value: Any) -> dict[str, Any]:
    return {"pictures": [_item(_picture(item)) for item in value["pictures"]]}


def _list(value: Any) -> dict[str, Any]:
    return {"ordered": bool(value.get("ordered")), "items": [_item(text) for text in value["items"]]}


def _nothing(value: Any) -> None:
    """A line between two parts has no value."""


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "html": str,
    "rule": _nothing,
    "picture": _picture,
    "gallery": _gallery,
    "list": _list,
    "table": _table,
}

"""Tables with plain rows; of others, what it is that does not fit."""

from __future__ import annotations

from bs4 import Tag
from django.utils.translation import gettext as _

from masthead.porting.records import TableBlock

from .inline import INLINE, line, special

_FITS_A_CELL = INLINE | {"p", "div", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}


def table_block(tag: Tag, caption: str = "") -> TableBlock | str | None:
    """Return a table with equal rows, the name of what does not fit one, or nothing if it is empty."""
    if not tag.get_text(strip=True):
        return None
    if any(cell.get(name, "1") != "1" for cell in tag.find_all(["td", "th"]) for name in ("colspan", "rowspan")):
        return _("a table with joined cells")
    foreign = next((inner.name for inner in tag.find_all(True) if inner.name not in _FITS_A_CELL), "")
    if foreign:
        return _("a table with <%(name)s> in its cells") % {"name": foreign}
    if special(tag):
        return special(tag)
    own = tag.find("caption")
    if isinstance(own, Tag):
        caption = caption or own.get_text(" ", strip=True)
        own.extract()
    # A footer may stand above the body in old markup; it is read last.
    rows = [row for row in tag.find_all("tr") if row.find_parent("tfoot") is None]
    rows += [row for row in tag.find_all("tr") if row.find_parent("tfoot") is not None]
    rows = [row for row in rows if row.find(["td", "th"]) is not None]
    if not rows:
        return _("a table without rows")
    has_header = rows[0].find_parent("thead") is not None or rows[0].find("td") is None
    cells = [tuple(line(cell) for cell in row.find_all(["td", "th"])) for row in rows]
    width = max(len(row) for row in cells)
    return TableBlock(
        rows=tuple(row + ("",) * (width - len(row)) for row in cells),
        has_header=has_header,
        caption=" ".join(caption.split()),
    )

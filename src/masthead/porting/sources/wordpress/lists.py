"""Lists and quotes that fit our blocks; of others, what it is that does not fit."""

from __future__ import annotations

from bs4 import Tag
from django.utils.translation import gettext as _

from masthead.porting.markup import clean_rich_text
from masthead.porting.records import ListBlock, QuoteBlock, TextBlock

from .inline import INLINE, attribute, line, special, spelt

_FITS_AN_ITEM = INLINE | {"p", "div", "li", "ul", "ol"}
_FITS_A_QUOTE = INLINE | {"p", "div", "footer"}


def _foreign(tag: Tag, fitting: frozenset[str]) -> str:
    return next((inner.name for inner in tag.find_all(True) if inner.name not in fitting), "")


def _lists_in(tag: Tag) -> list[Tag]:
    return list(tag.find_all(["ul", "ol"]))


def list_block(tag: Tag) -> ListBlock | TextBlock | str | None:
    """Return a flat list, a nested one as text, the name of what makes it neither, or nothing if it is empty."""
    if not tag.get_text(strip=True):
        return None
    foreign = _foreign(tag, _FITS_AN_ITEM)
    if foreign:
        return _("a list with <%(name)s> in it") % {"name": foreign}
    if any(attribute(each, "start") not in ("", "1") or each.has_attr("reversed") for each in (tag, *_lists_in(tag))):
        return _("a list that does not count up from 1")
    if special(tag):
        return special(tag)
    if _lists_in(tag):
        return TextBlock(html=clean_rich_text(spelt([tag])))
    items = [line(item) for item in tag.find_all("li")]
    items = [item for item in items if item]
    return ListBlock(ordered=tag.name == "ol", items=tuple(items)) if items else _("a list without items")


def quote_block(tag: Tag) -> QuoteBlock | str | None:
    """Return a quote with its source, the name of what does not fit one, or nothing if it is empty."""
    if not tag.get_text(strip=True):
        return None
    foreign = _foreign(tag, _FITS_A_QUOTE)
    if foreign:
        return _("a quote with <%(name)s> in it") % {"name": foreign}
    if special(tag):
        return special(tag)
    attribution = ""
    cites = tag.find_all("cite")
    # A cite in the middle of a sentence is a title; as the last thing of the quote it is the source.
    if cites and tag.get_text(strip=True).endswith(cites[-1].get_text(strip=True)):
        attribution = _source(cites[-1])
        cites[-1].extract()
    for empty in [part for part in tag.find_all(["p", "div", "footer"]) if not part.get_text(strip=True)]:
        empty.decompose()
    markup = spelt(list(tag.children))
    html = clean_rich_text(markup if "<p" in markup else f"<p>{markup}</p>")
    if not tag.get_text(strip=True):
        return QuoteBlock(html=f"<p>{clean_rich_text(attribution)}</p>") if attribution else None
    return QuoteBlock(html=html, attribution=attribution)


def _source(cite: Tag) -> str:
    """Return a source as words; the address behind them is written out, so that it is not lost."""
    words = " ".join(cite.get_text(" ").split()).lstrip("—–- ")
    links = [attribute(link, "href") for link in cite.find_all("a", href=True)]
    shown = [url for url in links if url not in words]
    return f"{words} ({', '.join(shown)})" if shown else words

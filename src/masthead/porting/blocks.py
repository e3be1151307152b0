"""From neutral blocks to those stories are stored in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from masthead.publishing.services import Block

from .records import (
    Body,
    CodeBlock,
    EmbedBlock,
    GalleryBlock,
    HeadingBlock,
    HtmlBlock,
    ListBlock,
    PictureBlock,
    QuoteBlock,
    RuleBlock,
    TableBlock,
    TextBlock,
)
from .text import plain_text

FindPicture = Callable[[str, str], int | None]

_PARAGRAPH_END = re.compile(r"</p>\s*<p>")
_BREAK = re.compile(r"<br>\s*")
_HREF = re.compile(r'href="([^"]*)"')


class BlockWriter:
    """Writes one body. ``kept`` names what could not stand as it was."""

    def __init__(self, find_picture: FindPicture) -> None:
        self.kept: list[str] = []
        self._find_picture = find_picture

    def written(self, body: Body) -> list[Block]:
        """Return a body's blocks as publishing takes them."""
        return [written for block in body.blocks for written in self._one(block)]

    def _one(self, block: object) -> list[Block]:
        for kind, write in _WRITERS.items():
            if isinstance(block, kind):
                return list(write(self, block))
        raise TypeError(f"a body has no {type(block).__name__}")

    def _text(self, block: TextBlock) -> Iterator[Block]:
        yield "text", block.html

    def _heading(self, block: HeadingBlock) -> Iterator[Block]:
        yield "heading", {"text": block.text[:255], "level": str(block.level)}

    def _picture(self, block: PictureBlock) -> Iterator[Block]:
        value = self._picture_value(block)
        if value is None:
            yield "text", _note_of_missing(block)
        else:
            yield "picture", value
        yield from self._link(block)

    def _picture_value(self, block: PictureBlock) -> dict[str, object] | None:
        picture = self._find_picture(block.url, block.media_key)
        if picture is None:
            return None
        caption = _with_addresses(block.caption_html)
        return {"picture": picture, "alt": block.alt[:500], "caption": caption[:1000], "credit": block.credit[:255]}

    def _link(self, block: PictureBlock) -> Iterator[Block]:
        """Keep where a click on a picture led: pictures here lead nowhere."""
        if block.link:
            yield "text", f'<p><a href="{html.escape(block.link)}">{html.escape(block.alt or block.link)}</a></p>'
            self.kept.append(_("a picture with a link, which stands below it"))

    def _gallery(self, block: GalleryBlock) -> Iterator[Block]:
        values = [(picture, self._picture_value(picture)) for picture in block.pictures]
        found = [value for _picture, value in values if value is not None]
        if found:
            yield "gallery", {"pictures": found}
        for picture, value in values:
            if value is None:
                yield "text", _note_of_missing(picture)
            yield from self._link(picture)
        if block.caption_html:
            yield "text", f"<p>{block.caption_html}</p>"

    def _quote(self, block: QuoteBlock) -> Iterator[Block]:
        if "<a " in block.html or len(block.attribution) > 255:
            source = f"<p>{html.escape(block.attribution)}</p>" if block.attribution else ""
            yield "html", f"<blockquote>{block.html}{source}</blockquote>"
            self.kept.append(_("a quote with a link in it"))
            return
        paragraphs = [_BREAK.sub("\n", part) for part in _PARAGRAPH_END.split(block.html)]
        text = "\n\n".join("\n".join(plain_text(line) for line in part.split("\n")) for part in paragraphs)
        yield "quote", {"text": text, "attribution": block.attribution}

    def _list(self, block: ListBlock) -> Iterator[Block]:
        yield "list", {"ordered": block.ordered, "items": list(block.items)}

    def _table(self, block: TableBlock) -> Iterator[Block]:
        rows = [list(row) for row in block.rows]
        if block.has_header:
            rows[0] = [_with_addresses(cell) for cell in rows[0]]
        yield "table", {"caption": block.caption, "has_header_row": block.has_header, "rows": rows}

    def _code(self, block: CodeBlock) -> Iterator[Block]:
        yield "code", {"language": block.language[:40], "code": block.code}

    def _embed(self, block: EmbedBlock) -> Iterator[Block]:
        yield "embed", {"url": block.url, "title": block.title[:255]}

    def _html(self, block: HtmlBlock) -> Iterator[Block]:
        yield "html", block.html

    def _rule(self, _block: RuleBlock) -> Iterator[Block]:
        yield "rule", None


_WRITERS: dict[type, Callable[..., Iterator[Block]]] = {
    TextBlock: BlockWriter._text,
    HeadingBlock: BlockWriter._heading,
    PictureBlock: BlockWriter._picture,
    GalleryBlock: BlockWriter._gallery,
    QuoteBlock: BlockWriter._quote,
    ListBlock: BlockWriter._list,
    TableBlock: BlockWriter._table,
    CodeBlock: BlockWriter._code,
    EmbedBlock: BlockWriter._embed,
    HtmlBlock: BlockWriter._html,
    RuleBlock: BlockWriter._rule,
}


def _note_of_missing(block: PictureBlock) -> str:
    """Return what stands for a picture that could not be had: its words, and where it was. Never a broken picture."""
    words = block.caption_html or html.escape(block.alt)
    note = _("Picture not brought over")
    link = f'<a href="{html.escape(block.url)}">{html.escape(note)}</a>'
    return f"<p>{words} ({link})</p>" if words else f"<p>{link}</p>"


def _with_addresses(markup: str) -> str:
    """Return one line of HTML as plain text; the addresses of its links are written out."""
    text = plain_text(markup)
    shown = [html.unescape(url) for url in _HREF.findall(markup)]
    hidden = [url for url in shown if url not in text]
    return f"{text} ({', '.join(hidden)})".strip() if hidden else text


def first_words(body: Body) -> str:
    """Return the beginning of a body's text, for a story that has no title."""
    for block in body.blocks:
        text = block.text if isinstance(block, HeadingBlock) else ""
        text = text or (plain_text(block.html) if isinstance(block, TextBlock | QuoteBlock) else "")
        if text:
            return text
    return ""

"""Walks through clean markup and says which of our blocks each part is."""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from masthead.core.markup import clean_story_html
from masthead.porting.markup import clean_rich_text
from masthead.porting.records import Block, CodeBlock, EmbedBlock, HeadingBlock, HtmlBlock, RuleBlock, TextBlock

from .figures import Figures
from .inline import INLINE, MEDIA, classes, special, spelt, written
from .links import Links
from .lists import list_block, quote_block
from .media_index import MediaIndex
from .tables import table_block

DEEPEST = 60
_LANGUAGE = re.compile(r"(?:language-|lang-|brush:\s*)([\w+#-]+)")
_ALONE = re.compile(r"https?://[^\s<>\"]+")
_NAMES = {
    "dl": gettext_lazy("a list of terms"),
    "address": gettext_lazy("an address"),
    "details": gettext_lazy("a part that opens on a click"),
}


def _depth_below(tag: Tag, limit: int) -> bool:
    """Say whether something lies deeper than ``limit`` below ``tag``; counts without recursion."""
    level: list[Tag] = [tag]
    for _level in range(limit):
        level = [child for parent in level for child in parent.children if isinstance(child, Tag)]
        if not level:
            return False
    return True


class BlockBuilder:
    """Collects the blocks of one body in reading order."""

    def __init__(self, *, media: MediaIndex, links: Links) -> None:
        self.kept: list[str] = []
        self._figures = Figures(media=media, links=links)
        self._links = links
        self._blocks: list[Block] = []
        self._run: list[PageElement] = []
        self._after_run: list[Block] = []
        self._handlers: dict[str, Callable[[Tag], None]] = {
            "hr": self._rule,
            "pre": self._code,
            "ul": self._list,
            "ol": self._list,
            "table": self._table,
            "blockquote": self._quote,
            "figure": self._figure,
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
            **dict.fromkeys(("dl", "address", "details"), self._keep),
            **dict.fromkeys(MEDIA, self._medium),
        }

    def finished(self) -> tuple[Block, ...]:
        """Return the blocks; neighbouring paragraphs are one text block."""
        self._flush()
        merged: list[Block] = []
        for block in self._blocks:
            last = merged[-1] if merged else None
            if isinstance(block, TextBlock) and isinstance(last, TextBlock):
                merged[-1] = TextBlock(html=last.html + block.html)
            else:
                merged.append(block)
        return tuple(merged)

    def walk(self, root: Tag) -> None:
        """Take everything below ``root``. What is nested absurdly deep is kept as its text."""
        if _depth_below(root, DEEPEST):
            self._add_text(root.get_text("\n", strip=True))
            return
        self._walk(root)

    def _walk(self, parent: Tag) -> None:
        for child in list(parent.children):
            if isinstance(child, NavigableString):
                self._run.append(child)
            elif isinstance(child, Tag):
                self._take(child)
        self._flush()

    def _take(self, tag: Tag) -> None:
        handler = self._handlers.get(tag.name)
        if handler is not None:
            if tag.name not in MEDIA:
                self._flush()
            handler(tag)
        elif tag.name in INLINE and not self._holds_blocks(tag):
            self._inline(tag)
        else:
            self._flush()
            self._drop_download_button(tag)
            self._walk(tag)

    def _holds_blocks(self, tag: Tag) -> bool:
        return any(inner.name not in INLINE and inner.name not in MEDIA for inner in tag.find_all(True))

    @staticmethod
    def _drop_download_button(tag: Tag) -> None:
        """A file block holds the same address twice: as a name and as a button."""
        if "wp-block-file" in classes(tag):
            for button in tag.find_all("a", class_="wp-block-file__button"):
                if tag.find("a", href=str(button.get("href") or "")) is not button:
                    button.decompose()

    # --- runs of text ---------------------------------------------------------------------------------------

    def _inline(self, tag: Tag) -> None:
        found = tag.find_all(MEDIA)
        for medium in found:
            letters = self._figures.as_letters(medium)
            if letters:
                medium.replace_with(letters)
                continue
            self._place(self._figures.medium(medium, within=tag))
            medium.extract()
        if not found or tag.get_text(strip=True):
            self._run.append(tag.extract())

    def _medium(self, tag: Tag) -> None:
        smiley = self._figures.as_letters(tag)
        if smiley:
            self._run.append(NavigableString(smiley))
            return
        self._place(self._figures.medium(tag))

    def _place(self, block: Block | None) -> None:
        """Put a picture before the text it opens, and after the text it interrupts."""
        if block is None:
            return
        has_text = any(part.get_text(strip=True) for part in self._run)
        (self._after_run if has_text else self._blocks).append(block)

    def _flush(self) -> None:
        run, self._run = self._run, []
        after, self._after_run = self._after_run, []
        text = "".join(part.get_text() for part in run).strip()
        if text:
            self._add_run(run, text)
        self._blocks += after

    def _add_run(self, run: list[PageElement], text: str) -> None:
        if _ALONE.fullmatch(text) and self._links.makes_card(text):
            self._blocks.append(EmbedBlock(url=self._links.card(text)))
            return
        what = next(filter(None, map(special, run)), "")
        if what:
            markup = "".join(map(written, run)).strip()
            self._blocks.append(HtmlBlock(html=clean_story_html(f"<p>{markup}</p>"), what=what))
            self.kept.append(what)
            return
        clean = clean_rich_text(f"<p>{spelt(run)}</p>")
        if clean:
            self._blocks.append(TextBlock(html=clean))

    def _add_text(self, text: str) -> None:
        paragraphs = "".join(f"<p>{clean_rich_text(line)}</p>" for line in text.split("\n") if line.strip())
        if paragraphs:
            self._blocks.append(TextBlock(html=clean_rich_text(paragraphs)))

    # --- everything else ------------------------------------------------------------------------------------

    def _keep(self, tag: Tag, what: str = "") -> None:
        pictures = self._taken_out(tag)
        if tag.get_text(strip=True):
            what = what or str(_NAMES.get(tag.name, f"<{tag.name}>"))
            self._blocks.append(HtmlBlock(html=clean_story_html(written(tag)), what=what))
            self.kept.append(what)
        self._blocks += pictures

    def _taken_out(self, tag: Tag) -> list[Block]:
        """Take pictures and players out of something that cannot hold them, smileys excepted: those are letters."""
        taken = []
        for medium in tag.find_all(MEDIA):
            letters = self._figures.as_letters(medium)
            if letters:
                medium.replace_with(letters)
                continue
            block = self._figures.medium(medium)
            medium.extract()
            if block is not None:
                taken.append(block)
        return taken

    def _rule(self, _tag: Tag) -> None:
        self._blocks.append(RuleBlock())

    def _heading(self, tag: Tag) -> None:
        pictures = self._taken_out(tag)
        text = " ".join(tag.get_text().split())
        level = min(max(int(tag.name[1]), 2), 4)
        if text and tag.find("a", href=True):
            tag.name = f"h{level}"
            self._keep(tag, _("a heading with a link in it"))
        elif text:
            self._blocks.append(HeadingBlock(text=text, level=level))
        self._blocks += pictures

    def _code(self, tag: Tag) -> None:
        pictures = self._taken_out(tag)
        code = tag.get_text().strip("\n")
        if "wp-block-verse" in classes(tag):
            self._keep(tag, _("verse"))
        elif tag.find("a", href=True):
            self._keep(tag, _("preformatted text with links in it"))
        elif code.strip():
            names = " ".join([*classes(tag), *(name for inner in tag.find_all("code") for name in classes(inner))])
            language = _LANGUAGE.search(names)
            self._blocks.append(CodeBlock(code=code, language=language[1] if language else ""))
        self._blocks += pictures

    def _put(self, tag: Tag, read: Callable[[Tag], Block | str | None]) -> None:
        """Add what ``read`` makes of a tag; if it only names the tag, keep it as HTML under that name."""
        pictures = self._taken_out(tag)
        found = read(tag)
        if isinstance(found, str):
            self._keep(tag, found)
        elif found is not None:
            self._blocks.append(found)
        self._blocks += pictures

    def _list(self, tag: Tag) -> None:
        self._put(tag, list_block)

    def _quote(self, tag: Tag) -> None:
        self._put(tag, quote_block)

    def _table(self, tag: Tag, caption: str = "") -> None:
        self._put(tag, lambda table: table_block(table, caption))

    def _figure(self, tag: Tag) -> None:
        found = self._figures.figure(tag)
        if found is not None:
            self._blocks += found
            return
        table = tag.find("table")
        caption = tag.find("figcaption")
        if isinstance(table, Tag):
            words = caption.get_text(" ", strip=True) if isinstance(caption, Tag) else ""
            self._table(table, words)
            return
        self._walk(tag)

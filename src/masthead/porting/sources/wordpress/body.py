"""A story's body, from whatever WordPress stored to our blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup

from masthead.porting.markup import recognisable
from masthead.porting.records import Body

from .autop import paragraphs
from .builder import BlockBuilder
from .gutenberg import is_made_of_blocks, without_delimiters
from .links import Links
from .media_index import MediaIndex
from .shortcodes import Shortcodes

# The story is one page here: marks that part it for lists and for paging have no meaning.
_PAGE_MARKS = re.compile(r"<!--\s*(?:more\b[^>]*?|nextpage|noteaser)\s*-->")
_BACKGROUND = re.compile(
    r"(<(?:div|section|figure|header)\b[^<>]{0,2000}?background(?:-image)?:\s*url\(\s*(?:&quot;|&#0?39;|')?([^()<>\"']{1,1000}?)"
    r"(?:&quot;|&#0?39;|')?\s*\)[^<>]*>)",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    r"<\s*(script|object|embed|applet|form|input|canvas|svg|math|frameset|style|link|meta|base)\b", re.I
)


@dataclass(frozen=True, slots=True)
class BodyContext:
    """What a body refers to: the files and the address of the old site, and the story it belongs to."""

    media: MediaIndex
    base_url: str = ""
    story_id: str = ""


def _removed(source: str) -> tuple[str, ...]:
    """Name elements that are never published, with their number."""
    counts: dict[str, int] = {}
    for name in _RUNNING.findall(source):
        counts[name.lower()] = counts.get(name.lower(), 0) + 1
    return tuple(f"{count} × <{name}>" for name, count in counts.items())


def convert_body(source: str, context: BodyContext) -> Body:
    """Turn a body into blocks.

    Nothing in the result can run, load or send anything. What has no block of its own is kept as clean HTML and
    named in ``kept_as_html``; what may never be published is named in ``removed``.
    """
    shortcodes = Shortcodes(media=context.media, story_id=context.story_id)
    markup = _PAGE_MARKS.sub("\n\n", source.replace("\r\n", "\n"))
    markup = shortcodes.written_out(markup)
    markup = _BACKGROUND.sub(r'\1<img src="\2" alt="">', markup)
    listed = shortcodes.listed
    markup = without_delimiters(markup, listed) if is_made_of_blocks(markup) else paragraphs(markup)
    # The wrapper keeps the parser from taking a bare address or file name for something to open.
    soup = BeautifulSoup(f"<div>{recognisable(markup)}</div>", "html.parser")
    links = Links(base_url=context.base_url)
    links.point_home(soup)
    for tag in soup.find_all("acronym"):
        tag.name = "abbr"
    builder = BlockBuilder(media=context.media, links=links)
    builder.walk(soup)
    return Body(blocks=builder.finished(), kept_as_html=(*listed, *builder.kept), removed=_removed(source))

"""From the parser's events to one flat dictionary per author, term and item.

Nothing is kept beyond the item being read, so memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from masthead.porting.errors import ImportRefused

from .decoding import RepairedText

Values = dict[str, str]

# Meta that is read. All other meta belongs to plug-ins, may hold serialised PHP or scripts, and is never published.
_META_READ = frozenset(
    {
        "_thumbnail_id",
        "_wp_attached_file",
        "_wp_attachment_image_alt",
        "_yoast_wpseo_title",
        "_yoast_wpseo_metadesc",
        "_yoast_wpseo_primary_category",
        "rank_math_title",
        "rank_math_description",
        "wpdiscuz_post_rating_count",
        "wpdiscuz_rating_count",
    }
)
# Of comments' meta only what is a number of stars; what it is a rating of, if it is one, the post's meta says.
COMMENT_META = "meta:"
_STARS = re.compile(r"[1-5](\.\d{1,4})?")
_CONTAINERS = frozenset(
    {"channel", "item", "wp:comment", "wp:author", "wp:category", "wp:tag", "wp:term", "wp:postmeta", "wp:commentmeta"}
)
# Hand-edited exports, the theme unit test among them, say https.
_EXPORT_NAMESPACE = re.compile(r"https?://wordpress\.org/export/")
_PREFIXES = {"http://purl.org/rss/1.0/modules/content/": "content:", "http://purl.org/dc/elements/1.1/": "dc:"}


@dataclass(slots=True)
class RawItem:
    """One ``<item>`` as it stands in the file."""

    values: Values = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: Values = field(default_factory=dict)
    comments: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """A direct child of the channel that is not an item: ``channel``, ``wp:author``, ``wp:category`` ..."""

    name: str
    values: Values


def _short_name(name: str) -> str:
    """Give ``namespace}local`` the prefix WordPress itself uses, whatever the version of the namespace."""
    namespace, found, local = name.rpartition("}")
    if not found:
        return name
    if _EXPORT_NAMESPACE.match(namespace):
        return f"excerpt:{local}" if namespace.rstrip("/").endswith("excerpt") else f"wp:{local}"
    return _PREFIXES.get(namespace, "other:") + local


class _Collector:
    """Hears the parser: keeps the open containers, hands out what is complete."""

    def __init__(self) -> None:
        self.done: deque[RawItem | RawEntry] = deque()
        self.root = ""
        self._names: dict[str, str] = {}
        self._path: list[str] = []
        self._values: list[Values] = []
        self._text: list[str] = []
        self._attributes: dict[str, str] = {}
        self._item = RawItem()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = _short_name(tag)
        if not self._path:
            self.root = name
        self._path.append(name)
        self._text.clear()
        if name in _CONTAINERS:
            self._values.append({})
            if name == "item":
                self._item = RawItem()
        else:
            self._attributes = attributes

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        name = self._path.pop()
        if name in _CONTAINERS:
            self._close(name, self._values.pop())
        elif self._path and self._path[-1] in _CONTAINERS:
            self._leaf(name, "".join(self._text))
        self._text.clear()

    def close(self) -> None:
        """Nothing is left to do; the parser asks for this method."""

    def listen(self, parser: DefusedXMLParser) -> None:
        """Hear expat itself: the tree builder's way through three more calls takes longer than the reading."""
        expat = parser.parser
        expat.ordered_attributes = False
        expat.StartElementHandler = self.start
        expat.EndElementHandler = self.end
        expat.CharacterDataHandler = self.data

    def _leaf(self, name: str, text: str) -> None:
        if name == "category" and self._path[-1] == "item":
            self._item.terms.append((self._attributes.get("domain", ""), self._attributes.get("nicename", ""), text))
        else:
            self._values[-1].setdefault(name, text)

    def _close(self, name: str, values: Values) -> None:
        if name == "item":
            self._item.values = values
            self.done.append(self._item)
        elif name == "wp:comment":
            self._item.comments.append(values)
        elif name == "wp:postmeta":
            key = values.get("wp:meta_key", "").strip()
            if key in _META_READ:
                self._item.meta.setdefault(key, values.get("wp:meta_value", ""))
        elif name == "wp:commentmeta":
            self._keep_stars(values)
        else:
            self.done.append(RawEntry(name, values))

    def _keep_stars(self, meta: Values) -> None:
        key, value = meta.get("wp:meta_key", "").strip(), meta.get("wp:meta_value", "").strip()
        if self._path[-1:] == ["wp:comment"] and _STARS.fullmatch(value):
            self._values[-1].setdefault(f"{COMMENT_META}{key}", value)


def _refusal(error: ParseError) -> ImportRefused:
    line = error.position[0]
    reason = str(error).split(":")[0]
    return ImportRefused(
        _("The file is damaged or breaks off at line %(line)s (%(reason)s), so nothing was imported.")
        % {"line": line, "reason": reason}
    )


def read_raw(path: Path, repairs: list[str]) -> Iterator[RawItem | RawEntry]:
    """Yield what stands in the channel, in the order of the file; name repairs in ``repairs`` at the end.

    Refuses, by ``ImportRefused`` with the line, what is not well-formed XML, is no feed, or declares entities.
    """
    collector = _Collector()
    parser = DefusedXMLParser(target=collector, encoding="utf-8")
    collector.listen(parser)
    text = RepairedText(path)
    try:
        for chunk in text.chunks():
            parser.feed(chunk.encode())
            while collector.done:
                yield collector.done.popleft()
        parser.close()
    except ParseError as error:
        raise _refusal(error) from error
    except DefusedXmlException as error:
        raise ImportRefused(
            _("The file declares XML entities, which no WordPress export does, so it was not read further.")
        ) from error
    except OSError as error:
        raise ImportRefused(_("The file cannot be read: %(reason)s.") % {"reason": error.strerror or error}) from error
    if collector.root != "rss":
        raise ImportRefused(_("The file is XML, but not a WordPress export: its first element is not <rss>."))
    yield from collector.done
    repairs.extend(text.repairs())

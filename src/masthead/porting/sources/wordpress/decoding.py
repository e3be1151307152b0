"""Bytes of an export file, repaired so that an XML parser can read them.

Old databases leak characters that XML forbids into exports, and a hand-edited file easily holds a byte that is not
UTF-8. Neither is a reason to refuse an archive: both are replaced here and the repair is named.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

CHUNK_BYTES = 256 * 1024

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Everything outside the Char production of XML 1.0, section 2.2; lone surrogates cannot leave the decoder.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _encoding_of(head: bytes) -> str:
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    declared = _DECLARED.match(head)
    if declared is None:
        return "utf-8"
    try:
        return codecs.lookup(declared.group(1).decode("ascii")).name
    except LookupError:
        return "utf-8"


class RepairedText:
    """Read a file as UTF-8 in pieces, counting what had to be replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._undecodable = 0
        self._forbidden = 0
        self._leading = 0

    def chunks(self) -> Iterator[str]:
        """Yield the whole file as text without characters that XML forbids."""
        with self._path.open("rb") as file:
            data = file.read(CHUNK_BYTES)
            decoder = codecs.getincrementaldecoder(_encoding_of(data[:512]))(errors="replace")
            text = self._without_leading_noise(decoder.decode(data))
            while data:
                yield self._counted(text, data)
                data = file.read(CHUNK_BYTES)
                text = decoder.decode(data)
            yield self._counted(text + decoder.decode(b"", final=True), b"")

    def _without_leading_noise(self, text: str) -> str:
        """Drop blank lines before the XML declaration: WordPress plug-ins print them, XML forbids them."""
        bare = text.lstrip()
        if bare.startswith("<?xml"):
            self._leading = len(text) - len(bare)
            return bare
        return text

    def _counted(self, text: str, data: bytes) -> str:
        # The replacement character may honestly stand in the file; only the surplus was made by the decoder.
        self._undecodable += max(0, text.count("\ufffd") - data.count("\ufffd".encode()))
        if not _FORBIDDEN.search(text):
            return text
        clean, count = _FORBIDDEN.subn("", text)
        self._forbidden += count
        return clean

    def repairs(self) -> list[str]:
        """Name what was repaired while reading."""
        told = []
        if self._leading:
            told.append(_("Blank characters before the first line of the file were left out."))
        if self._undecodable:
            told.append(_("%(count)s broken characters were replaced by \ufffd.") % {"count": self._undecodable})
        if self._forbidden:
            told.append(_("%(count)s control characters that XML forbids were left out.") % {"count": self._forbidden})
        return told

"""Text out of the bytes of a file that somebody exported: four encodings, told apart and never half-read."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What no text holds: controls but for tab, line ends, form feed and the end mark of old systems.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\ufffe\uffff]")


class UnreadableText(ValueError):
    """The bytes are no text in an encoding that is read here."""


def read_text(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16, Windows-1252 or ISO-8859-1, with ``\\n`` as the end of each line.

    A byte order mark decides; without one UTF-8 is tried first, since other texts practically never happen to be
    UTF-8. Raises :class:`UnreadableText` for what holds characters that no text holds.
    """
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "")
    if _NO_TEXT.search(text):
        raise UnreadableText("control characters")
    return text


def _decoded(data: bytes) -> str:
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableText("no known encoding")


def _candidates(data: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    head = data[:400]
    if head[1::2].count(0) > len(head) // 4:
        return ["utf-16-le"]
    if head[0::2].count(0) > len(head) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252", "latin-1"]

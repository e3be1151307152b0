"""What a reader looks for in a thread: words, found where a word of a comment begins with them."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 100
MOST_WORDS = 8
# Nothing in a query is syntax: neither a wildcard nor an operator is a letter or a digit.
_WORD = re.compile(r"[^\W_]+")
# Tags as our sanitiser writes them, and entities: neither is text.
_MARKUP_OR_WORD = re.compile(r'(<(?:"[^"]*"|[^">])*>|&#?\w+;)|([^\W_]+)')
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def shortened(query: str) -> str:
    """Return what was typed as far as it is read: one line of at most 100 characters."""
    return " ".join(_UNPRINTABLE.sub(" ", query).split())[:MOST_CHARACTERS].strip()


def fold(text: str) -> str:
    """Return ``text`` as case does not matter."""
    return unicodedata.normalize("NFC", text.casefold())


def terms(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded, each once; at most eight."""
    return tuple(dict.fromkeys(_WORD.findall(fold(query))))[:MOST_WORDS]


def spellings(term: str) -> tuple[str, ...]:
    """Return how a folded word may stand in a text, for databases that know upper and lower case of ASCII only."""
    return (term,) if term.isascii() else tuple(dict.fromkeys((term, term.capitalize(), term.upper())))


def holds(text: str, wanted: tuple[str, ...]) -> bool:
    """Tell whether every term begins a word of ``text``; nothing is found by no term."""
    words = set(_WORD.findall(fold(text)))
    return bool(wanted) and all(any(word.startswith(term) for word in words) for term in wanted)


def marked(html: str, wanted: tuple[str, ...]) -> str:
    """Return clean HTML with a ``mark`` around each word that begins with a term; tags and entities stay."""

    def mark(match: re.Match[str]) -> str:
        word = match[2]
        return f"<mark>{word}</mark>" if word and fold(word).startswith(wanted) else match[0]

    return _MARKUP_OR_WORD.sub(mark, html) if wanted else html

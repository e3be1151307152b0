"""What a reader typed into the search box, turned into a question to the database and into marks in the result."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_TERMS = 12
_PHRASE_OR_WORDS = re.compile(r'"([^"]*)"|([^"]+)')
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Term:
    """Words that must stand next to each other; the last of the query may go on after its letters."""

    words: tuple[str, ...]
    is_prefix: bool = False


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, character by character: lengths may differ from the original."""
    if text.isascii():
        return text.lower()
    return "".join(fold_character(character) for character in text)


def fold_character(character: str) -> str:
    """Return one character in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    return "".join(part for part in decomposed if not unicodedata.combining(part))


def parse(query: str) -> tuple[Term, ...]:
    """Return the terms of a query: words in quotation marks together, all others alone; at most 12.

    Nothing in it is syntax but the quotation marks, so no query can be malformed.
    """
    terms: list[Term] = []
    for phrase, loose in _PHRASE_OR_WORDS.findall(fold(query).replace("“", '"').replace("”", '"')):
        words = tuple(_WORD.findall(phrase or loose))
        terms += [Term(words)] if phrase and words else [Term((word,)) for word in words]
    terms = terms[:MAX_TERMS]
    if terms and len(terms[-1].words) == 1 and not query.rstrip().endswith(('"', "”")):
        terms[-1] = Term(terms[-1].words, is_prefix=True)
    return tuple(terms)


def to_fts5(terms: tuple[Term, ...]) -> str:
    """Return the question in the words of SQLite's FTS5: every word quoted."""
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms)


def to_tsquery(terms: tuple[Term, ...]) -> str:
    """Return the question in the words of PostgreSQL's ``to_tsquery``."""
    parts = []
    for term in terms:
        words = [f"'{word}'" for word in term.words]
        parts.append(" <-> ".join(words) + (":*" if term.is_prefix else ""))
    return " & ".join(parts)


@dataclass(frozen=True)
class Piece:
    """A run of a snippet, marked or not."""

    text: str
    is_hit: bool


def snippet(text: str, terms: tuple[Term, ...], *, length: int = 240) -> list[Piece]:
    """Return the part of ``text`` around the first hit, cut at words, with all hits in it marked."""
    spans = _spans(text, terms)
    start = _word_start(text, max(0, spans[0][0] - length // 3)) if spans else 0
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    pieces = [Piece("… ", is_hit=False)] if start else []
    position = start
    for hit_start, hit_end in spans:
        if start <= hit_start and hit_end <= end and hit_start >= position:
            pieces += [Piece(text[position:hit_start], is_hit=False), Piece(text[hit_start:hit_end], is_hit=True)]
            position = hit_end
    pieces.append(Piece(text[position:end] + (" …" if end < len(text) else ""), is_hit=False))
    return [piece for piece in pieces if piece.text]


def _word_start(text: str, position: int) -> int:
    return 0 if position == 0 else text.find(" ", position) + 1


def _spans(text: str, terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Return where whole words of the text answer a term."""
    wanted = {word for term in terms for word in term.words}
    prefixes = tuple(term.words[-1] for term in terms if term.is_prefix)
    found = []
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if word in wanted or (prefixes and word.startswith(prefixes)):
            found.append(match.span())
    return found

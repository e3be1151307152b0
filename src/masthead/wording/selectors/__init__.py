"""Phrases, and what the site says in their place."""

from masthead.wording.selectors.catalogues import languages, phrase_of, phrases_of
from masthead.wording.selectors.rows import Found, Row, find, orphaned, wording_of

__all__ = [
    "Found",
    "Row",
    "find",
    "languages",
    "orphaned",
    "phrase_of",
    "phrases_of",
    "wording_of",
]

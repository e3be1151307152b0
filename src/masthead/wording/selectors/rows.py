"""What a person looks for among the phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from masthead.wording.models import Wording
from masthead.wording.rules.phrases import Phrase
from masthead.wording.selectors.catalogues import phrases_of

SHOWN = 60


@dataclass(frozen=True)
class Row:
    """A phrase, and what the site says in its place; ``own`` is empty where it says what we do."""

    phrase: Phrase
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Some of what was found, and how much it was."""

    rows: list[Row]
    count: int


def find(language: str, words: str) -> Found:
    """Return phrases that hold these words in English, in our translation or in the site's; without words, the own."""
    own = {row.name: tuple(row.forms) for row in Wording.objects.filter(language=language)}
    wanted = words.casefold().split()
    matching = [
        Row(phrase, own.get(name, ()))
        for name, phrase in phrases_of(language).items()
        if (_holds(wanted, [*phrase.originals, *phrase.ours, *own.get(name, ())]) if wanted else name in own)
    ]
    return Found(matching[:SHOWN], len(matching))


def wording_of(language: str, name: str) -> Wording | None:
    """Return what the site says in place of a phrase, whether the phrase is still there or not."""
    return Wording.objects.filter(language=language, name=name).first()


def orphaned() -> list[Wording]:
    """Return the site's wordings of phrases that we do not say any more, or say with other plural forms."""
    rows = Wording.objects.order_by("language", "msgid")
    return [row for row in rows if not _fits(row, phrases_of(row.language).get(row.name))]


def _fits(row: Wording, phrase: Phrase | None) -> bool:
    return phrase is not None and phrase.plural == row.plural and len(phrase.ours) == len(row.forms)


def _holds(wanted: Iterable[str], texts: Iterable[str]) -> bool:
    text = "\n".join(texts).casefold()
    return all(word in text for word in wanted)

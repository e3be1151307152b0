"""Every phrase of ours, read from the PO files of this release: for the staff's screen, never for a page."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.conf.locale import LANG_INFO

from masthead.wording.rules.phrases import Phrase

ENGLISH = "en"
_EXAMPLES, _LOOKED_AT = 4, 200


def languages() -> dict[str, str]:
    """Return the languages we speak, by code, each by its own name; the site's first."""
    codes = sorted([ENGLISH, *(path.name for path in _folder().iterdir() if (path / "LC_MESSAGES/django.po").exists())])
    site = str(settings.LANGUAGE_CODE).partition("-")[0]
    ordered = sorted(codes, key=lambda code: code != site)
    return {code: str(LANG_INFO.get(code, {}).get("name_local", code)) for code in ordered}


@cache
def phrases_of(language: str) -> dict[str, Phrase]:
    """Return all phrases of a language by name, in the order of their English; nothing for one we do not speak."""
    if language not in languages():
        return {}
    # English stands in no file of its own: it is what all others translate.
    source = language if language != ENGLISH else next(code for code in languages() if code != ENGLISH)
    with (_folder() / source / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file)
    rule = "n != 1" if language == ENGLISH else str(catalog.plural_expr)
    forms = 2 if language == ENGLISH else int(catalog.num_plurals)
    examples = _examples(gettext.c2py(rule), forms)
    found = [_phrase(catalog, message, language, forms, examples) for message in catalog if message.id]
    return {phrase.name: phrase for phrase in sorted(found, key=lambda item: item.msgid.casefold())}


def phrase_of(language: str, name: str) -> Phrase | None:
    """Return one phrase."""
    return phrases_of(language).get(name)


def _folder() -> Path:
    return Path(settings.LOCALE_PATHS[0])


def _phrase(catalog: Catalog, message: object, language: str, forms: int, examples: tuple[str, ...]) -> Phrase:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)  # type: ignore[attr-defined]
    words = message.string if isinstance(message.string, tuple) else (message.string,)  # type: ignore[attr-defined]
    count = forms if len(ids) > 1 else 1
    english = [ids[0], *[ids[-1]] * (count - 1)]
    said = words if language != ENGLISH and len(words) == count else ("",) * count
    return Phrase(
        context=message.context or "",  # type: ignore[attr-defined]
        msgid=ids[0],
        plural=ids[1] if len(ids) > 1 else "",
        ours=tuple(own or other for own, other in zip(said, english, strict=True)),
        examples=examples if len(ids) > 1 else (),
        hint=" ".join(message.auto_comments),  # type: ignore[attr-defined]
        places=tuple(str(path) for path, _line in message.locations),  # type: ignore[attr-defined]
    )


def _examples(form_of: Callable[[int], int], forms: int) -> tuple[str, ...]:
    numbers: list[list[str]] = [[] for _form in range(forms)]
    for number in range(_LOOKED_AT):
        taken = numbers[form_of(number)]
        if len(taken) <= _EXAMPLES:
            taken.append(str(number))
    return tuple(", ".join([*own[:_EXAMPLES], *(["…"] if len(own) > _EXAMPLES else [])]) for own in numbers)

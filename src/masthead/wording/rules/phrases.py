"""A phrase, and what a site may say in its place: text, with the same placeholders and the same markup.

What is refused here could break a page or a mail wherever the phrase stands: in a template that does not escape it, in
an attribute, in Python that escapes it and then fills it in. So a wording can hold no markup of its own in any of them,
and nothing else needs to know that it is not ours.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

TAG = re.compile(r"<[^<>]*>")
_FILLED = re.compile(r"%(?:\(\w+\))?[-+#0]*\d*(?:\.\d+)?[diouxXeEfFgGcrs]|%%|\{\w*\}")
_ENTITY = re.compile(r"&#?\w+;")
_OPENING = re.compile(r"(?:(?<=^)|(?<=[\s(\[{\u2013\u2014>]))\"")
_KEPT_CONTROLS = {"\n", "\u200e", "\u200f", "\u200c", "\u200d", "\u00ad"}

Code = Literal["empty", "long", "missing", "unknown", "percent", "markup", "entity"]


@dataclass(frozen=True)
class Phrase:
    """One phrase of ours in one language. ``ours`` holds a wording for each plural form, or the one there is."""

    context: str
    msgid: str
    plural: str
    ours: tuple[str, ...]
    examples: tuple[str, ...] = ()
    """For each plural form, some numbers that take it."""
    hint: str = ""
    places: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The lasting name of the phrase, the same in every language."""
        return name_of(self.context, self.msgid)

    @property
    def originals(self) -> tuple[str, ...]:
        """The phrase in English, by form."""
        return (self.msgid, self.plural) if self.plural else (self.msgid,)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a wording, in which form of it, and with which part."""

    code: Code
    form: int
    part: str = ""


def name_of(context: str, msgid: str) -> str:
    """Return the lasting name of a phrase."""
    return hashlib.sha256(f"{context}\x04{msgid}".encode()).hexdigest()[:24]


def placeholders(text: str) -> Counter[str]:
    """Return what is filled in."""
    return Counter(_FILLED.findall(text))


def tidied(phrase: Phrase, forms: Sequence[str]) -> tuple[str, ...]:
    """Return what was typed as it is stored: no control characters, straight quotes made typographic, but in our tags.

    Line breaks stay only in phrases that have some; white space around a phrase is ours.
    """
    return tuple(_tidied(text, _model(phrase, number)) for number, text in enumerate(forms))


def problems(phrase: Phrase, forms: Sequence[str]) -> list[Problem]:
    """Return everything that is wrong with tidied wordings of a phrase; nothing for what may be said."""
    found = [Problem("empty", number) for number in range(len(phrase.ours)) if not _at(forms, number).strip()]
    if found or len(forms) != len(phrase.ours):
        return found or [Problem("empty", len(phrase.ours) - 1)]
    return [problem for number, text in enumerate(forms) for problem in _problems(phrase, number, text)]


def _problems(phrase: Phrase, number: int, text: str) -> list[Problem]:
    known = [*phrase.originals, *phrase.ours]
    allowed = {part for original in known for part in placeholders(original)}
    used, needed = placeholders(text), placeholders(_model(phrase, number))
    found = [Problem("missing", number, part) for part in needed if part not in used and part != "%%"]
    found += [Problem("unknown", number, part) for part in used if part not in allowed]
    # What has no name is filled in by its place, so there must be as many, in our order.
    if not found and _nameless(text) != _nameless(_model(phrase, number)):
        found.append(Problem("missing", number, " ".join(_nameless(_model(phrase, number))) or "%s"))
    if "%" in _FILLED.sub("", text):
        found.append(Problem("percent", number))
    if not _has_same_markup(text, _model(phrase, number)):
        found.append(Problem("markup", number))
    entities = {part for original in known for part in _ENTITY.findall(original)}
    bare = _ENTITY.sub(lambda match: "" if match[0] in entities else match[0], TAG.sub("", text))
    if html.unescape(bare) != bare:
        found.append(Problem("entity", number))
    if len(text) > 4 * max(map(len, known)) + 200:
        found.append(Problem("long", number))
    return found


def _nameless(text: str) -> list[str]:
    return [part for part in _FILLED.findall(text) if part == "{}" or (part[0] == "%" and part[1] not in "(%")]


def _has_same_markup(text: str, model: str) -> bool:
    """Tell whether a text holds our tags, all of them, each closed in its turn, and no other ``<``."""
    tags = TAG.findall(text)
    if Counter(tags) != Counter(TAG.findall(model)) or "<" in TAG.sub("", text):
        return False
    return _closes_in_turn(tags) or not _closes_in_turn(TAG.findall(model))


def _closes_in_turn(tags: Sequence[str]) -> bool:
    names: list[str] = []
    for tag in tags:
        name = re.sub(r"^</?|[\s>].*$", "", tag, flags=re.DOTALL)
        if not tag.startswith("</"):
            names.append(name)
        elif not names or names.pop() != name:
            return False
    return not names


def _model(phrase: Phrase, number: int) -> str:
    """Return the wording of ours that stands where this one is to stand."""
    return phrase.ours[min(number, len(phrase.ours) - 1)]


def _tidied(text: str, model: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if "\n" not in model.strip():
        text = " ".join(text.split("\n"))
    text = "".join(char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char)[0] != "C")
    pieces = re.split(f"({TAG.pattern})", text.strip())
    known = set(TAG.findall(model))
    text = "".join(piece if piece in known else _typographic(piece) for piece in pieces)
    leading = model[: len(model) - len(model.lstrip())]
    trailing = model[len(model.rstrip()) :]
    return f"{leading}{text}{trailing}" if text else ""


def _typographic(text: str) -> str:
    return _OPENING.sub("“", text).replace('"', "”").replace("'", "’").replace("`", "’")


def _at(forms: Sequence[str], number: int) -> str:
    return forms[number] if number < len(forms) else ""

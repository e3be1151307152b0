"""Gather what is said to people and keep ``src/masthead/locale`` in step with it, for :file:`scripts/messages`.

Without arguments: every phrase of code and templates stands in each ``django.po`` with its places, phrases that are
gone leave it, and each ``django.mo`` is made anew. A translation is never guessed from a similar phrase.
With ``--missing``: print, for each language, the phrases of readers that it does not have yet.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "masthead"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("ar", "de", "es", "fr", "ru", "uk")

_SIMPLE = ("_", "gettext", "gettext_lazy", "gettext_noop")
_KEYWORDS = {
    **dict.fromkeys(_SIMPLE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# What only the people of a newsroom read; Wagtail's own screens around it have translations of their own.
_STAFF = re.compile(
    r"/(staff|models|cli)/|/(models|wagtail_hooks|checks|apps|blocks)\.py$|^(porting|outbox|project/demo|edge/cdn)/"
    r"|^(publishing/errors|funding/errors|funding/selectors/doctor)\.py$"
    # Bank statements and gifts of other systems are read in by staff, who also put the site's phrases in other words;
    # what is wrong with a seal is told by "masthead ledger". Mails to those who keep the books tell of disputes, and of
    # what could not be booked or does not agree with a processor.
    r"|^funding/templates/funding/mail/(dispute|held|differs)/|^funding/selectors/(seals|reconciled)\.py$"
    r"|^funding/(bank_errors|bank_words|campaign_errors|staff_errors|services/imported|selectors/(gifts|donors|receipt_lists|lapsed|failed_renewals))\.py$"
    r"|^funding/services/bank/|^wording/errors\.py$"
    # Webhooks are staff's affair from end to end.
    r"|^hooks/|^project/answers/hooks\.py$"
)
# What readers see although a model or the newsroom's errors name it: why a comment was removed, what mails tell of,
# kinds of stories, how a gift that repeats stands, how money came (on receipts), and what the page of a giver refuses.
_SHOWN = {
    *("personal attack", "off topic", "unlawful", "private facts of others", "advertising", "against the rules"),
    *("new follow-up comments", "new replies to my comments"),
    *("Analysis", "Feature", "Interview", "Opinion", "Editorial", "Letter", "Review", "Notice"),
    *("bank transfer", "cash", "cheque", "card or debit", "recorded elsewhere"),
    *("once", "not confirmed yet", "active", "paused", "payment failed", "ended"),
}
# The days of this file's making would make each run differ from the last.
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
_DATED = re.compile(
    r'^"(Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By):.*\n', re.M
)
_HOLE = re.compile(r"%\((\w+)\)[sd]")


def sources() -> Iterator[tuple[str, str]]:
    """Return each file that may speak to people, as its place and its text in Python."""
    if not settings.configured:
        settings.configure()
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(PACKAGE).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield place, path.read_text(encoding="utf-8")
        elif "templates" in path.parts and path.is_file():
            code = templatize(path.read_text(encoding="utf-8"), origin=place)
            yield place, "\n".join(line.strip() for line in code.splitlines())


def extract() -> Catalog:
    """Return every phrase of the code, with the files it stands in."""
    catalog = Catalog()
    for place, code in sources():
        for _line, function, found, notes in extract_python(BytesIO(code.encode()), _KEYWORDS, ["Translators:"], {}):
            texts = [text for text in ([found] if isinstance(found, str) else found) if text is not None]
            context = texts.pop(0) if function.lstrip("n").startswith("p") else None
            phrase = (texts[0], texts[1]) if function.startswith("n") else texts[0]
            catalog.add(phrase, locations=[(place, None)], context=context, auto_comments=notes)
    return catalog


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as it is kept."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def for_readers(message: Message) -> bool:
    """Say whether anybody outside of the newsroom reads a phrase."""
    return message.id in _SHOWN or any(not _STAFF.search(place) for place, _line in message.locations)


def phrase(message: Message) -> str:
    """Return the English words of a phrase on one line."""
    words = message.id if isinstance(message.id, str) else " | ".join(message.id)
    return words.replace("\n", "\\n")


def is_whole(message: Message | None) -> bool:
    """Say whether a phrase has words in all its forms, and a person has looked at them."""
    if message is None or message.fuzzy:
        return False
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return bool(forms) and all(forms)


def missing(language: str, phrases: Catalog) -> list[Message]:
    """Return the phrases of readers that a language does not have whole."""
    kept = catalogue(language)
    wanted = (message for message in phrases if message.id and for_readers(message))
    return [message for message in wanted if not is_whole(kept.get(message.id, message.context))]


def faults(catalog: Catalog) -> list[str]:
    """Return what is wrong with the translations a catalogue has: half of the forms, other placeholders, doubts."""
    found = ["a phrase is marked fuzzy: " + phrase(message) for message in catalog if message.id and message.fuzzy]
    for message in catalog:
        if not message.id or not any(message.string or ()):
            continue
        if isinstance(message.id, str):
            if set(_HOLE.findall(message.id)) != set(_HOLE.findall(str(message.string))):
                found.append(f"the placeholders differ: {phrase(message)}")
            continue
        holes = set(_HOLE.findall(message.id[1]))
        # Where English says "one" without a figure, the phrase is never shown for none.
        several = _forms_of_several(catalog, 0 if set(_HOLE.findall(message.id[0])) == holes else 1)
        if len(message.string) != catalog.num_plurals or not all(message.string):
            found.append(f"{catalog.num_plurals} forms are needed: {phrase(message)}")
        for number, form in enumerate(message.string):
            has = set(_HOLE.findall(form))
            if has - holes or (number in several and has != holes):
                found.append(f"the placeholders differ in form {number}: {phrase(message)}")
    return found


def _forms_of_several(catalog: Catalog, least: int) -> set[int]:
    """Return the plural forms that serve more than one number: these must name it; "one" and "two" may be words."""
    form_of = c2py(catalog.plural_expr)
    served = Counter(form_of(number) for number in range(least, 200))
    return {form for form, numbers in served.items() if numbers > 1}


def write(catalog: Catalog, language: str) -> None:
    """Keep a catalogue as text and as what Django reads. The same phrases make the same bytes."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    catalog.creation_date = catalog.revision_date = _UNDATED
    text = BytesIO()
    write_po(text, catalog, width=110, ignore_obsolete=True, sort_output=True, include_lineno=False)
    kept = _DATED.sub("", text.getvalue().decode())
    (folder / "django.po").write_text(kept, encoding="utf-8")
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def update() -> None:
    """Bring all catalogues up to date with the code."""
    phrases = extract()
    for language in LANGUAGES:
        catalog = catalogue(language)
        catalog.header_comment = f"# Masthead in {catalog.locale.english_name}."
        catalog.project, catalog.version, catalog.fuzzy = "Masthead", "1", False
        catalog.update(phrases, no_fuzzy_matching=True, update_header_comment=False)
        write(catalog, language)
        say(f"{language}: {len(missing(language, phrases))} phrases of readers are missing")
        for fault in faults(catalog):
            say(f"  {fault}")


def tell_missing() -> None:
    """Print what readers lack, so that it can be written."""
    phrases = extract()
    for language in LANGUAGES:
        for message in missing(language, phrases):
            places = ", ".join(dict.fromkeys(place for place, _line in message.locations))
            say(f"{language}: {phrase(message)}  ({places})")


if __name__ == "__main__":
    tell_missing() if "--missing" in sys.argv[1:] else update()

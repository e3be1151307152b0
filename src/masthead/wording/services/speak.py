"""Let this process say what the site says."""

from __future__ import annotations

import logging
from collections import defaultdict
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

from masthead.core import worded
from masthead.wording import selectors
from masthead.wording.models import Wording
from masthead.wording.rules.phrases import problems

Entries = dict[Any, str]
logger = logging.getLogger(__name__)
# Who reads the rows later must also be the later one to say them.
_one_at_a_time = Lock()


def speak() -> None:
    """Put the site's wordings into the catalogues of translations, and forget what was made of the former ones.

    One query. From then on a phrase is looked up as if it had always been ours: no request pays for it. To be called
    when a process begins and whenever :class:`PhraseReworded` is told. A wording that its phrase outgrew in a later
    release is not said: what was safe in place of the former phrase need not be so in that of the new one.
    """
    with _one_at_a_time:
        _speak()


def _speak() -> None:
    wanted: dict[str, Entries] = defaultdict(dict)
    for row in Wording.objects.all():
        if _may_be_said(row):
            wanted[row.language].update(_entries(row))
    loaded: list[str] = list(trans_real._translations)  # type: ignore[attr-defined]
    for code in dict.fromkeys([*wanted, str(settings.LANGUAGE_CODE), *loaded]):
        _put(code, wanted.get(code) or wanted.get(code.partition("-")[0]) or {})
    worded.forget()


def _may_be_said(row: Wording) -> bool:
    phrase = selectors.phrase_of(row.language, row.name)
    if phrase is not None and phrase.plural == row.plural and not problems(phrase, row.forms):
        return True
    logger.warning("not said, for its phrase is another one by now: the %s wording of %r", row.language, row.msgid)
    return False


def _entries(row: Wording) -> Entries:
    key = f"{row.context}\x04{row.msgid}" if row.context else row.msgid
    if not row.plural:
        return {key: row.forms[0]}
    return {(key, number): text for number, text in enumerate(row.forms)}


def _put(code: str, entries: Entries) -> None:
    # Django looks in these, the first first; ours comes before those of Django and of other apps.
    catalogues = trans_real.translation(code)._catalog._catalogs  # type: ignore[attr-defined]
    language = trans_real.translation(code).__dict__
    if not entries and "masthead_ours" not in language:
        return
    ours: Entries = language.setdefault("masthead_ours", catalogues[0])
    # One assignment: whoever reads meanwhile sees the former words or the new ones.
    catalogues[0] = {**ours, **entries}

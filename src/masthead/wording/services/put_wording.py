"""Say a phrase in the site's words, or in ours again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from masthead.core.clock import now
from masthead.outbox.services import record
from masthead.wording import selectors
from masthead.wording.errors import UnknownPhrase, WordingRefused
from masthead.wording.events import PhraseReworded
from masthead.wording.models import Wording
from masthead.wording.rules.phrases import problems, tidied
from masthead.wording.services.speak import speak


def reword(*, language: str, name: str, forms: Sequence[str], by: Any = None) -> Wording | None:
    """Let the site say a phrase in these words, one text for each plural form; our own words are the same as none.

    This process says it before the call returns, others as soon as they hear of it. Refuses ``UnknownPhrase`` and
    ``WordingRefused``, with every problem of every form.
    """
    phrase = selectors.phrase_of(language, name)
    if phrase is None:
        raise UnknownPhrase()
    words = tidied(phrase, forms)
    wrong = problems(phrase, words)
    if wrong:
        raise WordingRefused(problems=wrong)
    if words == tidied(phrase, phrase.ours) or words == phrase.ours:
        reset_wording(language=language, name=name)
        return None
    with transaction.atomic():
        values = {"context": phrase.context, "msgid": phrase.msgid, "plural": phrase.plural, "forms": list(words)}
        row, _is_new = Wording.objects.update_or_create(
            language=language, name=name, defaults={**values, "changed_at": now(), "changed_by": by}
        )
        _tell(language, name)
    return row


def reset_wording(*, language: str, name: str) -> None:
    """Let the site say a phrase as we do; of one that is gone, forget what the site said. Twice is once."""
    with transaction.atomic():
        count, _rows = Wording.objects.filter(language=language, name=name).delete()
        if count:
            _tell(language, name)


def _tell(language: str, name: str) -> None:
    # First of what follows the commit: pages are dropped only when they can be made in the new words.
    transaction.on_commit(speak)
    record(PhraseReworded(language=language, name=name))

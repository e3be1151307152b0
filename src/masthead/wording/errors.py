"""What is refused of a wording, and what the person who wrote it reads."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError
from masthead.wording.rules.phrases import Problem


class WordingError(DomainError):
    """Base of this app's refusals."""

    status: ClassVar[int] = 422


class UnknownPhrase(WordingError):
    """We say no such phrase in that language, or not any more."""

    code = "wording.unknown_phrase"
    status = 404

    def message(self) -> str:
        """Say so."""
        return _("There is no such phrase, or not any more.")


class WordingRefused(WordingError):
    """A wording would break where it stands; ``params['problems']`` says how, form by form."""

    code = "wording.refused"

    def message(self) -> str:
        """Say what to do, in one sentence for each problem."""
        return " ".join(problem_text(problem) for problem in self.params["problems"])


def problem_text(problem: Problem) -> str:
    """Say what is wrong with one form, and what to do."""
    texts = {
        "empty": _("Write every form: numbers that take this one would have no words."),
        "long": _("This is too long for where it stands."),
        "missing": _("%(part)s is missing: something is filled in there."),
        "unknown": _("Nothing is filled in for %(part)s. Use only what our wording has."),
        "percent": _("A percent sign cannot stand here. Write “per cent”."),
        "markup": _("The parts between < and > must stay as they are in our wording; no others are possible."),
        "entity": _("Write the character itself instead of a code that begins with &."),
    }
    return texts[problem.code] % {"part": problem.part} if problem.part else texts[problem.code]

"""Refusals about bank statements, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class StatementRefused(DomainError):
    """The file is no statement that can be read; nothing was written."""

    code = "funding.statement_refused"
    status = 422

    def message(self) -> str:
        """Say in one sentence what is wrong with the file."""
        return _sentences()[self.params["why"]] % self.params


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to say about a table: its name, and what may be answered."""

    name: str
    options: tuple[str, ...]


class StatementUnclear(StatementRefused):
    """A table can be read in more than one way: the questions say what has to be known."""

    code = "funding.statement_unclear"

    def __init__(self, questions: tuple[Question, ...], **params: Any) -> None:
        super().__init__(why="unclear", names=", ".join(question.name for question in questions), **params)
        self.questions = questions


class LineDecided(DomainError):
    """Somebody decided about this line already."""

    code = "funding.line_decided"
    status = 409

    def message(self) -> str:
        """Ask to look again."""
        return _("This line was decided about meanwhile. Look at the list again.")


class IgnoredWithoutReason(DomainError):
    """A line is put aside with a reason only."""

    code = "funding.ignored_without_reason"

    def message(self) -> str:
        """Ask for the reason."""
        return _("Say why the line is put aside; the reason stays beside it.")


class NothingToBook(DomainError):
    """Money that went out is no gift, and money that came in takes none back."""

    code = "funding.nothing_to_book"

    def message(self) -> str:
        """Say what the line is."""
        return _(
            "This does not fit the line: only money that came in is a gift, only money that went out takes one back."
        )


class SlipRefused(DomainError):
    """The photo of a slip cannot be kept."""

    code = "funding.slip_refused"
    status = 422

    def message(self) -> str:
        """Say what to send instead."""
        return {
            "bytes": _("The photo is larger than 15 MB. Take a smaller one."),
            "pixels": _("The photo has too many pixels. Take a smaller one."),
            "kind": _("This is no picture that can be read. JPEG, PNG and WebP are."),
        }[self.params["why"]]


def _sentences() -> dict[str, str]:
    return {
        "empty": _("The file is empty."),
        "large": _("The file is larger than 10 MB. Download a shorter time from the bank."),
        "rows": _("The table has more than 50,000 rows. Download a shorter time from the bank."),
        "encoding": _("The file is no text in UTF-8, UTF-16, Windows-1252 or ISO-8859-1."),
        "unknown": _("The file is no bank statement: CAMT.053, MT940 and tables (CSV) are read."),
        "dtd": _("The file defines entities of its own, which no bank does. It was not read."),
        "xml": _("The file breaks off or is damaged: its XML cannot be read (%(at)s). Download it again."),
        "other_camt": _("This is %(kind)s. Download the statement as CAMT.053, which holds booked money only."),
        "no_account": _("A statement in the file does not say which account it is of."),
        "amount": _("The amount “%(text)s” in the file cannot be read. Nothing was taken from it."),
        "currency": _("The currency “%(text)s” in the file is not known."),
        "date": _("The date “%(text)s” in the file cannot be read. Nothing was taken from it."),
        "line": _("The line “%(text)s” of the MT940 file cannot be read. Nothing was taken from it."),
        "table": _("The table cannot be read: %(text)s."),
        "unclear": _("The table can be read in more than one way. Please say: %(names)s."),
    }

"""Bank statements: brought in, matched, decided about."""

from masthead.funding.services.bank.decide import (
    accept_suggestion,
    book_as_gift,
    book_on_pledge,
    ignore_line,
    reopen_line,
    take_back_gift,
)
from masthead.funding.services.bank.report import BankReport
from masthead.funding.services.bank.statements import import_statements, preview_statements
from masthead.funding.services.bank.uploads import forget_old_uploads, forget_upload, keep_upload

__all__ = [
    "BankReport",
    "accept_suggestion",
    "book_as_gift",
    "book_on_pledge",
    "forget_old_uploads",
    "forget_upload",
    "ignore_line",
    "import_statements",
    "keep_upload",
    "preview_statements",
    "reopen_line",
    "take_back_gift",
]

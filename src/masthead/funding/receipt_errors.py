"""Refusals about receipts, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class NoReceiptForRehearsal(DomainError):
    """Money of a rehearsal never gets a number (rule L7)."""

    code = "funding.no_receipt_for_rehearsal"

    def message(self) -> str:
        """Say why."""
        return _("This gift is a rehearsal’s: no real money has moved, so there is nothing to receipt.")


class NothingToReceipt(DomainError):
    """All of the gift went back before there was a receipt."""

    code = "funding.nothing_to_receipt"
    status = 409

    def message(self) -> str:
        """Say that nothing is left."""
        return _("All of this gift went back, so there is nothing to receipt.")


class ReceiptNeedsAName(DomainError):
    """A receipt is somebody's."""

    code = "funding.receipt_needs_a_name"

    def message(self) -> str:
        """Ask for the name."""
        return _("Write the name of the person or body that gave.")

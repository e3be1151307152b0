"""Refusals on the way to a processor's page, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class NotToBePaidAgain(DomainError):
    """The money of a pledge came, is on its way, or comes by itself the next time."""

    code = "funding.not_to_be_paid_again"
    status = 409

    def message(self) -> str:
        """Say that nothing more is wanted."""
        return _("Nothing more is to be paid for this gift now. Its page says how it stands.")

"""Refusals on a giver's own page, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class GiftHasEnded(DomainError):
    """A repeated gift that ended stays ended."""

    code = "funding.gift_has_ended"
    status = 409

    def message(self) -> str:
        """Say how to give again."""
        return _("This gift has ended. To give again, begin a new one on the support page.")


class NothingToSkip(DomainError):
    """No next payment is known."""

    code = "funding.nothing_to_skip"
    status = 409

    def message(self) -> str:
        """Say that nothing is due."""
        return _("No next payment is due that could be skipped.")


class GiftStillRuns(DomainError):
    """A giver is forgotten when nothing more comes from him."""

    code = "funding.gift_still_runs"
    status = 409

    def message(self) -> str:
        """Say what comes first."""
        return _("A gift of yours still repeats. End it first; then your data can be deleted.")


class UnknownWish(DomainError):
    """A button that this page does not have."""

    code = "funding.unknown_wish"

    def message(self) -> str:
        """Say that nothing was done."""
        return _("This page has no such button, so nothing was done.")

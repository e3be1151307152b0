"""Refusals that only the newsroom meets."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class MayNotRefund(DomainError):
    """Who looks after gifts does not by that send money away."""

    code = "funding.may_not_refund"
    status = 403

    def message(self) -> str:
        """Say who can change it."""
        return _("You may not send money back. Ask an administrator for the permission, or a colleague who has it.")


class GiftByHand(DomainError):
    """No processor can send back what it never took."""

    code = "funding.gift_by_hand"
    status = 409

    def message(self) -> str:
        """Say what to do instead."""
        return _("This gift came by hand. Give the money back the way it came, then reverse the gift.")

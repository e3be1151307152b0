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


class SameDonor(DomainError):
    """Two different rows become one person."""

    code = "funding.same_donor"

    def message(self) -> str:
        """Ask for another."""
        return _("This is the same donor. Choose the other one.")


class DonorMerged(DomainError):
    """Only donors who stand for themselves are merged."""

    code = "funding.donor_merged"
    status = 409

    def message(self) -> str:
        """Say what to look at."""
        return _("One of the two was merged already. Look at the list again.")


class DonorHoldsOthers(DomainError):
    """What was merged stays one step deep, so that each step can be undone."""

    code = "funding.donor_holds_others"
    status = 409

    def message(self) -> str:
        """Say how it goes."""
        return _("Others were merged into this donor. Merge the other one into this donor, or part those first.")


class DonorNotMerged(DomainError):
    """There is nothing to undo."""

    code = "funding.donor_not_merged"
    status = 409

    def message(self) -> str:
        """Say how it stands."""
        return _("This donor already stands alone.")


class AddressTaken(DomainError):
    """One address is one person."""

    code = "funding.address_taken"
    status = 409

    def message(self) -> str:
        """Say why they cannot be parted."""
        return _("Another donor has the same address by now, so these two cannot be parted.")

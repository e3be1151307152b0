"""Refusals of funding, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.core.errors import DomainError


class AmountNotPositive(DomainError):
    """A gift or pledge is more than nothing."""

    code = "funding.amount_not_positive"

    def message(self) -> str:
        """Ask for an amount."""
        return _("The amount must be more than zero.")


class CurrencyDiffers(DomainError):
    """The campaign counts in another currency."""

    code = "funding.currency_differs"

    def message(self) -> str:
        """Name the currency that counts."""
        return _("This campaign counts in %(expected)s, so %(given)s cannot be booked here.") % self.params


class ReceivedInFuture(DomainError):
    """Money that is still to come is a pledge."""

    code = "funding.received_in_future"

    def message(self) -> str:
        """Say which day is meant."""
        return _("The money cannot have arrived in the future. Give the day it reached the account.")


class UnknownMethod(DomainError):
    """Money reaches the newsroom in known ways, each with an account of its own."""

    code = "funding.unknown_method"

    def message(self) -> str:
        """Name what was given."""
        return _("“%(method)s” is no way in which money is recorded here.") % self.params


class KeyTaken(DomainError):
    """The same external key was booked before with other facts."""

    code = "funding.key_taken"
    status = 409

    def message(self) -> str:
        """Say what stands in the books."""
        booked = {"amount": amount(self.params["booked"]), "key": self.params["key"]}
        return _("%(key)s is already booked with %(amount)s. Reverse that gift first if it is wrong.") % booked


class AlreadyReversed(DomainError):
    """A gift is taken back once."""

    code = "funding.already_reversed"
    status = 409

    def message(self) -> str:
        """Say that it is done."""
        return _("This gift has already been reversed.")


class ReasonMissing(DomainError):
    """Each correction says why."""

    code = "funding.reason_missing"

    def message(self) -> str:
        """Ask for the reason."""
        return _("Say why the gift is reversed; the reason stays in the books.")


class PledgeFulfilled(DomainError):
    """The money of a single pledge arrives once."""

    code = "funding.pledge_fulfilled"
    status = 409

    def message(self) -> str:
        """Say where the money is."""
        return _("The money of this pledge is already recorded. Record a second gift by itself.")


class NoCampaign(DomainError):
    """There is nothing to give to."""

    code = "funding.no_campaign"
    status = 404

    def message(self) -> str:
        """Say that nobody collects at present."""
        return _("No campaign is open at present.")


class GoalNegative(DomainError):
    """A goal is zero (no meter) or more."""

    code = "funding.goal_negative"

    def message(self) -> str:
        """Say what zero means."""
        return _("A goal cannot be below zero. Zero hides the meter.")


class NotAJournal(DomainError):
    """The sides of a journal do not sum to zero."""

    code = "funding.not_a_journal"
    status = 500

    def message(self) -> str:
        """Say that nothing was booked."""
        return _("The two sides of this booking do not match, so nothing was booked.")


class NothingToRefund(DomainError):
    """The payment took no money, or all of it went back."""

    code = "funding.nothing_to_refund"
    status = 409

    def message(self) -> str:
        """Say that there is nothing."""
        return _("Nothing of this payment is left to send back.")


class RefundTooLarge(DomainError):
    """More than is left of the payment."""

    code = "funding.refund_too_large"

    def message(self) -> str:
        """Name what is left."""
        return _("At most %(left)s can be sent back.") % {"left": amount(self.params["left"])}


class MonthNotToClose(DomainError):
    """Months are closed in turn, each after its end."""

    code = "funding.month_not_to_close"

    def message(self) -> str:
        """Say which month can be closed."""
        return _("This month cannot be closed now: months are closed in turn, and only after their end.")

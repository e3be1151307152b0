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


class NotAJournal(DomainError):
    """The sides of a journal do not sum to zero."""

    code = "funding.not_a_journal"
    status = 500

    def message(self) -> str:
        """Say that nothing was booked."""
        return _("The two sides of this booking do not match, so nothing was booked.")


class GiftOfAProcessor(DomainError):
    """What a processor took goes back through it: a reversal here would send nothing."""

    code = "funding.gift_of_a_processor"
    status = 409

    def message(self) -> str:
        """Say how it goes back."""
        return (
            _(
                "This gift came through %(name)s, and reversing it here would send no money back. "
                "Refund it there; the books follow by themselves."
            )
            % self.params
        )

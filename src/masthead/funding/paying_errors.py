"""Refusals about amounts, processors and paying, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.display import amount
from masthead.core.errors import DomainError


class NotToBePaidAgain(DomainError):
    """The money of a pledge came, is on its way, or comes by itself the next time."""

    code = "funding.not_to_be_paid_again"
    status = 409

    def message(self) -> str:
        """Say that nothing more is wanted."""
        return _("Nothing more is to be paid for this gift now. Its page says how it stands.")


class AmountTooSmall(DomainError):
    """Less than the processor takes."""

    code = "funding.amount_too_small"

    def message(self) -> str:
        """Name the least, and the way for less."""
        facts = {**self.params, "least": amount(self.params["least"])}
        return _("%(name)s takes %(least)s or more. A bank transfer may be smaller.") % facts


class TotalTooLarge(DomainError):
    """More than the processor takes."""

    code = "funding.total_too_large"

    def message(self) -> str:
        """Name the most, and the way for more."""
        facts = {**self.params, "most": amount(self.params["most"])}
        return _("%(name)s takes %(most)s at most. Please send more by bank transfer.") % facts


class AmountTooUneven(DomainError):
    """Between two amounts that the processor can take."""

    code = "funding.amount_too_uneven"

    def message(self) -> str:
        """Name the step."""
        facts = {**self.params, "step": amount(self.params["step"])}
        return _("%(name)s takes only multiples of %(step)s.") % facts


class ProcessorNotReady(DomainError):
    """The site's keys do not fit, so no money may move."""

    code = "funding.processor_not_ready"
    status = 503

    def message(self) -> str:
        """Say that nothing was taken, and what works."""
        return (
            _("%(name)s cannot be used here at the moment. Nothing was taken; a bank transfer still works.")
            % self.params
        )


class ProcessorAway(DomainError):
    """The processor did not answer, so nothing is claimed."""

    code = "funding.processor_away"
    status = 503

    def message(self) -> str:
        """Say that it is not certain."""
        return _("The payment processor does not answer, so this may not have been done. Please try again in a minute.")


class ProcessorSaysNo(DomainError):
    """The processor refused."""

    code = "funding.processor_says_no"
    status = 422

    def message(self) -> str:
        """Pass on its own sentence."""
        return _("The payment processor refused this: %(reason)s") % self.params

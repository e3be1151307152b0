"""Why a line of a statement stands where it stands, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.funding.rules.bank_matching import Reason


def reason_text(reason: str) -> str:
    """Return the sentence of a reason."""
    return _sentences().get(reason, "")


def _sentences() -> dict[str, str]:
    return {
        Reason.CERTAIN: _("Reference, amount and currency agree."),
        Reason.OTHER_AMOUNT: _("The reference is known, but another amount was announced."),
        Reason.CLOSED: _("The pledge of this reference is closed."),
        Reason.FULFILLED: _("The money of this pledge is already recorded."),
        Reason.SEVERAL_REFERENCES: _("The text names more than one of our references."),
        Reason.BY_HAND: _("Somebody recorded the same amount for this pledge by hand around that day."),
        Reason.OTHER_FORMAT: _("The same amount for this pledge and day is booked from a file of another format."),
        Reason.SAME_PAYER: _("No reference, but a pledge of this amount is by the same payer."),
        Reason.SEVERAL_PAYERS: _("No reference, and several pledges of this amount are by the same payer."),
        Reason.UNKNOWN_REFERENCE: _("The text holds a reference that none of our pledges has."),
        Reason.NO_REFERENCE: _("The text holds no reference of ours."),
        Reason.OWN_RETURN: _("The bank calls it the return of a payment of yours, so it is no gift."),
        Reason.RETURN_SEVERAL: _("The bank sent a transfer back, and more than one gift could be meant."),
        Reason.RETURN_UNKNOWN: _("The bank sent a transfer back, and no gift of this amount and payer is here."),
        Reason.RETURN_UNNAMED: _("The bank sent a transfer back; a gift of this amount by the same name is here."),
        Reason.WENT_OUT: _("Money went out under a reference of ours. Was a gift given back?"),
        Reason.TO_COME: _("Its value date is still to come; it is booked with the next statement."),
    }

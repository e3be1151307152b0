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


class NoReasonToSetAside(DomainError):
    """What is set aside says why."""

    code = "funding.no_reason_to_set_aside"

    def message(self) -> str:
        """Ask for the reason."""
        return _("Say why it is set aside; whoever looks next wants to know.")


class AlreadyDecided(DomainError):
    """Somebody was quicker, or it has gone by itself."""

    code = "funding.already_decided"
    status = 409

    def message(self) -> str:
        """Say that nothing is left to do."""
        return _("This is decided already.")


class NothingToPost(DomainError):
    """Only what belongs to no payment is posted by hand."""

    code = "funding.nothing_to_post"

    def message(self) -> str:
        """Say what to do instead."""
        return _("This cannot be posted as a fee. Mend it where it is wrong, or set it aside with a reason.")


class MonthNotToClose(DomainError):
    """Months are closed in turn, each after its end."""

    code = "funding.month_not_to_close"

    def message(self) -> str:
        """Say which month can be closed."""
        return _("This month cannot be closed now: months are closed in turn, and only after their end.")


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


class DaysMissing(DomainError):
    """A campaign by dates has two of them."""

    code = "funding.days_missing"

    def message(self) -> str:
        """Ask for both."""
        return _("A campaign from one day to another needs both days: give its first and its last.")


class DaysReversed(DomainError):
    """A campaign ends on its first day or later."""

    code = "funding.days_reversed"

    def message(self) -> str:
        """Say which day to change."""
        return _("The last day comes before the first. Give a later last day.")


class DaysUnasked(DomainError):
    """Days belong to campaigns by dates alone."""

    code = "funding.days_unasked"

    def message(self) -> str:
        """Say what to do with them."""
        return _(
            "Only a campaign from one day to another has a first and a last day. Leave both empty, or choose that."
        )


class TitleMissing(DomainError):
    """Only a campaign of months or years can be named after its time."""

    code = "funding.title_missing"

    def message(self) -> str:
        """Ask for a title."""
        return _("Give the campaign a title: only one that counts each month or each year is named by itself.")


class NameTaken(DomainError):
    """A campaign's short name is part of its address."""

    code = "funding.name_taken"

    def message(self) -> str:
        """Ask for another one."""
        return _("“%(name)s” leads to another page. Give the campaign another title.") % self.params


class SponsorMissing(DomainError):
    """Who promises to add has a name that readers see."""

    code = "funding.sponsor_missing"

    def message(self) -> str:
        """Ask for the name."""
        return _("Say who adds to the gifts; readers see this name.")


class MatchOfAnother(DomainError):
    """A sponsor's money belongs to the campaign that it was promised to."""

    code = "funding.match_of_another"

    def message(self) -> str:
        """Say which to choose."""
        return _("This sponsor promised to add to another campaign. Choose that campaign, or no sponsor.")


class DaysTooFar(DomainError):
    """A campaign by dates lies in a time of which calendars tell."""

    code = "funding.days_too_far"

    def message(self) -> str:
        """Say which years are meant."""
        return _("Give days between the years %(earliest)s and %(latest)s. Without end is a choice of its own.") % {
            "earliest": self.params["earliest"],
            "latest": self.params["latest"],
        }

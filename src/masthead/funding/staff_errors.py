"""Refusals that only the newsroom meets."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.display import amount
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


class MayNotIssueReceipts(DomainError):
    """Whoever sees the list of receipts does not by that write to givers."""

    code = "funding.may_not_issue_receipts"
    status = 403

    def message(self) -> str:
        """Say who can change it."""
        return _("You may not issue or send receipts. Ask an administrator for the permission.")


class ReceiptNotValid(DomainError):
    """What another took the place of is not handed out again."""

    code = "funding.receipt_not_valid"
    status = 409

    def message(self) -> str:
        """Say which one to send."""
        return _("Another receipt took its place. Send that one.")


class NobodyToMail(DomainError):
    """No address is known, or the giver wanted to be forgotten."""

    code = "funding.nobody_to_mail"
    status = 409

    def message(self) -> str:
        """Say why nothing is sent."""
        return _("No address is known for this giver, so nothing was sent.")


class MayNotSendStatements(DomainError):
    """Whoever sees the statements does not by that write to givers."""

    code = "funding.may_not_send_statements"
    status = 403

    def message(self) -> str:
        """Say who can change it."""
        return _("You may not send statements. Ask an administrator for the permission.")


class NoStatementsInRehearsal(DomainError):
    """Nobody is told of money that never moved (rule L7)."""

    code = "funding.no_statements_in_rehearsal"
    status = 409

    def message(self) -> str:
        """Say why."""
        return _("This site rehearses ([funding] mode): statements tell of real money only.")


class YearNotBegun(DomainError):
    """Nothing was given yet."""

    code = "funding.year_not_begun"

    def message(self) -> str:
        """Say which year it is."""
        return _("%(year)s has not begun yet.") % self.params


class YearNotOver(DomainError):
    """More may come, so a whole year is not told of."""

    code = "funding.year_not_over"
    status = 409

    def message(self) -> str:
        """Say how to send it all the same."""
        return _("%(year)s is not over. Wait for its end, or say --so-far to send what was given so far.") % self.params


class NotAGiverOfTheYear(DomainError):
    """An address that nobody gave from."""

    code = "funding.not_a_giver_of_the_year"
    status = 404

    def message(self) -> str:
        """Say what to look at."""
        return _("Nobody with this address gave in %(year)s. Look at the donors in the admin.") % self.params


class StatementOnItsWay(DomainError):
    """The worker has it and tries again by itself."""

    code = "funding.statement_on_its_way"
    status = 409

    def message(self) -> str:
        """Say how long to wait."""
        return _("This mail is on its way already. If it has not left within an hour, send it again.")

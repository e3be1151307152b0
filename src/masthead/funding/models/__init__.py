"""The tables of funding."""

from masthead.funding.models.audit import AuditEntry
from masthead.funding.models.bank import BankLine, BankStatement, BankUpload
from masthead.funding.models.campaign import Campaign, CampaignGoal
from masthead.funding.models.donor import Donor
from masthead.funding.models.expense import Expense
from masthead.funding.models.gift import Gift, Pledge
from masthead.funding.models.held import Held
from masthead.funding.models.ledger import Account, Entry, Journal
from masthead.funding.models.matching import Match
from masthead.funding.models.payment import (
    Checkout,
    Cursor,
    Payment,
    ProviderEvent,
    Recurring,
    RecurringTerms,
    RefundRequest,
)
from masthead.funding.models.receipt import Receipt, ReceiptHolder, ReceiptSeries
from masthead.funding.models.reconciled import Difference, Reconciliation
from masthead.funding.models.recovery import RecoveryMail, RecurringState, RenewalFailure
from masthead.funding.models.seal import SealedMonth
from masthead.funding.models.slip import GiftSlip
from masthead.funding.models.statement import AnnualStatement

__all__ = [
    "Account",
    "AnnualStatement",
    "AuditEntry",
    "BankLine",
    "BankStatement",
    "BankUpload",
    "Campaign",
    "CampaignGoal",
    "Checkout",
    "Cursor",
    "Difference",
    "Donor",
    "Entry",
    "Expense",
    "Gift",
    "GiftSlip",
    "Held",
    "Journal",
    "Match",
    "Payment",
    "Pledge",
    "ProviderEvent",
    "Receipt",
    "ReceiptHolder",
    "ReceiptSeries",
    "Reconciliation",
    "RecoveryMail",
    "Recurring",
    "RecurringState",
    "RecurringTerms",
    "RefundRequest",
    "RenewalFailure",
    "SealedMonth",
]

"""Receipts: numbered without a gap, one per gift, corrected and never deleted."""

from masthead.funding.services.receipts.document import pdf_of_receipt
from masthead.funding.services.receipts.hearers import (
    correct_receipt_of,
    send_receipt,
    send_receipt_once_more,
    send_thanks,
)
from masthead.funding.services.receipts.issue import correct_receipt, issue_receipt, reissue_receipt
from masthead.funding.services.receipts.send_again import send_receipt_again
from masthead.funding.services.receipts.send_statements import count_statements, send_statement_again, send_statements
from masthead.funding.services.receipts.statement_letter import send_statement
from masthead.funding.services.receipts.statements import pdf_of_statement, statement_values

__all__ = [
    "correct_receipt",
    "correct_receipt_of",
    "count_statements",
    "issue_receipt",
    "pdf_of_receipt",
    "pdf_of_statement",
    "reissue_receipt",
    "send_receipt",
    "send_receipt_again",
    "send_receipt_once_more",
    "send_statement",
    "send_statement_again",
    "send_statements",
    "send_thanks",
    "statement_values",
]

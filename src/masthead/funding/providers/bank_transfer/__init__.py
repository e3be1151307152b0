"""Bank statements: CAMT.053, MT940 and tables, read into neutral records. Knows nothing of pledges and gifts."""

from masthead.funding.providers.bank_transfer.reading import read_statements
from masthead.funding.providers.bank_transfer.records import StatementChoices, StatementFile, StatementLine

__all__ = ["StatementChoices", "StatementFile", "StatementLine", "read_statements"]

"""Which format a file is in."""

from __future__ import annotations

import hashlib
import re

from masthead.core.textfiles import UnreadableText, read_text
from masthead.funding.bank_errors import StatementRefused
from masthead.funding.providers.bank_transfer import camt, mt940, table
from masthead.funding.providers.bank_transfer.records import StatementChoices, StatementFile

MOST_BYTES = 10 * 1024 * 1024
_XML = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")


def read_statements(data: bytes, choices: StatementChoices | None = None) -> StatementFile:
    """Read a file of statements whole, or refuse it whole.

    Refuses with ``funding.statement_refused`` what is too large, damaged, hostile or no statement, and with
    ``funding.statement_unclear`` a table that can be read in two ways.
    """
    if len(data) > MOST_BYTES:
        raise StatementRefused(why="large")
    if not data.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise StatementRefused(why="empty")
    digest = hashlib.sha256(data).hexdigest()
    if _XML.match(data):
        lines, pending = camt.read(data)
        return StatementFile("camt.053", digest, lines, pending)
    try:
        text = read_text(data)
    except UnreadableText:
        raise StatementRefused(why="encoding") from None
    if mt940.is_mt940(text):
        lines, pending = mt940.read(text)
        return StatementFile("mt940", digest, lines, pending)
    lines, pending = table.read(text, choices or StatementChoices())
    return StatementFile("table", digest, lines, pending)

"""Statements as banks write them, made from neutral lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

ACCOUNT = "DE89370400440532013000"
PAYER = "DE02120300000000202051"


@dataclass(frozen=True)
class Line:
    """One movement; ``amount`` in minor units of two digits, below zero it went out."""

    amount: int
    text: str = ""
    day: date = date(2026, 11, 20)
    name: str = "Ada Venn"
    iban: str = PAYER
    end_to_end_id: str = ""
    bank_id: str = ""
    is_return: bool = False
    status: str = "BOOK"


def camt(
    lines: Sequence[Line], *, version: int = 2, account: str = ACCOUNT, currency: str = "EUR", number: str = "1"
) -> bytes:
    """Return a CAMT.053 file with one statement."""
    return document(statement(lines, version=version, account=account, currency=currency, number=number), version)


def document(statements: str, version: int = 2, message: str = "BkToCstmrStmt") -> bytes:
    """Return a file with these statements."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}"
    head = "<GrpHdr><MsgId>1</MsgId></GrpHdr>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}"><{message}>{head}{statements}'
        f"</{message}></Document>"
    ).encode()


def statement(
    lines: Sequence[Line], *, version: int = 2, account: str = ACCOUNT, currency: str = "EUR", number: str = "1"
) -> str:
    """Return one statement of one account."""
    entries = "".join(_entry(line, version, currency) for line in lines)
    return f"<Stmt><Id>{number}</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{entries}</Stmt>"


def _entry(line: Line, version: int, currency: str) -> str:
    status = f"<Sts><Cd>{line.status}</Cd></Sts>" if version >= 8 else f"<Sts>{line.status}</Sts>"
    reference = f"<AcctSvcrRef>{line.bank_id}</AcctSvcrRef>" if line.bank_id else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{figure(line.amount)}</Amt>'
        f"<CdtDbtInd>{'CRDT' if line.amount > 0 else 'DBIT'}</CdtDbtInd>"
        f"{'<RvslInd>true</RvslInd>' if line.is_return else ''}{status}"
        f"<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>{reference}"
        f"<NtryDtls>{detail(line, version)}</NtryDtls></Ntry>"
    )


def detail(line: Line, version: int = 2, extra: str = "") -> str:
    """Return the details of one transfer."""
    side = "Dbtr" if line.amount > 0 else "Cdtr"
    name = f"<Nm>{escape(line.name)}</Nm>"
    party = f"<{side}><Pty>{name}</Pty></{side}>" if version >= 8 else f"<{side}>{name}</{side}>"
    texts = "".join(f"<Ustrd>{escape(line.text[at : at + 35])}</Ustrd>" for at in range(0, len(line.text), 35))
    return (
        f"<TxDtls><Refs><EndToEndId>{line.end_to_end_id or 'NOTPROVIDED'}</EndToEndId></Refs>{extra}"
        f"<RltdPties>{party}<{side}Acct><Id><IBAN>{line.iban}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf>{texts}</RmtInf></TxDtls>"
    )


def mt940(
    lines: Sequence[Line],
    *,
    account: str = ACCOUNT,
    currency: str = "EUR",
    number: str = "1/1",
    structured: bool = True,
) -> bytes:
    """Return an MT940 file with one statement."""
    day = "261101"
    fields = [":20:STARTUMSE", f":25:{account}", f":28C:{number}", f":60F:C{day}{currency}100,00"]
    for line in lines:
        mark = ("C" if line.amount > 0 else "D") if not line.is_return else ("RD" if line.amount > 0 else "RC")
        amount = figure(abs(line.amount)).replace(".", ",")
        fields.append(
            f":61:{line.day:%y%m%d}{line.day:%m%d}{mark}{amount}NTRF{line.end_to_end_id or 'NONREF'}//{line.bank_id}"
        )
        fields.append(":86:" + (_subfields(line) if structured else _plain(line)))
    return ("\r\n".join([*fields, f":62F:C{day}{currency}100,00", "-"]) + "\r\n").encode("cp1252")


def _subfields(line: Line) -> str:
    text = f"SVWZ+{line.text}"
    pieces = [text[at : at + 27] for at in range(0, len(text), 27)]
    body = "".join(f"?{20 + at}{piece}" for at, piece in enumerate(pieces))
    return f"166?00GUTSCHRIFT{body}?30BYLADEM1001?31{line.iban}?32{line.name[:27]}"


def _plain(line: Line) -> str:
    text = f"{line.text} {line.name}"
    return "\r\n".join(text[at : at + 65] for at in range(0, len(text), 65))


def figure(minor: int) -> str:
    """Return an amount with two digits, without its sign."""
    return f"{abs(minor) // 100}.{abs(minor) % 100:02d}"

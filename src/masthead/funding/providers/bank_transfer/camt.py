"""CAMT.053 (ISO 20022), versions 001.02 to 001.13: read by local names, so that no version is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from masthead.core.money import Money
from masthead.funding.bank_errors import StatementRefused
from masthead.funding.providers.bank_transfer.figures import exact
from masthead.funding.providers.bank_transfer.records import Statement, StatementLine, clean_line, with_fingerprints

_OTHERS = {"BkToCstmrAcctRpt": "CAMT.052", "BkToCstmrDbtCdtNtfctn": "CAMT.054"}
_NOT_SAID = {"NOTPROVIDED", "NOT PROVIDED", "NONREF"}
_RETURNED = "RRTN"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all transfers of one entry share."""

    account: str
    booked_on: date
    valued_on: date
    bank_id: str
    is_return: bool
    text: str


def read(data: bytes) -> tuple[tuple[StatementLine, ...], int]:
    """Return all booked lines, and how many entries are pending. Refuses what is damaged or another message."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise StatementRefused(why="dtd") from None
    except ParseError as error:
        raise StatementRefused(why="xml", at=str(error)[:80]) from None
    except (ValueError, LookupError, UnicodeError):
        raise StatementRefused(why="encoding") from None
    message = next(iter(root), None)
    name = _name(message) if message is not None else ""
    if name in _OTHERS:
        raise StatementRefused(why="other_camt", kind=_OTHERS[name])
    if message is None or name != "BkToCstmrStmt":
        raise StatementRefused(why="unknown")
    pending = 0
    statements = []
    for each in _all(message, "Stmt"):
        lines: list[StatementLine] = []
        account = _account(each)
        for entry in _all(each, "Ntry"):
            if _status(entry) != "BOOK":
                pending += 1
                continue
            lines += _lines(entry, account)
        statements.append(Statement(account, _text(each, "Id"), tuple(lines)))
    return with_fingerprints(statements), pending


def _lines(entry: Element, account: str) -> Iterator[StatementLine]:
    whole = _amount(entry, _one(entry, "Amt"))
    booked, valued = _day(entry, "BookgDt"), _day(entry, "ValDt")
    if booked is None and valued is None:
        raise StatementRefused(why="date", text="")
    facts = _Entry(
        account=account,
        booked_on=booked or valued or date.min,
        valued_on=valued or booked or date.min,
        bank_id=_text(entry, "AcctSvcrRef"),
        is_return=_text(entry, "RvslInd").lower() in {"true", "1"} or _is_return_code(entry),
        text=_text(entry, "AddtlNtryInf"),
    )
    details = [detail for group in _all(entry, "NtryDtls") for detail in _all(group, "TxDtls")]
    if len(details) == 1:
        yield _line(facts, whole, details[0], facts.bank_id)
        return
    parts = [_part(detail, whole, entry) for detail in details]
    if (
        details
        and all(part is not None for part in parts)
        and sum(p.amount_minor for p in parts if p) == whole.amount_minor
    ):
        own = [_text(detail, "Refs", "AcctSvcrRef") for detail in details]
        for detail, part, name in zip(details, parts, own, strict=True):
            if part is not None and part.amount_minor:
                yield _line(facts, part, detail, name if name != facts.bank_id and own.count(name) == 1 else "")
        return
    # A batch whose parts the bank does not tell, or which do not add up: one line, for a person.
    yield clean_line(
        account=account,
        amount=whole,
        booked_on=facts.booked_on,
        valued_on=facts.valued_on,
        text=facts.text,
        bank_id=facts.bank_id,
        is_return=facts.is_return,
    )


def _line(facts: _Entry, amount: Money, detail: Element, bank_id: str) -> StatementLine:
    name, iban = _other_side(detail, facts.account, came_in=amount.amount_minor > 0)
    end_to_end_id = _text(detail, "Refs", "EndToEndId")
    remittance = _one(detail, "RmtInf")
    said = [each.text or "" for each in _all(remittance, "Ustrd")] if remittance is not None else []
    for structured in _all(remittance, "Strd") if remittance is not None else ():
        said += [_text(structured, "CdtrRefInf", "Ref"), *(each.text or "" for each in _all(structured, "AddtlRmtInf"))]
    said = [text for text in said if text.strip()] or [_text(detail, "AddtlTxInf") or facts.text]
    return clean_line(
        account=facts.account,
        amount=amount,
        booked_on=facts.booked_on,
        valued_on=facts.valued_on,
        payer_name=name,
        payer_iban=iban,
        text=" ".join(said),
        end_to_end_id="" if end_to_end_id.upper() in _NOT_SAID else end_to_end_id,
        bank_id="" if bank_id.upper() in _NOT_SAID else bank_id,
        entry_id=facts.bank_id,
        is_return=facts.is_return or _one(detail, "RtrInf") is not None or _is_return_code(detail),
    )


def _part(detail: Element, whole: Money, entry: Element) -> Money | None:
    """Return the amount of one transfer of a batch, or None where it is not said in the account's currency."""
    found = _one(detail, "Amt")
    if found is None:
        found = _one(detail, "AmtDtls", "TxAmt", "Amt")
    if found is None or found.get("Ccy") != whole.currency:
        return None
    return _amount(detail if _one(detail, "CdtDbtInd") is not None else entry, found)


def _amount(signed: Element, amount: Element | None) -> Money:
    if amount is None:
        raise StatementRefused(why="amount", text="")
    money = exact((amount.text or "").strip(), amount.get("Ccy", ""))
    return -money if _text(signed, "CdtDbtInd") == "DBIT" else money


def _other_side(detail: Element, account: str, *, came_in: bool) -> tuple[str, str]:
    """Return name and account of whoever is not us: of a return that may stand on either side."""
    parties = _one(detail, "RltdPties")
    if parties is None:
        return "", ""
    sides = [_side(parties, side) for side in (("Dbtr", "Cdtr") if came_in else ("Cdtr", "Dbtr"))]
    return next(((name, iban) for name, iban in sides if (name or iban) and iban != account), ("", ""))


def _side(parties: Element, side: str) -> tuple[str, str]:
    name = _text(parties, f"Ultmt{side}", "Pty", "Nm") or _text(parties, f"Ultmt{side}", "Nm")
    own = _text(parties, side, "Pty", "Nm") or _text(parties, side, "Nm")
    iban = _text(parties, f"{side}Acct", "Id", "IBAN") or _text(parties, f"{side}Acct", "Id", "Othr", "Id")
    return own or name, "".join(iban.split()).upper()


def _account(statement: Element) -> str:
    account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    if not account:
        raise StatementRefused(why="no_account")
    return "".join(account.split()).upper()[:40]


def _status(entry: Element) -> str:
    return _text(entry, "Sts", "Cd") or _text(entry, "Sts")


def _is_return_code(element: Element) -> bool:
    return _text(element, "BkTxCd", "Domn", "Fmly", "SubFmlyCd") == _RETURNED


def _day(entry: Element, name: str) -> date | None:
    text = _text(entry, name, "Dt") or _text(entry, name, "DtTm")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise StatementRefused(why="date", text=text[:40]) from None


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _one(element: Element, *path: str) -> Element | None:
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = next(_all(found, name), None)
    return found


def _text(element: Element, *path: str) -> str:
    found = _one(element, *path)
    return (found.text or "").strip() if found is not None else ""

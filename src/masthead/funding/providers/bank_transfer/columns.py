"""Names that banks give to the columns of their tables, and what they mean. What is not here is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = {
    "booked": "booking date|booked|booked on|date|transaction date|posting date|completed date|buchungstag"
    "|buchungsdatum|buchung|datum|date d'opération|date opération|date operation|date de comptabilisation"
    "|fecha|fecha operación|fecha operacion|boekingsdatum|data|data operacji",
    "valued": "value date|valuta|valutadatum|valuta date|wertstellung|wertstellungsdatum|wert|date de valeur"
    "|date valeur|fecha valor|rentedatum",
    "amount": "amount|betrag|umsatz|montant|importe|bedrag|kwota|transaction amount",
    "credit": "credit|credit amount|paid in|money in|haben|gutschrift|crédit|abono",
    "debit": "debit|debit amount|paid out|money out|soll|lastschrift|débit|cargo",
    "direction": "soll/haben|s/h|soll-haben-kennzeichen|soll/haben-kennzeichen|credit/debit|cr/dr|dr/cr|af bij|sens",
    "currency": "currency|ccy|währung|waehrung|devise|divisa|moneda|munt|waluta",
    "name": "name|payer|payer name|counterparty|counterparty name|partner name|name zahlungsbeteiligter"
    "|beguenstigter/zahlungspflichtiger|begünstigter/zahlungspflichtiger|auftraggeber/empfänger"
    "|auftraggeber/begünstigter|zahlungspflichtiger|zahlungspflichtige*r|auftraggeber|naam/omschrijving|tegenpartij"
    "|naam tegenpartij|nom|ordenante|donneur d'ordre",
    "iban": "counterparty iban|payer iban|partner iban|iban zahlungsbeteiligter|kontonummer/iban|iban|tegenrekening"
    "|counterparty account|account number of payer",
    "text": "reference|payment reference|verwendungszweck|description|details|purpose|remittance information|libellé"
    "|libelle|concepto|mededelingen|omschrijving|communication|memo|narrative|tytuł|zweck",
    "kind": "buchungstext|transaction type|umsatztyp",
    "end_to_end_id": "end to end id|end-to-end id|end-to-end reference|end to end reference|ende-zu-ende-referenz"
    "|kundenreferenz (end-to-end)|endtoendid",
    "id": "transaction id|bank reference|transaktions-id|transaction reference|bankreferenz",
    "account": "own account|iban auftragskonto|auftragskonto|bezeichnung auftragskonto|rekening|own iban",
    "status": "status|state|info",
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split("|")}

# What a column says that tells only in or out: above zero it came in.
DIRECTIONS = {
    "h": 1, "haben": 1, "c": 1, "cr": 1, "crdt": 1, "credit": 1, "bij": 1, "+": 1,
    "s": -1, "soll": -1, "d": -1, "dr": -1, "dbit": -1, "debit": -1, "af": -1, "-": -1,
}  # fmt: skip
NOT_BOOKED = frozenset({"pending", "umsatz vorgemerkt", "vorgemerkt", "pdng", "reverted", "declined", "failed"})


def roles(header: Sequence[str]) -> dict[str, list[int]]:
    """Return which columns may play which role, by their names."""
    found: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        if role := _ROLES.get(_plain(name)):
            found.setdefault(role, []).append(index)
    return found


def mark_by_value(found: dict[str, list[int]], header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Find the column that tells in or out by what stands in it: without it each figure would count as money in."""
    taken = {index for where in found.values() for index in where}
    if "direction" in found or "amount" not in found:
        return
    for index in range(len(header)):
        values = {row[index].casefold() for row in rows if row[index]}
        if index not in taken and values and values <= DIRECTIONS.keys():
            found.setdefault("direction", []).append(index)


def _plain(name: str) -> str:
    """Return a name without its currency in brackets and in small letters."""
    bare = re.sub(r"\s*[(\[](?:[A-Za-z]{3}|€|\$|£)[)\]]\s*$", "", name.strip().strip("\ufeff"))
    return " ".join(bare.replace("_", " ").casefold().split())

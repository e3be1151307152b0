"""The text of an EPC QR code (EPC069-12, version 002, SEPA credit transfer): banking apps read it into a transfer."""

from __future__ import annotations

from masthead.core.money import Money

NAME_MAX, TEXT_MAX = 70, 140
MOST = Money(99_999_999_999, "EUR")
# By EPC069-12 the code carries at most this much, in UTF-8.
BYTES_MAX = 331


def epc_text(
    *, holder: str, iban: str, bic: str = "", amount: Money | None = None, reference: str = "", text: str = ""
) -> str | None:
    """Return the lines of the code, or None where there can be none.

    None without a holder or an account, for another currency than the euro, and for an amount that the code cannot
    hold. A structured reference (ISO 11649) and a text exclude each other: the reference wins. The text is cut at
    140 characters, the holder at 70.
    """
    name = " ".join(holder.split())[:NAME_MAX].strip()
    account = "".join(iban.split()).upper()
    if not name or not account:
        return None
    if amount is not None and (amount.currency != "EUR" or not 0 < amount.amount_minor <= MOST.amount_minor):
        return None
    lines = [
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        "".join(bic.split()).upper(),
        name,
        account,
        f"EUR{amount.major:.2f}" if amount is not None else "",
        "",  # purpose
        "".join(reference.split()).upper(),
        "" if reference else " ".join(text.split())[:TEXT_MAX].strip(),
    ]
    payload = "\n".join(lines).rstrip("\n")
    return payload if len(payload.encode()) <= BYTES_MAX else None

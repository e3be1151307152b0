"""What field 86 of MT940 says, in the three ways in which banks write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRUCTURED = re.compile(r"(\d{3})([?>/+~!])(?=\d{2})")
_KEYWORD = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_SLASHES = re.compile(r"/([A-Z]{3,4})/")
# What the German banks' codes of business call a return.
_RETURNS = {"108", "109", "159"}
_WIDTH = 27


@dataclass(frozen=True, slots=True)
class Purpose:
    """Who, from which account, and what for."""

    text: str = ""
    name: str = ""
    iban: str = ""
    end_to_end_id: str = ""
    is_return: bool = False


def purpose_of(field: str) -> Purpose:
    """Read a field 86: with subfields ``?20``, between slashes (``/REMI/``), or in plain words."""
    flat = field.replace("\n", "")
    if (head := _STRUCTURED.match(flat)) is not None:
        return _with_subfields(flat[head.end() - 1 :], code=head[1], mark=head[2])
    if len(_SLASHES.findall(flat)) > 1:
        return _between_slashes(flat)
    return Purpose(text=" ".join(field.split("\n")))


def _with_subfields(rest: str, *, code: str, mark: str) -> Purpose:
    parts = re.split(re.escape(mark) + r"(\d\d)", rest)
    fields = list(zip(parts[1::2], parts[2::2], strict=True))
    remittance = _joined([text for name, text in fields if "20" <= name <= "29" or "60" <= name <= "63"])
    said = dict(fields)
    words = _keywords(remittance)
    return Purpose(
        text=words.get("SVWZ", "") or words.get("", "") or said.get("00", ""),
        name=(said.get("32", "") + said.get("33", "")).strip(),
        iban=words.get("IBAN", "") or said.get("31", ""),
        end_to_end_id="" if words.get("EREF", "").upper() in {"NOTPROVIDED", "NOT PROVIDED"} else words.get("EREF", ""),
        is_return=code in _RETURNS,
    )


def _joined(parts: list[str]) -> str:
    """Put pieces together: one that fills its line was cut in the middle of a word."""
    return "".join(part if len(part) >= _WIDTH else f"{part} " for part in parts).strip()


def _keywords(text: str) -> dict[str, str]:
    pieces = _KEYWORD.split(text)
    found = {"": pieces[0].strip()}
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(name, value.strip())
    return found


def _between_slashes(text: str) -> Purpose:
    pieces = _SLASHES.split(text)
    found: dict[str, str] = {}
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(name, value.strip("/ "))
    party = found.get("CNTP", "").split("/")
    remittance = found.get("REMI", "") or found.get("RMTI", "") or text
    return Purpose(
        text=re.sub(r"^(?:USTD|STRD)?/*", "", remittance).strip(),
        name=found.get("NAME", "") or (party[2] if len(party) > 2 else ""),
        iban=found.get("IBAN", "") or party[0],
        end_to_end_id="" if found.get("EREF", "").upper() == "NOTPROVIDED" else found.get("EREF", ""),
        is_return="RTRN" in found,
    )

"""Reference codes of pledges: creditor references of ISO 11649, which banks check for typing errors.

``RF``, two check digits (ISO 7064, modulus 97-10), then twelve digits. Digits alone, because among digits the modulus
finds every single wrong one and every swap of two neighbours; between digits and letters it does not.
"""

from __future__ import annotations

import re
import secrets

_LENGTH = 12
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IBAN = re.compile(r"[A-Z]{2}\d\d[0-9A-Z]{11,30}", re.ASCII)
_FORM = re.compile(rf"RF(\d\d)(\d{{{_LENGTH}}})", re.ASCII)


def new_reference() -> str:
    """Return a new random reference, without spaces: one of a million million."""
    return with_check_digits(f"{secrets.randbelow(10**_LENGTH):0{_LENGTH}d}")


def with_check_digits(body: str) -> str:
    """Return ``RF``, the check digits of ``body``, and ``body``."""
    return f"RF{98 - _modulus(body + 'RF00'):02d}{body}"


def normalised(typed: str) -> str | None:
    """Return the reference somebody typed, in its one spelling, or None when its check digits do not fit."""
    code = re.sub(r"[\s\-.]", "", typed).upper().translate(_READ_AS)
    match = _FORM.fullmatch(code)
    if match is None or with_check_digits(match[2]) != code:
        return None
    return code


def spaced(reference: str) -> str:
    """Write a reference in groups of four, as it stands on paper."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def is_iban(typed: str) -> bool:
    """Tell whether the check digits of an account number fit (ISO 13616, the same modulus); spaces do not matter."""
    number = "".join(typed.split()).upper()
    return bool(_IBAN.fullmatch(number)) and _modulus(number[4:] + number[:4]) == 1


def _modulus(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97

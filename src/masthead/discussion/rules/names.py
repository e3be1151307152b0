"""Names and texts as people would compare them."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

# Letters of other scripts that look like Latin ones in most faces: enough against disguise, not a full table.
_CAPITALS = str.maketrans("АВЕКМНОРСТУХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXISJABEZHIKMNOPTYX")
_LOOKALIKES = str.maketrans("аеорсухіјѕԁԛԝһӏαορνικτεηυ0134578", "aeopcyxijsdqwhlaopviktenuoleastb")


@lru_cache(maxsize=1024)
def name_key(name: str) -> str:
    """Return the form under which two names count as the same to a reader's eye."""
    folded = unicodedata.normalize("NFKD", name).translate(_CAPITALS).casefold()
    bare = "".join(char for char in folded if char.isalnum())
    return bare.translate(_LOOKALIKES)


def text_digest(*parts: str) -> str:
    """Return 32 characters that stand for these texts, equal when they differ in white space and case only."""
    joined = "\0".join(" ".join(part.split()).casefold() for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=16).hexdigest()

"""One query string for all that mean the same."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

# What newsletters, search engines and social networks add to addresses; nothing here reads it.
_TRACKERS = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "twclid", "yclid", "ref_src"}
)
_REMEMBERED = 10_000
_known: dict[bytes, bytes] = {}


def normalised(query: bytes) -> bytes:
    """Return the query sorted by name, without trackers' marks and empty of doubt about encoding.

    Values of one name keep their order. Django is asked with the same query that names the kept reply, so a reply can
    never depend on what was left out.
    """
    found = _known.get(query)
    if found is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        found = _known[query] = _normalise(query)
    return found


def _normalise(query: bytes) -> bytes:
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return query
    kept = [(name, value) for name, value in pairs if name not in _TRACKERS and not name.startswith("utm_")]
    return urlencode(sorted(kept, key=lambda pair: pair[0])).encode("ascii")

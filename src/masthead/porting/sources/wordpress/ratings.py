"""Stars that readers gave in wpDiscuz.

Those given with a comment stand in its meta, one number for each field of the form; which keys of the meta are such
fields is told by the post's counts, a serialised array of PHP of which nothing but the names is read. Stars given to
the story without a comment are only an average and a number: whose they are, an export does not say.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from .elements import COMMENT_META, RawItem, Values

# The outer keys of ``array("field" => array(5 => 2, 4 => 1))``.
_FIELD = re.compile(r's:\d{1,3}:"([^"]{1,100})";a:\d{1,3}:\{')


def rated_fields(item: RawItem) -> frozenset[str]:
    """Return the names of what readers rated with their comments on this item."""
    return frozenset(_FIELD.findall(item.meta.get("wpdiscuz_rating_count", "")))


def lone_ratings(item: RawItem) -> int:
    """Return how many readers rated this item without a comment."""
    count = item.meta.get("wpdiscuz_post_rating_count", "").strip()
    return int(count) if count.isdecimal() and len(count) < 10 else 0


def stars_of(comment: Values, fields: Collection[str]) -> int:
    """Return what a comment gave on the whole: the average of its fields in whole stars, halves up; 0 for none."""
    given = [float(comment[name]) for name in (f"{COMMENT_META}{field}" for field in fields) if name in comment]
    return int(sum(given) / len(given) + 0.5) if given else 0

"""What changed at Stripe, page by page: by its events, or by listing everything where events do not reach.

The cursor is one of these, and only this module reads it:

- ``""``: the beginning, which is a listing;
- ``list:<what>:<after>:<began>``: a listing of payments or subscriptions, after an id, begun at an instant;
- ``events:<since>:<after>:<latest>``: events since an instant, newest first, after an id, the newest at ``latest``;
- ``<since>``: the next look at events.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from masthead.core.clock import now
from masthead.funding.ports import Found, Kind, Ref
from masthead.funding.providers.stripe import notices
from masthead.funding.providers.stripe.calls import client

PAGE = 100
# Events are read again for a while before the last one seen: they are listed by creation, and one may appear late (X3).
OVERLAP = timedelta(hours=1)
# Where nothing happens the cursor follows our clock all the same, at a distance that no clock is wrong by.
_BEHIND = timedelta(days=1)
# Stripe keeps events for 30 days.
_KEPT = timedelta(days=29)
_LISTED = {"payments": Kind.PAYMENT, "subscriptions": Kind.SUBSCRIPTION}


def page(cursor: str) -> Found:
    """Return one page of at most 100 changes, and the cursor after it."""
    words = cursor.split(":")
    if not cursor:
        return _listing("payments", "", int(now().timestamp()))
    if words[0] == "list":
        return _listing(words[1], words[2], int(words[3]))
    if words[0] == "events":
        return _events(int(words[1]), words[2], int(words[3]))
    since = datetime.fromtimestamp(int(cursor), tz=UTC)
    if since < now() - _KEPT:
        return Found((), f"list:payments::{int(now().timestamp())}", is_last=False, gap_from=since)
    return _events(int(cursor), "", int(cursor))


def _listing(what: str, after: str, began: int) -> Found:
    given: Any = {"limit": PAGE, **({"starting_after": after} if after else {})}
    api = client().v1
    rows: Any
    if what == "payments":
        rows = api.payment_intents.list(given)
    else:
        given["status"] = "all"
        rows = api.subscriptions.list(given)
    refs = tuple(Ref(_LISTED[what], row.id) for row in rows.data)
    if rows.has_more:
        return Found(refs, f"list:{what}:{rows.data[-1].id}:{began}", is_last=False)
    if what == "payments":
        return Found(refs, f"list:subscriptions::{began}", is_last=False)
    return Found(refs, str(began - int(OVERLAP.total_seconds())), is_last=True)


def _events(since: int, after: str, latest: int) -> Found:
    given: Any = {"limit": PAGE, "created": {"gte": since}, **({"starting_after": after} if after else {})}
    rows = client().v1.events.list(given)
    found: dict[Ref, None] = {}
    for event in rows.data:
        latest = max(latest, event.created)
        for ref in notices.refs(event.type, event.data.object.to_dict()):
            found[ref] = None
    refs = tuple(reversed(found))
    if rows.has_more:
        return Found(refs, f"events:{since}:{rows.data[-1].id}:{latest}", is_last=False)
    overlapped = latest - int(OVERLAP.total_seconds())
    followed = int((now() - _BEHIND - OVERLAP).timestamp())
    return Found(refs, str(max(since, overlapped, followed)), is_last=True)

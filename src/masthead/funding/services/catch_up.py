"""Ask the processors what changed, so that the books are right when no notification ever comes (rule W12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from masthead.core.clock import now
from masthead.funding import conf
from masthead.funding.models import Cursor, ProviderEvent
from masthead.funding.ports import Kind, ProviderAway, ProviderRefused, Ref
from masthead.funding.providers import provider_named, ready_providers
from masthead.funding.services.held import attempt, waits
from masthead.funding.services.notifications import done

# A first run over an old account goes on at the next one: the cursor stands after each page.
PAGES_AT_ONCE = 20
_AWAY_IN_A_ROW = 3
# The worker tries a notification that often by then that nobody but this chore will again.
_TOLD_LONG_AGO = timedelta(hours=1)


def catch_up_with_all() -> None:
    """Catch up with every processor that is ready, and hear again what was never heard to the end. A chore.

    A processor that is away holds up no other; its sentence stands at its cursor until it answers.
    """
    is_live = conf.is_live()
    for provider in ready_providers():
        try:
            catch_up(provider.name, is_live=is_live)
            _hear_again(provider.name, is_live=is_live)
        except (ProviderAway, ProviderRefused) as error:
            _note(provider.name, is_live=is_live, problem=str(error))
        else:
            _note(provider.name, is_live=is_live, problem="")


def catch_up(provider: str, *, is_live: bool, pages: int = PAGES_AT_ONCE) -> int:
    """Read what changed since the last time, at most so many pages, and settle it; return how many things were settled.

    This alone brings the books to the same state when no notification ever comes (rule W12). What cannot be settled is
    kept for another try and the others go on. The cursor moves only past what was settled or kept, so a run that is cut
    goes on where it was (rule X3). Raises :class:`ProviderAway` when nobody answers.
    """
    settled = 0
    for _page in range(pages):
        row, _is_new = Cursor.objects.get_or_create(provider=provider, is_live=is_live)
        found = provider_named(provider).changed_since(row.value)
        settled += _settle(provider, found.refs, is_live=is_live)
        moved: dict[str, Any] = {"value": found.cursor, "moved_at": now()}
        if found.gap_from:
            moved |= {"gap_from": found.gap_from, "gap_seen_at": now()}
        if found.is_last:
            moved["caught_up_at"] = now()
        # Another worker that overlaps with this run may have gone on already: the cursor never goes back.
        Cursor.objects.filter(pk=row.pk, value=row.value).update(**moved)
        if found.is_last:
            break
    return settled


def _settle(provider: str, refs: tuple[Ref, ...], *, is_live: bool) -> int:
    """Settle each; raise only when so many in a row, or all, went unanswered that nobody seems to be there."""
    settled, tried, away = 0, 0, 0
    for ref in refs:
        if waits(provider, ref, is_live=is_live):
            continue
        tried += 1
        try:
            settled += attempt(provider, ref, is_live=is_live)
            away = 0
        except ProviderAway:
            away += 1
            if away >= _AWAY_IN_A_ROW:
                raise
    if away and away == tried:
        raise ProviderAway(provider)
    return settled


def _hear_again(provider: str, *, is_live: bool) -> None:
    """Take up notifications that the worker gave up: each thing they name is settled, or kept by itself."""
    waiting = ProviderEvent.objects.filter(
        provider=provider, is_live=is_live, state=ProviderEvent.State.TO_DO, received_at__lt=now() - _TOLD_LONG_AGO
    )
    for row in waiting.order_by("pk"):
        _settle(provider, tuple(Ref(Kind(kind), key) for kind, key in row.refs), is_live=is_live)
        done(row)


def _note(provider: str, *, is_live: bool, problem: str) -> None:
    Cursor.objects.filter(provider=provider, is_live=is_live).exclude(problem=problem).update(problem=problem)

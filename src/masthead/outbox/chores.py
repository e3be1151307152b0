"""Work by the clock: what must happen every so often on a site, whichever of its workers does it.

::

    chores.every(60, "publishing.publish_due", publish_due)      # in the project's wiring

The next due time is a row, moved by a conditional update, so several workers share the chores. A chore that
outlasts its own interval may overlap with itself: chores are idempotent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from masthead.core.clock import now
from masthead.outbox.models import Chore

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Entry:
    interval: timedelta
    do: Callable[[], object]


_entries: dict[str, _Entry] = {}


def every(seconds: int, name: str, do: Callable[[], object]) -> None:
    """Call ``do`` every ``seconds`` on some worker. A second chore under the same name replaces the first."""
    if seconds <= 0:
        raise ValueError("a chore needs an interval above 0 seconds")
    _entries[name] = _Entry(timedelta(seconds=seconds), do)


def names() -> list[str]:
    """Return the names of all chores."""
    return sorted(_entries)


def run_due() -> int:
    """Run the chores that are due and return how many. A failing chore is logged and tried at its next time."""
    waiting = dict(Chore.objects.filter(name__in=_entries).values_list("name", "due_at"))
    moment = now()
    ran = 0
    for name, entry in list(_entries.items()):
        if name not in waiting:
            Chore.objects.get_or_create(name=name, defaults={"due_at": moment})
        if waiting.get(name, moment) <= moment and _take(name, entry):
            _run(name, entry)
            ran += 1
    return ran


def _take(name: str, entry: _Entry) -> bool:
    moment = now()
    return bool(Chore.objects.filter(name=name, due_at__lte=moment).update(due_at=moment + entry.interval))


def _run(name: str, entry: _Entry) -> None:
    try:
        entry.do()
    except Exception as error:
        logger.exception("chore %s failed", name)
        Chore.objects.filter(name=name).update(last_error=f"{type(error).__name__}: {error}"[:2000])
    else:
        Chore.objects.filter(name=name).update(last_done_at=now(), last_error="")

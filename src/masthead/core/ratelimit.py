"""One limiter over Django's cache: a fixed window per key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from masthead.core.clock import now
from masthead.core.errors import DomainError


class TooManyRequests(DomainError):
    """The limit for this action is reached; ``params['seconds']`` says when to come back."""

    code = "core.too_many_requests"
    status = 429

    def message(self) -> str:
        """Say how long to wait."""
        return _("That was too many in a short time. Please try again in %(seconds)s seconds.") % self.params


@dataclass(frozen=True)
class Spent:
    """One count of one limit: how much is left until it begins anew."""

    action: str
    limit: int
    per_seconds: int
    left: int
    seconds: int


_watched: ContextVar[list[Spent] | None] = ContextVar("ratelimit_watched", default=None)


@contextmanager
def watched() -> Iterator[list[Spent]]:
    """Collect what is counted inside the block, in this thread."""
    spent: list[Spent] = []
    before = _watched.set(spent)
    try:
        yield spent
    finally:
        _watched.reset(before)


def allow(action: str, key: str, *, limit: int, per_seconds: int) -> None:
    """Count one ``action`` of ``key`` and raise :class:`TooManyRequests` past ``limit`` per window.

    Keys are hashed before they reach the cache: neither addresses nor IP numbers stand there. A limit of 0
    means unlimited. Windows are fixed, so at most twice the limit can pass around a boundary.
    """
    if limit <= 0:
        return
    moment = int(now().timestamp())
    window, elapsed = divmod(moment, per_seconds)
    digest = hashlib.blake2b(f"{action}\0{key}".encode(), digest_size=16).hexdigest()
    cache_key = f"ratelimit:{digest}:{window}"
    cache.add(cache_key, 0, timeout=per_seconds * 2)
    try:
        count = cache.incr(cache_key)
    except ValueError:  # evicted between add and incr: count afresh rather than refuse
        cache.set(cache_key, 1, timeout=per_seconds * 2)
        count = 1
    spent = _watched.get()
    if spent is not None:
        spent.append(Spent(action, limit, per_seconds, max(0, limit - count), per_seconds - elapsed))
    if count > limit:
        raise TooManyRequests(seconds=per_seconds - elapsed)

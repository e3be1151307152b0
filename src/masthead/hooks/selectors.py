"""What staff see of webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from masthead.core.clock import now
from masthead.hooks import conf
from masthead.hooks.models import Act, Delivery, Hook, Secret
from masthead.hooks.rules.signing import shown

_ACTS = 30


@dataclass(frozen=True)
class HookRow:
    """A receiver with the last answer it gave and what it did not take. Never its secret."""

    hook: Hook
    last: Delivery | None
    waiting: int
    failed: int


@dataclass(frozen=True)
class ShownSecret:
    """The beginning of a secret that signs, and until when it does if another followed."""

    prefix: str
    secret: Secret


def hook_rows() -> list[HookRow]:
    """Return all receivers, oldest first; two queries however many deliveries there are."""
    tried = Delivery.objects.filter(hook=OuterRef("pk"), tried_at__isnull=False).order_by("-tried_at", "-pk")
    hooks: Any = list(Hook.objects.annotate(last_pk=Subquery(tried.values("pk")[:1]), **_counts()).order_by("pk"))
    last = Delivery.objects.in_bulk([hook.last_pk for hook in hooks if hook.last_pk])
    return [HookRow(hook, last.get(hook.last_pk or 0), hook.waiting, hook.failed) for hook in hooks]


def _counts() -> dict[str, Count]:
    state = Delivery.State
    return {
        "waiting": Count("deliveries", filter=Q(deliveries__state=state.WAITING)),
        "failed": Count("deliveries", filter=Q(deliveries__state__in=[state.FAILED, state.DROPPED])),
    }


def hook_by_id(public_id: str) -> Hook | None:
    """Return one receiver."""
    return Hook.objects.select_related("made_by").filter(public_id=public_id).first()


def delivery_by_id(hook: Hook, public_id: str) -> Delivery | None:
    """Return one message to a receiver."""
    return hook.deliveries.select_related("hook").filter(public_id=public_id).first()


def deliveries(hook: Hook, number: str | None) -> Page[Delivery]:
    """Return one page of what was told a receiver, latest first."""
    return Paginator(hook.deliveries.order_by("-pk"), conf.PAGE).get_page(number)


def not_taken(hook: Hook) -> int:
    """Return how many messages a receiver did not take."""
    return hook.deliveries.filter(state__in=[Delivery.State.FAILED, Delivery.State.DROPPED]).count()


def secrets_of(hook: Hook) -> list[ShownSecret]:
    """Return what signs at present, newest first."""
    rows = hook.secrets.filter(Q(until__isnull=True) | Q(until__gt=now())).order_by("-pk")
    return [ShownSecret(shown(row.text), row) for row in rows]


def acts(hook: Hook | None = None) -> Sequence[Act]:
    """Return the last acts, of one receiver or of all, latest first."""
    rows = Act.objects.select_related("by").order_by("-pk")
    return list((rows.filter(hook=hook.public_id) if hook else rows)[:_ACTS])


def troubled() -> QuerySet[Hook]:
    """Return receivers that are failing or were switched off because of it: for the doctor."""
    return Hook.objects.exclude(state=Hook.State.OFF).exclude(state=Hook.State.ON, failing_since=None).order_by("pk")

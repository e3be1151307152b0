"""Pledges as they are looked up."""

from __future__ import annotations

from masthead.funding.models import Pledge
from masthead.funding.rules.reference import normalised


def pledge_by_reference(typed: str) -> Pledge | None:
    """Return the pledge of a reference code, however it was typed; None when its check digits or it do not exist."""
    reference = normalised(typed)
    return Pledge.objects.filter(reference=reference).first() if reference else None

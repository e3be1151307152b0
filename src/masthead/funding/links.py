"""The signed part of the care link: who holds one has read a mail to that giver.

It holds an id and a random key, and no address, so a log of visited paths tells nobody's. It never expires, for a gift
that runs for years must be ended from an old mail; another key at the giver makes all his old links void.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from masthead.core.clock import now
from masthead.core.http import absolute_url
from masthead.funding.models import Donor, Receipt

_CARE = signing.Signer(salt="funding.care", sep=".")
_BADGE = signing.Signer(salt="funding.badge", sep=".")
_A_DAY = timedelta(days=1)


def care_path(donor: Donor) -> str:
    """Return the path of the page on which a giver looks after his gifts."""
    return reverse("funding:care", args=[care_token(donor)])


def receipt_path(donor: Donor, receipt: Receipt) -> str:
    """Return the path of one of his receipts as PDF."""
    return reverse("funding:care-receipt", args=[care_token(donor), receipt.public_id])


def care_url(donor: Donor) -> str:
    """Return the same with the site's address, for mails."""
    return absolute_url(care_path(donor))


def badge_path(donor: Donor) -> str:
    """Return where a form sends, for a day, whether a giver wishes to be called a supporter; it opens nothing else."""
    until = now() + _A_DAY
    return reverse("funding:badge", args=[_BADGE.sign(f"{donor.public_id}~{int(until.timestamp())}")])


def read_badge(token: str) -> str:
    """Return the giver's id; empty for what this site did not sign, or longer ago than a day."""
    try:
        donor_id, _, until = _BADGE.unsign(token).partition("~")
    except signing.BadSignature:
        return ""
    return donor_id if now().timestamp() < int(until) else ""


def read_care(token: str) -> tuple[str, str] | None:
    """Return the giver's id and the key, or None for what this site did not sign."""
    try:
        value = _CARE.unsign(token)
    except signing.BadSignature:
        return None
    donor_id, _, key = value.partition("~")
    return donor_id, key


def care_token(donor: Donor) -> str:
    """Return the signed part itself, for links to a giver's own papers."""
    return _CARE.sign(f"{donor.public_id}~{donor.care_key}")

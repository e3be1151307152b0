"""Limits. Each is a default that a site's settings may one day override."""

from __future__ import annotations

from datetime import timedelta

CONFIRMATION_VALID_DAYS = 7
# Confirmation mails to one address: so many within so long. Past it the answer stays the same and no mail leaves.
CONFIRMATIONS_PER_ADDRESS = ((5, timedelta(hours=1)), (15, timedelta(days=1)))
REQUESTS_PER_NETWORK_AND_HOUR = 30
FORGET_UNCONFIRMED_AFTER = timedelta(days=30)
# Not shorter than the outbox keeps events: a delivery row is what stops a replay from mailing again.
FORGET_DELIVERIES_AFTER = timedelta(days=120)
EXCERPT_LENGTH = 2000

"""Tokens: how they look and what they may be made for."""

from __future__ import annotations

from datetime import timedelta

# So that scanners for leaked secrets, and people, know one when they see it.
PREFIX = "masthead_"
SCOPES = ("read", "write", "moderate")
LIFETIMES = (30, 90, 365)
PER_PERSON = 20
# How exactly it is known when a token was used last: a row is not written for every call.
USE_NOTED_EVERY = timedelta(hours=1)
# How long the answer to a call with a key is kept.
ANSWER_KEPT = timedelta(hours=24)

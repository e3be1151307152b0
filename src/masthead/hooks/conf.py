"""Limits, and what a site decides."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

# How long a receiver may take for all of an answer, and how much of it is read and kept.
SECONDS = 10.0
ANSWER_BYTES = 1024
# A receiver that says when to come again is believed up to this.
LONGEST_WAIT = timedelta(days=1)
# The former secret goes on signing beside the new one, so that a receiver can change over without losing a message.
OVERLAP = timedelta(days=1)
SWITCH_OFF_AFTER = timedelta(days=3)
# Failures further apart than this are not one row of failures: nothing was tried in between.
SILENCE = timedelta(days=2)
KEEP = timedelta(days=30)
MOST_HOOKS = 30
PAGE = 50


def allow_private() -> bool:
    """Tell whether receivers may stand in the site's own network."""
    return bool(settings.MASTHEAD.hooks.allow_private)

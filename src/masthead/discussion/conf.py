"""This app's settings, read from the site's typed configuration at the moment of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

NAME_MIN, NAME_MAX = 2, 50
TEXT_MAX = 5_000
# A second comment with the same words in the same place by the same name counts as an accident for this long.
SAME_TEXT_WINDOW = timedelta(hours=24)


def config() -> Any:
    """Return ``[discussion]`` of the site's configuration."""
    return settings.MASTHEAD.discussion


def edit_window() -> timedelta:
    """How long a writer may change a comment."""
    return timedelta(minutes=config().edit_window_minutes)

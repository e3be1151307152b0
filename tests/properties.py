"""How many examples a property is tried with: few in the suite, many at night."""

from __future__ import annotations

import os

from hypothesis import settings

IN_THE_SUITE = 50
AT_NIGHT = 2_000


def is_night() -> bool:
    """Say whether this is a run of ``scripts/nightly``."""
    return os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def load_profile() -> None:
    """Choose the number of examples. No example has a deadline: a crowded machine is no fault of the code."""
    settings.register_profile("suite", settings.default, max_examples=IN_THE_SUITE, deadline=None)
    settings.register_profile("nightly", max_examples=AT_NIGHT, deadline=None, derandomize=False)
    settings.load_profile("nightly" if is_night() else "suite")


def examples(number: int) -> int:
    """Return the number of examples for a property that is too slow for the usual one, scaled up at night."""
    return number * AT_NIGHT // IN_THE_SUITE // 4 if is_night() else number

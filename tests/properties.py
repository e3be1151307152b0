"""How many examples a property is tried with: few in the suite, many at night."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

IN_THE_SUITE = 50
AT_NIGHT = 2_000
IN_A_HUNT = 25


def is_night() -> bool:
    """Say whether this is a run of ``scripts/nightly``."""
    return os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def is_hunt() -> bool:
    """Say whether this is a run of ``scripts/mutants``, which asks each property thousands of times."""
    return os.environ.get("HYPOTHESIS_PROFILE") == "mutants"


def load_profile() -> None:
    """Choose the number of examples. No example has a deadline: a crowded machine is no fault of the code."""
    settings.register_profile("suite", settings.default, max_examples=IN_THE_SUITE, deadline=None)
    settings.register_profile("nightly", max_examples=AT_NIGHT, deadline=None, derandomize=False)
    # Whoever only asks whether a property fails need not know the smallest example.
    hunting = [Phase.explicit, Phase.generate]
    settings.register_profile(
        "mutants", max_examples=IN_A_HUNT, deadline=None, derandomize=True, database=None, phases=hunting
    )
    settings.load_profile("nightly" if is_night() else "mutants" if is_hunt() else "suite")


def examples(number: int) -> int:
    """Return the number of examples for a property that is too slow for the usual one, scaled up at night."""
    return number * AT_NIGHT // IN_THE_SUITE // 4 if is_night() else number

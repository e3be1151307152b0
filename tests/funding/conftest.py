"""What tests of payments begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.funding.models import Pledge
from masthead.simulator.testing import RunningSimulator
from tests.funding.rehearsing import promised, rehearsal


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    """A simulator, and this site rehearsing on it."""
    with rehearsal() as found:
        yield found


@pytest.fixture
def pledge(simulator: RunningSimulator) -> Pledge:
    """25 dollars once, by card."""
    return promised(simulator)

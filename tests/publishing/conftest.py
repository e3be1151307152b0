"""What the tests of publishing share."""

from __future__ import annotations

from collections import defaultdict

import pytest

from masthead.core import slots

OWN = {"masthead.sections", "footer.links"}


@pytest.fixture
def own_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pieces of other apps away, to count what publishing itself costs."""
    kept = {name: fillers if name in OWN else [] for name, fillers in slots._fillers.items()}
    monkeypatch.setattr(slots, "_fillers", defaultdict(list, kept))

"""How things may change is a table, and nothing in the services goes round it (rule L5)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db.models import TextChoices

from masthead.funding import services
from masthead.funding.models import (
    BankLine,
    Checkout,
    Difference,
    Held,
    Payment,
    ProviderEvent,
    Recurring,
    RefundRequest,
)
from masthead.funding.ports import SubscriptionStatus
from masthead.funding.rules.facts import Status
from masthead.funding.rules.states import MOVES, TERMINAL, NoSuchMove, moved, sources

THINGS: dict[str, type[TextChoices]] = {
    "payment": Payment.Status,
    "recurring": Recurring.Status,
    "checkout": Checkout.State,
    "refund request": RefundRequest.State,
    "notification": ProviderEvent.State,
    "held": Held.State,
    "difference": Difference.State,
    "bank line": BankLine.State,
}


@pytest.mark.parametrize("thing", sorted(THINGS))
def test_l5_the_table_knows_every_state_and_names_those_that_nothing_leaves(thing: str) -> None:
    assert set(MOVES[thing]) == set(THINGS[thing].values)
    assert TERMINAL[thing] == {state for state, after in MOVES[thing].items() if not after}
    assert set(MOVES) == set(TERMINAL) == set(THINGS)


def test_l5_what_processors_say_fits_the_table() -> None:
    assert set(MOVES["payment"]) == {status.name.lower() for status in Status}
    assert set(MOVES["recurring"]) == {str(status) for status in SubscriptionStatus}


PAIRS = [(thing, before, after) for thing, table in MOVES.items() for before in table for after in table]


@pytest.mark.parametrize(("thing", "before", "after"), PAIRS)
def test_l5_every_change_that_is_not_in_the_table_raises(thing: str, before: str, after: str) -> None:
    if before == after or after in MOVES[thing][before]:
        assert moved(thing, before, after) == after
        return
    with pytest.raises(NoSuchMove, match=re.escape(f"{before!r} becomes {after!r}")):
        moved(thing, before, after)


def test_l5_a_conditional_change_asks_for_the_states_of_the_table() -> None:
    assert sources("checkout", "done") == ["open"]
    assert sources("held", "person") == ["waiting", "aside"]
    with pytest.raises(NoSuchMove, match=r"^no notification becomes 'unknown'$"):
        sources("notification", "unknown")


_SET = re.compile(r"\b\w+\.(?:state|status) = (?!moved\()[^\n]*")
_UPDATE = re.compile(r"\.update\([^)]*\bstate=")
# A payment that was never booked begins anew when its processor contradicts itself.
_ALLOWED = [("settle_payment.py", "payment.status = Payment.Status.OPEN  # what was never booked begins anew")]


def test_l5_no_service_sets_a_state_past_the_table() -> None:
    """Either the table is asked, or the update itself names the states that it may start from."""
    found, updates = [], 0
    for path in sorted(Path(services.__file__).parent.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found += [(path.name, line) for line in _SET.findall(text)]
        for update in _UPDATE.finditer(text):
            updates += 1
            assert re.search(r"\bstate(__in)?=", text[max(0, update.start() - 300) : update.start()]), path.name
    assert found == _ALLOWED
    assert updates > 3

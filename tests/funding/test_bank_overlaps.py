"""Whatever overlaps with whatever, in whatever order, brought in by whoever: the books are the same."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from masthead.core.clock import frozen
from masthead.funding.models import BankLine, Gift, Pledge
from masthead.funding.providers.bank_transfer import read_statements
from masthead.funding.selectors import ledger_problems
from masthead.funding.services.bank import import_statements
from masthead.funding.testing import empty_books
from tests.funding.statements import Line, camt
from tests.funding.test_bank_matching import NOW, bring, pledge, raised, reasons
from tests.properties import examples


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with frozen(NOW):
        yield


_PLEDGES = 3
_EVENT = st.tuples(
    st.integers(0, _PLEDGES),  # which pledge; the last one is nobody's
    st.sampled_from([2500, 2500, 2500, 900]),
    st.integers(1, 9),  # the day
    st.booleans(),  # whether the bank gave it an id
)


def _lines(events: Sequence[tuple[int, int, int, bool]], references: Sequence[str]) -> list[Line]:
    lines = [
        Line(
            amount,
            references[which] if which < len(references) else "eggs",
            date(2026, 11, day),
            bank_id=f"B{at}" if has_id else "",
            end_to_end_id=f"E{which}-{day}",
        )
        for at, (which, amount, day, has_id) in enumerate(events)
    ]
    return sorted(lines, key=lambda line: line.day)


def _books() -> tuple[Any, ...]:
    gifts = Gift.objects.values_list("pledge__name", "journal__value_at", "journal__reversal")
    lines = BankLine.objects.values_list("amount_minor", "text", "valued_on", "state")
    return Counter((name, at, back is None) for name, at, back in gifts), Counter(lines), raised()


@pytest.mark.django_db(transaction=True)
@hypothesis_settings(max_examples=examples(8))
@given(st.lists(_EVENT, max_size=8), st.data())
def test_any_order_and_any_overlap_of_statements_give_the_same_books(
    events: list[tuple[int, int, int, bool]], data: st.DataObject
) -> None:
    """Statements of whole days, cut and repeated at will: each line is booked at most once, and the books agree."""
    results = []
    with frozen(NOW):
        for is_cut in (False, True):
            _empty()
            names = [f"Giver {number}" for number in range(_PLEDGES)]
            pledges = [pledge(every="month", name=name) for name in names]
            lines = _lines(events, [each.reference for each in pledges])
            pieces = [lines]
            if is_cut:
                spans = data.draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=5))
                pieces = [[line for line in lines if min(span) <= line.day.day <= max(span)] for span in spans]
                pieces = data.draw(st.permutations([*pieces, lines]))
            for number, piece in enumerate(pieces):
                if piece:
                    bring(piece, number=str(number))
            results.append(_without_references(_books(), pledges))
            booked = BankLine.objects.filter(state="booked").values_list("gift", flat=True)
            assert len(booked) == len(set(booked)) == Gift.objects.count()
            assert ledger_problems() == []
    _empty()
    assert results[0] == results[1]


def _without_references(books: tuple[Any, ...], pledges: Sequence[Pledge]) -> tuple[Any, ...]:
    names = {each.reference: each.name for each in pledges}
    gifts, lines, total = books
    return gifts, Counter({(a, names.get(text, text), d, s): n for (a, text, d, s), n in lines.items()}), total


def _empty() -> None:
    empty_books()
    Pledge.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_single_pledge_is_fulfilled_once_in_every_order() -> None:
    for days in ((2, 3), (3, 2)):
        _empty()
        one = pledge()
        for day in days:
            bring([Line(2500, one.reference, date(2026, 11, day))], number=str(day))
        assert (Gift.objects.count(), raised()) == (1, 2500)
        assert sorted(reasons()) == [("booked", "certain"), ("suggested", "fulfilled")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("every", ["once", "month"])
def test_two_people_bring_in_the_same_file_at_once(every: str) -> None:
    """Each line is booked at most once, whoever is first, and both are told something true."""
    pledges = [pledge(every=every, name=f"Giver {number}") for number in range(6)]
    file = read_statements(camt([Line(2500, each.reference) for each in pledges] + [Line(300, "x")]))
    start, reports, problems = threading.Barrier(2), [], []

    def person(number: int) -> None:
        try:
            with frozen(NOW):
                start.wait()
                reports.append(import_statements(file=file, uploaded_by=number))
        except Exception as problem:  # noqa: BLE001 - whatever went wrong is the finding
            problems.append(problem)
        finally:
            connection.close()

    people = [threading.Thread(target=person, args=(number,)) for number in (1, 2)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert problems == []
    assert (Gift.objects.count(), BankLine.objects.count(), raised()) == (6, 7, 15_000)
    assert BankLine.objects.filter(state="booked").count() == 6
    assert ledger_problems() == []


@pytest.mark.django_db(transaction=True)
def test_an_import_cut_in_the_middle_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines are stored, none is judged: the same file again finishes the work."""
    one = pledge()
    file = read_statements(camt([Line(2500, one.reference)]))
    with monkeypatch.context() as patch:
        patch.setattr("masthead.funding.services.bank.statements._settle", _die)
        with pytest.raises(KeyboardInterrupt):
            import_statements(file=file)
    assert (BankLine.objects.count(), Gift.objects.count()) == (1, 0)
    report = import_statements(file=file)
    assert (report.matched, Gift.objects.count()) == (1, 1)


def _die(*_arguments: Any) -> None:
    raise KeyboardInterrupt

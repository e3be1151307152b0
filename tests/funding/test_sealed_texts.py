"""X4: the texts that seal a month are the same whoever writes them, and each hash covers what it says it covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from masthead.funding.rules import sealing
from masthead.funding.rules.sealing import Seal, SealedEntry, SealedFact, SealedGoal

OCTOBER = date(2026, 10, 1)
SEAL = Seal(OCTOBER, "America/New_York", datetime(2026, 11, 8, tzinfo=UTC), "salt", sealing.FIRST)


def fact(number: int, minor: int = 2500) -> SealedFact:
    """Return a gift in cash."""
    sides = (SealedEntry("assets:cash", minor, "USD"), SealedEntry("income:campaign:fund", -minor, "USD"))
    return SealedFact(number, OCTOBER, "gift", sides, {"key": f"k{number}", "about": None})


def goal(day: int, minor: int, campaign: str = "fund") -> SealedGoal:
    """Return a goal that holds from a day of October on."""
    return SealedGoal(campaign, minor, "USD", datetime(2026, 10, day, tzinfo=UTC))


def test_x4_the_private_text_is_salted_and_names_each_journal_in_one_form() -> None:
    """Written out: whoever checks a seal must come to these very bytes."""
    expected = 'salt\n{"about": null, "journal": 7, "key": "k7"}\n'
    assert sealing.private_text("salt", [fact(7)]) == expected
    backwards = replace(fact(7), private=dict(reversed(fact(7).private.items())))
    assert sealing.private_text("salt", [backwards]) == expected


def test_x4_the_public_text_holds_the_hash_of_the_private_one_under_its_salt() -> None:
    private = sealing.sha256(sealing.private_text("salt", [fact(7)]))
    assert f"private {private}\n" in sealing.public_text(SEAL, [fact(7)], [])
    assert f"private {private}\n" not in sealing.public_text(replace(SEAL, salt="other"), [fact(7)], [])


def test_x4_goals_and_journals_stand_in_one_order_however_they_are_read() -> None:
    goals = [goal(2, 100), goal(1, 900), goal(1, 200), goal(3, 5, "boat")]
    facts = [fact(9, 100), fact(7)]
    text = sealing.public_text(SEAL, facts, goals)
    assert text == sealing.public_text(SEAL, facts[::-1], goals[::-1])
    told = [line.split()[1:3] for line in text.splitlines() if line.startswith("goal ")]
    assert told == [["boat", "5"], ["fund", "200"], ["fund", "900"], ["fund", "100"]]


def test_x4_each_change_afterwards_stands_in_order_under_a_hash_of_all_above_it() -> None:
    text = sealing.changes_text("abc", [fact(9, 100), fact(7)])
    lines = text.splitlines(keepends=True)
    assert text == sealing.changes_text("abc", [fact(7), fact(9, 100)])
    assert [line.split()[0] for line in lines] == ["masthead", "seal", *(["entry", "entry", "running"] * 2)]
    assert "assets:cash 2500" in lines[2]
    for place in (4, 7):
        assert lines[place] == f"running {sealing.sha256(''.join(lines[:place]))}\n"
    assert sealing.running_hash(text) == lines[7].split()[1]


def test_x4_while_nothing_has_changed_the_running_hash_is_that_of_the_seal() -> None:
    assert sealing.running_hash(sealing.changes_text("abc", [])) == "abc"

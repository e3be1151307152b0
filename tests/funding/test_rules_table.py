"""Each rule of docs/explanation/rules-of-money.md is held by tests that are there and that cite it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "rules-of-money.md"
COUNTS = {"W": 12, "O": 5, "L": 9, "R": 7, "D": 4, "C": 10, "M": 11, "S": 6, "X": 4}


def rows() -> dict[str, tuple[str, list[str]]]:
    """Return what each rule says and the tests that are named for it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")][1:-1]
        if len(cells) == 3 and re.fullmatch(r"[A-Z]\d+", cells[0]):
            assert cells[0] not in found, f"{cells[0]} stands there twice"
            found[cells[0]] = (cells[1], re.findall(r"`([^`]+)`", cells[2]))
    return found


RULES = rows()


@cache
def held_in(path: str) -> dict[str, str]:
    """Return each test of a file with its source, its comments and what the file's own first words say."""
    text = (ROOT / path).read_text(encoding="utf-8")
    tree = ast.parse(text)
    first = ast.get_docstring(tree) or ""
    return {
        item.name: first + "\n" + (ast.get_source_segment(text, item) or "") + _around(text, item.lineno)
        for item in tree.body
        if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
    }


def _around(text: str, line: int) -> str:
    return "\n".join(text.splitlines()[max(0, line - 4) : line])


def cites(words: str, rule: str) -> bool:
    """Tell whether words name a rule: as a word, in the name of a test, or inside "W6 to W9" and "rules ... R, D"."""
    letter, number = rule[0], int(rule[1:])
    if re.search(rf"\b{rule}\b", words) or re.search(rf"_{rule.lower()}_", words):
        return True
    ranges = re.findall(rf"\b{letter}(\d+) to {letter}(\d+)\b", words)
    return any(int(first) <= number <= int(last) for first, last in ranges)


def test_every_rule_stands_here_and_no_other() -> None:
    assert set(RULES) == {f"{letter}{number + 1}" for letter, count in COUNTS.items() for number in range(count)}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_held_by_tests_that_are_there_and_cite_it(rule: str) -> None:
    words, named = RULES[rule]
    assert len(words.split()) > 4
    assert named
    for name in named:
        path, _, test = name.partition("::")
        assert test in held_in(path), f"{rule}: there is no {name}"
        assert cites(held_in(path)[test], rule), f"{name} does not say that it holds {rule}"

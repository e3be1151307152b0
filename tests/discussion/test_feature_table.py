"""Each feature that docs/explanation/discussion.md says yes to is held by a test that is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "discussion.md"
CELL = re.compile(r"(?<!\\)\|")
NAMED = re.compile(r"`([^`]*)`")
WRITING_AND_READING = set(range(1, 49))


def rows() -> dict[int, tuple[str, str, list[str]]]:
    """Return feature, answer and named tests of each row, by its number."""
    found: dict[int, tuple[str, str, list[str]]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in CELL.split(line)][1:-1]
        if len(cells) == 4 and cells[0].isdecimal():
            assert int(cells[0]) not in found, f"row {cells[0]} stands there twice"
            found[int(cells[0])] = (cells[1], cells[2], NAMED.findall(cells[3]))
    return found


@cache
def collected_in(path: str) -> frozenset[str]:
    """Return the names of the test functions in a file, as pytest collects them."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        item.name for item in tree.body if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
    )


def test_what_works_without_script_and_by_keys_names_tests_that_are_there() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Without script")[2].partition("\n## ")[0]
    named = re.findall(r"`(tests/[^`:]+\.py)(?:::(\w+))?`", section)
    assert len(named) > 40
    for path, test in named:
        assert (ROOT / path).exists(), f"{path} is not there"
        assert not test or test in collected_in(path), f"there is no {path}::{test}"


def test_every_feature_of_writing_and_reading_has_its_row() -> None:
    assert set(rows()) >= WRITING_AND_READING


@pytest.mark.parametrize("number", sorted(WRITING_AND_READING & set(rows())))
def test_every_row_is_held_by_tests_or_says_why_not(number: int) -> None:
    feature, answer, named = rows()[number]
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), f"{number} {feature}: {path} is not there"
        assert not test or test in collected_in(path), f"{number} {feature}: there is no {name}"
    if answer.startswith("no:") or answer.startswith("no, "):
        assert len(answer.split()) > 8, f"{number} {feature}: a no needs its reason"
    else:
        assert any("::" in name for name in named), f"{number} {feature}: no test is named"

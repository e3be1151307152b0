"""No float meets money: neither a literal, nor the type, nor a division that makes one (rule C1)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "src" / "masthead"
FILES = sorted(
    path
    for path in [
        *(ROOT / "funding").rglob("*.py"),
        *(ROOT / "porting" / "gifts").rglob("*.py"),
        *ROOT.glob("core/money*.py"),
    ]
    if "migrations" not in path.parts
)
# Paths, seconds, the refusal of floats itself, and the width of a drawn bar in exact decimals: no amount is among them.
ALLOWED = {
    "core/money.py": {"if isinstance(major, float):"},
    "funding/conf.py": {
        'folder: Path = settings.MASTHEAD.root / "theme" / "receipts"',
        'return folder / f"{country}.txt"',
    },
    "funding/presenters.py": {'width = Decimal(values["percent"]) * _PICTURE_BAR / 100'},
    "funding/providers/paypal/calls.py": {
        "self._kept: dict[tuple[str, str, str], tuple[str, float]] = {}",
        'token, ends = self._kept.get(self._whose(), ("", 0.0))',
        "backoff_factor=0.3,",
    },
}


def floats_in(text: str) -> list[tuple[int, str]]:
    """Return each place where a float is written, asked for or made."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append((node.lineno, repr(node.value)))
        elif isinstance(node, ast.Name) and node.id == "float":
            found.append((node.lineno, "float"))
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append((node.lineno, "/"))
    return found


@pytest.mark.parametrize("line", ["rate = 0.1", "minor = float(text)", "half = total / 2", "minor /= 100"])
def test_c1_each_way_to_a_float_is_noticed(line: str) -> None:
    assert floats_in(line)


def test_c1_the_code_of_money_has_no_float() -> None:
    assert len(FILES) > 100
    found = {}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        lines = text.splitlines()
        wrong = [(number, lines[number - 1].strip()) for number, _what in floats_in(text)]
        wrong = [each for each in wrong if each[1] not in ALLOWED.get(name, set())]
        if wrong:
            found[name] = wrong
    assert found == {}


def test_c1_the_type_of_an_amount_is_a_whole_number() -> None:
    """mypy runs strictly over all code (``scripts/check``), and takes no float for an int."""
    from masthead.core.money import Money

    assert Money.__annotations__["amount_minor"] in (int, "int")

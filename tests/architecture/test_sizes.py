"""Nothing grows beyond what one can read at once. Ratchets: exceptions may only shrink."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGE, ROOT, files, read, shown

FILE_LIMITS = {".py": 400, ".html": 120, ".txt": 120, ".js": 200, ".css": 300}
FUNCTION_LIMIT = 50
CLASS_LIMIT = 300
EXCEPTIONS = tomllib.loads(read(Path(__file__).parent / "exceptions.toml"))


def source_files() -> Iterator[Path]:
    """Yield every written file: no migrations, no vendored fonts."""
    for folder in (PACKAGE, ROOT / "tests", ROOT / "benchmarks", ROOT / "scripts"):
        for path in files("*.py", "*.html", "*.txt", "*.js", "*.css", under=folder):
            if "migrations" not in path.parts and "fonts" not in path.parts:
                yield path


def sizes(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> dict[str, int]:
    """Return the lines of each definition of a kind, named ``file::definition``."""
    return {
        f"{shown(path)}::{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in source_files()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and isinstance(node, kind)
    }


def check(found: dict[str, int], limits: dict[str, int], exceptions: dict[str, int]) -> list[str]:
    """Say what is too long, and which exceptions are no longer needed or too generous."""
    problems = [
        f"{name} has {size} lines, the limit is {exceptions.get(name, limits[name])}"
        for name, size in found.items()
        if size > exceptions.get(name, limits[name])
    ]
    for name, allowed in exceptions.items():
        size = found.get(name, 0)
        if size <= limits.get(name, 0) or name not in found:
            problems.append(f"{name} no longer needs its exception: remove the line")
        elif size < allowed:
            problems.append(f"{name} shrank to {size}: lower its exception")
    return problems


def test_files_are_short() -> None:
    found = {shown(path): len(read(path).splitlines()) for path in source_files()}
    limits = {shown(path): FILE_LIMITS[path.suffix] for path in source_files()}
    assert check(found, limits, EXCEPTIONS["files"]) == []


def test_functions_are_short() -> None:
    found = sizes((ast.FunctionDef, ast.AsyncFunctionDef))
    assert check(found, dict.fromkeys(found, FUNCTION_LIMIT), EXCEPTIONS["functions"]) == []


def test_classes_are_short() -> None:
    found = sizes(ast.ClassDef)
    assert check(found, dict.fromkeys(found, CLASS_LIMIT), EXCEPTIONS["classes"]) == []


def test_the_ratchet_turns_one_way_only() -> None:
    limits = {"a": 10, "b": 10, "c": 10}
    assert check({"a": 10, "b": 12, "c": 9}, limits, {"b": 12}) == []
    assert check({"a": 11}, limits, {}) == ["a has 11 lines, the limit is 10"]
    assert check({"b": 11}, limits, {"b": 12}) == ["b shrank to 11: lower its exception"]
    assert check({"b": 10}, limits, {"b": 12}) == ["b no longer needs its exception: remove the line"]

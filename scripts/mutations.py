"""The changes that :file:`scripts/mutants.py` tries, by mutmut's operators, and the changed code of a function."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parent.parent
# What people read is held by the tests of pages; what only names a log line or a type, or guards what is so by
# construction, is no behaviour.
_WORDS = m.Call(func=m.Name("_") | m.Name("gettext") | m.Name("gettext_lazy") | m.Name("ngettext") | m.Name("pgettext"))
_PROGRAMMERS = m.Raise(exc=m.Call(func=m.Name("ValueError") | m.Name("TypeError") | m.Name("RuntimeError")))
# What is fetched at once is held by the budgets of queries.
_FETCHES = m.Call(func=m.Attribute(attr=m.Name("select_related") | m.Name("prefetch_related") | m.Name("only")))
_GUARD = m.Arg(keyword=m.Name("strict"))
_LOGS = m.Call(func=m.Attribute(value=m.Name("log") | m.Name("logger") | m.Name("_log")))


@dataclass(frozen=True)
class Mutant:
    """One change in one function."""

    file: str
    function: str
    change: str
    source: str

    @property
    def key(self) -> str:
        """Name the change however lines move."""
        return f"{self.file} | {self.function} | {self.change}"


class _Finder(cst.CSTVisitor):
    """Collects the nodes within functions that may be changed, with the function that holds each."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        self.names: list[str] = []
        self.functions: list[str] = []
        self.found: list[tuple[str, cst.CSTNode, int]] = []
        self.left_alone: set[cst.CSTNode] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Param) or m.matches(
            node, _WORDS | _LOGS | _PROGRAMMERS
        ):
            return False
        if node in self.left_alone:
            return False
        if isinstance(node, cst.Call) and m.matches(node, _FETCHES):
            self.left_alone.update(node.args)
            return True
        if isinstance(node, cst.Call):
            self.left_alone.update(each for each in node.args if m.matches(each, _GUARD))
        if isinstance(node, cst.ClassDef):
            self.names.append(node.name.value)
        elif isinstance(node, cst.FunctionDef):
            self.names.append(node.name.value)
            self.functions.append(".".join(self.names))
        elif self.functions and not isinstance(node, cst.Expr):
            line = self.get_metadata(PositionProvider, node).start.line
            self.found.append((self.functions[0], node, line))
        return not (isinstance(node, cst.Expr) and m.matches(node.value, m.SimpleString() | m.ConcatenatedString()))

    def on_leave(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.ClassDef):
            self.names.pop()
        elif isinstance(node, cst.FunctionDef):
            self.names.pop()
            self.functions.pop()


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every change of one file."""
    source = path.read_text()
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=False)
    finder = _Finder()
    wrapper.visit(finder)
    lines, times, file = source.splitlines(), Counter[str](), str(path.relative_to(ROOT))
    for function, node, line in finder.found:
        for kind, operator in mutation_operators:
            if not isinstance(node, kind):
                continue
            for position, changed in enumerate(operator(node)):
                # The same words in other letters say nothing about money.
                if operator.__name__ == "operator_string" and position > 0:
                    continue
                if operator.__name__ == "operator_arg_removal" and _says_the_same(node, changed):
                    continue
                new = wrapper.module.deep_replace(node, changed).code
                before, after = _differ(lines, new.splitlines(), line)
                if before == after or not _compiles(new):
                    continue
                change = f"{before} => {after}"
                times[function + change] += 1
                again = f" ({times[function + change]})" if times[function + change] > 1 else ""
                yield Mutant(file, function, change + again, new)


def _says_the_same(call: cst.CSTNode, changed: cst.CSTNode) -> bool:
    """Say whether a change of a call is none: None for False, or ``zip`` without its guard.

    Who asks only whether it is true cannot tell, and who asks more is told by the type checker.
    """
    if not isinstance(call, cst.Call) or not isinstance(changed, cst.Call):
        return False
    old, new = _said(call), _said(changed)
    if len(old) != len(new):
        return False
    pairs = zip(old, new, strict=True)
    return all(a is b or (m.matches(a, m.Name("False")) and m.matches(b, m.Name("None"))) for a, b in pairs)


def _said(call: cst.Call) -> list[cst.BaseExpression]:
    is_zip = m.matches(call.func, m.Name("zip"))
    return [each.value for each in call.args if not (is_zip and m.matches(each, _GUARD))]


def _differ(old: list[str], new: list[str], near: int) -> tuple[str, str]:
    """Return the lines that differ, before and after."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), near - 1)
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    said = (" ".join(" ".join(part[start : len(part) - end]).split()) for part in (old, new))
    before, after = said
    return before, after or "(gone)"


def _compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def code_of(source: str, file: str, function: str) -> list[CodeType]:
    """Return the compiled bodies of a function, in order: a name may be defined more than once."""
    found: list[CodeType] = []

    def walk(code: CodeType) -> None:
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                if constant.co_qualname == function:
                    found.append(constant)
                walk(constant)

    walk(compile(source, file, "exec", dont_inherit=True))
    return found

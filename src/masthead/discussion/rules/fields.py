"""The site's own fields of the comment form: what an answer to them must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

VALUE_MOST = 300
YES = "yes"

Problem = Literal["missing", "consent", "choice", "long"]


class Field(Protocol):
    """What the site asks: see ``[[discussion.fields]]``."""

    @property
    def name(self) -> str:
        """Unique on the site."""
        ...

    @property
    def label(self) -> str:
        """The question; of a consent its whole wording."""
        ...

    @property
    def kind(self) -> str:
        """One of ``text``, ``select``, ``checkbox``, ``consent``."""
        ...

    @property
    def choices(self) -> Sequence[str]:
        """What a select offers."""
        ...

    @property
    def required(self) -> bool:
        """Whether nobody comments without it."""
        ...

    @property
    def public(self) -> bool:
        """Whether everybody reads the answer."""
        ...


@dataclass(frozen=True)
class Given:
    """What somebody answered, with the words that were asked."""

    name: str
    label: str
    kind: str
    value: str
    is_public: bool


def given(fields: Iterable[Field], typed: Mapping[str, str]) -> tuple[list[Given], dict[str, Problem]]:
    """Return the answers to ``fields`` among what was typed, and what is wrong by the field's name.

    What nobody asked is ignored. An optional field that was left empty has no answer.
    """
    answers: list[Given] = []
    problems: dict[str, Problem] = {}
    for field in fields:
        value = " ".join(typed.get(field.name, "").split())
        if field.kind in {"checkbox", "consent"}:
            value = YES if value else ""
        problem = _problem(field, value)
        if problem:
            problems[field.name] = problem
        elif value:
            answers.append(Given(field.name, field.label, field.kind, value, field.public))
    return answers, problems


def _problem(field: Field, value: str) -> Problem | None:
    if not value:
        missing: Problem = "consent" if field.kind == "consent" else "missing"
        return missing if field.required else None
    if field.kind == "select" and value not in field.choices:
        return "choice"
    return "long" if len(value) > VALUE_MOST else None

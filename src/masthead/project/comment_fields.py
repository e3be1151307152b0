"""What the site's own fields of the comment form must keep, beyond the types of their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from masthead.project.sections import CommentField

MOST = 8
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_LABEL_MOST, _CHOICES_MOST, _CHOICE_MOST = 500, 30, 100


def field_misfits(fields: Sequence[CommentField]) -> Iterator[str]:
    """Say what is wrong with the tables ``[[discussion.fields]]``, each with the line to write."""
    if len(fields) > MOST:
        yield f"[[discussion.fields]] are {len(fields)}; at most {MOST} are possible. Leave some out."
    names = [field.name for field in fields]
    for number, field in enumerate(fields, start=1):
        for key, text in _misfits(field, is_double=names.index(field.name) < number - 1):
            example = CommentField.__dataclass_fields__[key].metadata["example"]
            yield f"[discussion.fields {number}] {key} {text}. Write: {example}"


def _misfits(field: CommentField, *, is_double: bool) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(field.name):
        yield "name", f"is {field.name!r}, but must be small letters, digits and _, at most 30"
    elif is_double:
        yield "name", f"is {field.name!r}, which another field has already"
    if not 0 < len(field.label.strip()) <= _LABEL_MOST:
        yield "label", f"must have 1 to {_LABEL_MOST} characters"
    if field.kind == "select":
        yield from _choice_misfits(field.choices)
    elif field.choices:
        yield "choices", f"are for a select, and this is a {field.kind}"
    if field.kind == "consent" and field.public:
        yield "public", "is true, but what somebody consented to is nobody else's business"


def _choice_misfits(choices: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not 1 < len(choices) <= _CHOICES_MOST:
        yield "choices", f"must be 2 to {_CHOICES_MOST}"
    if len(set(choices)) != len(choices) or not all(0 < len(item.strip()) <= _CHOICE_MOST for item in choices):
        yield "choices", f"must differ and have 1 to {_CHOICE_MOST} characters each"

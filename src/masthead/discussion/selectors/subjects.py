"""What threads are about: asked of the project."""

from __future__ import annotations

from collections.abc import Collection

from masthead.core import ports
from masthead.discussion.ports import Subject, SubjectDirectory


def subject_of(thread_key: str) -> Subject | None:
    """Return the subject of one thread, or ``None`` when nobody knows it."""
    return ports.get(SubjectDirectory).describe([thread_key]).get(thread_key)


def subjects_of(thread_keys: Collection[str]) -> dict[str, Subject]:
    """Return the public subjects among these, in one question; none for none."""
    if not thread_keys:
        return {}
    found = ports.get(SubjectDirectory).describe(thread_keys)
    return {key: subject for key, subject in found.items() if subject.is_public}

"""What threads are about: asked of the project."""

from __future__ import annotations

from masthead.core import ports
from masthead.discussion.ports import Subject, SubjectDirectory


def subject_of(thread_key: str) -> Subject | None:
    """Return the subject of one thread, or ``None`` when nobody knows it."""
    return ports.get(SubjectDirectory).describe([thread_key]).get(thread_key)

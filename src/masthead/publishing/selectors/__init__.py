"""What is shown, and to whom: visibility is applied here, so that a view cannot forget it."""

from masthead.publishing.selectors.pages import (
    NavigationEntry,
    is_public,
    link_paths,
    navigation,
    path_of,
    public_path,
    section_id_of,
)
from masthead.publishing.selectors.threads import ThreadSubject, thread_subjects

__all__ = [
    "NavigationEntry",
    "ThreadSubject",
    "is_public",
    "link_paths",
    "navigation",
    "path_of",
    "public_path",
    "section_id_of",
    "thread_subjects",
]

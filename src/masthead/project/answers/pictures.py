"""What follows a sealed story: the sizes of its pictures."""

from __future__ import annotations

from masthead.publishing import services
from masthead.publishing.events import EditionSealed


def make_for_edition(event: EditionSealed, event_id: str) -> None:
    """Make the files readers will ask for first; files that are there stay, so twice is once."""
    services.make_renditions_of(thread_key=event.thread_key)

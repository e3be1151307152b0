"""What funding asks of publishing."""

from __future__ import annotations

from masthead.publishing import selectors as publishing


class PublishedStories:
    """The stories that readers can open."""

    def has(self, key: str) -> bool:
        """Tell whether a published story has this key."""
        story = publishing.article_of_thread(key)
        return story is not None and bool(story.live)

"""What funding asks of publishing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from masthead.publishing import selectors as publishing


class PublishedStories:
    """The stories that readers can open."""

    def has(self, key: str) -> bool:
        """Tell whether a published story has this key."""
        story = publishing.article_of_thread(key)
        return story is not None and bool(story.live)

    def titles(self, keys: Collection[str]) -> Mapping[str, str]:
        """Return the titles of those among these that are published."""
        return {key: story.title for key, story in publishing.thread_subjects(keys).items()} if keys else {}

"""What a comment said before: for moderators."""

from __future__ import annotations

from typing import Any

from masthead.discussion.models import Comment
from masthead.discussion.presenters.comments import written
from masthead.discussion.rules.diff import changes


def history_rows(comment: Comment) -> list[dict[str, Any]]:
    """Return each edit with what it changed, the latest first."""
    revisions = list(comment.revisions.all())
    texts = [*(revision.source for revision in revisions), comment.source]
    rows = [
        {
            "iso": revision.replaced_at.isoformat(timespec="seconds"),
            "written": written(revision.replaced_at),
            "pieces": changes(texts[number], texts[number + 1]),
        }
        for number, revision in enumerate(revisions)
    ]
    return rows[::-1]

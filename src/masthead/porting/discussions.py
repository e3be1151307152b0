"""Writes the comments of one story."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.clock import now
from masthead.discussion.rules.stars import OVERALL
from masthead.discussion.selectors import count_by_key
from masthead.discussion.services import ImportedComment, import_comments
from masthead.publishing.services import note_comment_count

from .memory import Memory, digest
from .models import ImportRecord
from .records import CommentRecord, CommentStatus, ImportSource, StoryRecord

_STATUS = {
    CommentStatus.APPROVED: "published",
    CommentStatus.HELD: "held",
    CommentStatus.SPAM: "spam",
    CommentStatus.TRASH: "removed",
}
_KIND = ImportRecord.Kind.DISCUSSION


def _digest_of(story: StoryRecord) -> str:
    return digest(*(comment.key for comment in story.comments))


class CommentWriter:
    """Writes comments through the discussion's own door."""

    def __init__(self, *, memory: Memory, source: ImportSource) -> None:
        self._memory = memory
        self._source = source

    def key_of(self, story: StoryRecord) -> str:
        """Return the key of a discussion that has no page."""
        return f"import-discussion:{digest(self._memory.source, story.key)[:32]}"

    def new_comments(self, story: StoryRecord) -> int:
        """Return how many comments an earlier import did not bring."""
        if not story.comments:
            return 0
        known = self._memory.find(_KIND, story.key)
        if known is None:
            return len(story.comments)
        if known.fingerprint == _digest_of(story):
            return 0
        return max(0, len(story.comments) - int(known.written or "0"))

    def write(self, story: StoryRecord, thread_key: str) -> int:
        """Bring in what is not there yet and return how many that are. Call in a transaction."""
        if not story.comments or self.new_comments(story) == 0:
            return 0
        tally = import_comments(
            thread_key=thread_key,
            source=self._memory.source,
            comments=[self._imported(story, comment) for comment in story.comments],
        )
        self._memory.keep(_KIND, story.key, thread_key, fingerprint=_digest_of(story), written=str(len(story.comments)))
        note_comment_count(thread_key=thread_key, count=count_by_key([thread_key]).get(thread_key, 0))
        return tally.added

    def _imported(self, story: StoryRecord, comment: CommentRecord) -> ImportedComment:
        return ImportedComment(
            source_id=comment.source_id,
            parent_source_id=comment.parent_id,
            author_name=comment.author_name or _("Anonymous"),
            author_email=comment.author_email,
            body=self._source.comment_html(comment),
            body_format="html",
            created_at=comment.created_at or story.published_at or now(),
            status=_STATUS[comment.status],  # type: ignore[arg-type]
            kind=comment.kind.value,
            stars={OVERALL: comment.stars} if comment.stars else {},
        )

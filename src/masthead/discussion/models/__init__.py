"""Rows of the discussion: threads, comments, votes, questions to readers, and what moderators did."""

from masthead.discussion.models.comment import HAS_DIGEST, Comment, CommentQuerySet, CommentRevision
from masthead.discussion.models.moderation import ModerationAction
from masthead.discussion.models.thread import Note, Thread
from masthead.discussion.models.vote import Vote

__all__ = ["HAS_DIGEST", "Comment", "CommentQuerySet", "CommentRevision", "ModerationAction", "Note", "Thread", "Vote"]

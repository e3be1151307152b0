"""Rows of the discussion: threads, comments, votes, notes, guests, hints, and what moderators did."""

from masthead.discussion.models.attached import CommentPicture, FieldValue
from masthead.discussion.models.comment import (
    HAS_ADDRESS,
    HAS_DIGEST,
    RAISED,
    UNCONFIRMED,
    Comment,
    CommentQuerySet,
    CommentRevision,
)
from masthead.discussion.models.guest import Guest, GuestBrowser, MailLoop
from masthead.discussion.models.hint import Hint, HintReply
from masthead.discussion.models.moderation import ModerationAction
from masthead.discussion.models.outside import KEY_PREFIX, OutsidePage
from masthead.discussion.models.rating import Rating, RatingTotal
from masthead.discussion.models.thread import Note, Thread
from masthead.discussion.models.vote import Vote
from masthead.discussion.models.writing import Deletion, Mention

__all__ = [
    "HAS_ADDRESS",
    "HAS_DIGEST",
    "KEY_PREFIX",
    "RAISED",
    "UNCONFIRMED",
    "Comment",
    "CommentPicture",
    "CommentQuerySet",
    "CommentRevision",
    "Deletion",
    "FieldValue",
    "Guest",
    "GuestBrowser",
    "Hint",
    "HintReply",
    "MailLoop",
    "Mention",
    "ModerationAction",
    "Note",
    "OutsidePage",
    "Rating",
    "RatingTotal",
    "Thread",
    "Vote",
]

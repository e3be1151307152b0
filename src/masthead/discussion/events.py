"""Facts of the discussion: ids and plain values, never a text, a name or an address."""

from __future__ import annotations

from dataclasses import dataclass, field

from masthead.core.events import event


@event("discussion.comment-posted")
@dataclass(frozen=True)
class CommentPosted:
    """A comment became public for the first time: at once, or when a moderator approved it.

    ``mentioned`` are comments of the same thread whose writers it names.
    """

    comment_id: str
    thread_key: str
    parent_id: str = ""
    passage_id: str = ""
    mentioned: list[str] = field(default_factory=list)


@event("discussion.comment-held")
@dataclass(frozen=True)
class CommentHeld:
    """A comment waits for a person: a new one, or (``was_public``) one that an edit took back from public view."""

    comment_id: str
    thread_key: str
    reason: str = ""
    was_public: bool = False


@event("discussion.comment-edited")
@dataclass(frozen=True)
class CommentEdited:
    """A public comment says something else now. ``mentioned`` are those of whom it spoke not before."""

    comment_id: str
    thread_key: str
    mentioned: list[str] = field(default_factory=list)


@event("discussion.comment-removed")
@dataclass(frozen=True)
class CommentRemoved:
    """A comment left public view, or never reaches it. ``by`` is ``writer`` or ``moderator``."""

    comment_id: str
    thread_key: str
    by: str
    reason: str = ""


@event("discussion.comment-restored")
@dataclass(frozen=True)
class CommentRestored:
    """A comment that was public before is public again."""

    comment_id: str
    thread_key: str


@event("discussion.comment-marked")
@dataclass(frozen=True)
class CommentMarked:
    """The newsroom set or cleared a mark: ``sticky`` (stays above), ``closed`` (no more replies) or ``picked``."""

    comment_id: str
    thread_key: str
    mark: str
    is_set: bool


@event("discussion.vote-cast")
@dataclass(frozen=True)
class VoteCast:
    """Somebody voted, changed the vote or withdrew it (``value`` 0). Who did, is nobody's business."""

    comment_id: str
    thread_key: str
    value: int


@event("discussion.comments-imported")
@dataclass(frozen=True)
class CommentsImported:
    """A thread has ``count`` more comments from elsewhere. Nobody is to be told of each."""

    thread_key: str
    source: str
    count: int


@event("discussion.thread-changed")
@dataclass(frozen=True)
class ThreadChanged:
    """A thread reads differently, not by what somebody wrote: its questions to readers or its numbers are others."""

    thread_key: str


@event("discussion.mail-loop-asked")
@dataclass(frozen=True)
class MailLoopAsked:
    """Somebody is to show by a button in a mail that he reads what comes to an address; ``loop_id`` names the row."""

    loop_id: str


@event("discussion.correction-accepted")
@dataclass(frozen=True)
class CorrectionAccepted:
    """The newsroom accepted a correction that a reader suggested: the story is to say so."""

    hint_id: str
    thread_key: str


@event("discussion.hint-answered")
@dataclass(frozen=True)
class HintAnswered:
    """The newsroom wrote to a reader who had told it something; the mail is to be sent."""

    reply_id: int


@event("discussion.outside-page-changed")
@dataclass(frozen=True)
class OutsidePageChanged:
    """A page of another site got a discussion, or its title, its address or what readers may do there is another."""

    thread_key: str

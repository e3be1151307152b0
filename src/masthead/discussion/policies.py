"""May they? Asked by services to refuse, by views to hide buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from masthead.discussion import conf
from masthead.discussion.errors import (
    AnsweredAlready,
    CommentingClosed,
    ConversationClosed,
    DiscussionError,
    EditWindowOver,
    MembersOnly,
    NotAConversation,
    NotAModerator,
    NotYours,
    OwnComment,
    TooLateToUndo,
    UnknownComment,
    UnknownThread,
)
from masthead.discussion.models import Comment
from masthead.discussion.ports import Subject
from masthead.discussion.rules.marks import Mark
from masthead.discussion.rules.people import Person


@dataclass(frozen=True)
class Allowed:
    """Yes."""


@dataclass(frozen=True)
class Denied:
    """No, and why."""

    error: DiscussionError

    @property
    def reason_code(self) -> str:
        """The stable code of the reason."""
        return self.error.code


Decision = Allowed | Denied


def enforce(decision: Decision) -> None:
    """Raise the refusal of a denied decision."""
    if isinstance(decision, Denied):
        raise decision.error


def may_comment(person: Person, subject: Subject | None) -> Decision:
    """Whether this person may write under this subject: the one check of every road that writes."""
    if subject is None or not subject.is_public:
        return Denied(UnknownThread())
    if subject.comments != "open":
        return Denied(CommentingClosed())
    if not person.is_member and conf.config().guests == "members":
        return Denied(MembersOnly())
    return Allowed()


def may_answer(parent: Comment) -> Decision:
    """Whether anybody may write below this comment."""
    return Denied(ConversationClosed()) if parent.is_closed else Allowed()


def may_mark(person: Person, comment: Comment, subject: Subject | None, mark: Mark) -> Decision:
    """Whether this person may set or clear a mark.

    Moderators may set all; who wrote the story may keep a conversation above and close it. Only a root stays above.
    """
    if not person.may_moderate and not (leads(person, subject) and mark != "picked"):
        return Denied(NotAModerator())
    if not comment.is_listed:
        return Denied(UnknownComment())
    if mark == "sticky" and comment.parent_id is not None:
        return Denied(NotAConversation())
    return Allowed()


def leads(person: Person, subject: Subject | None) -> bool:
    """Whether this person moderates, or wrote the story."""
    is_author = subject is not None and person.user_id is not None and person.user_id in subject.author_user_ids
    return person.may_moderate or is_author


def is_newsroom(person: Person, subject: Subject | None) -> bool:
    """Whether what this person writes is the newsroom's word: of staff, or of who wrote the story."""
    return person.is_staff or leads(person, subject)


def may_tell_newsroom(subject: Subject | None) -> Decision:
    """Whether anybody may tell the newsroom something about this subject: as long as it is public."""
    return Allowed() if subject is not None and subject.is_public else Denied(UnknownThread())


def may_vote(person: Person, comment: Comment, subject: Subject | None) -> Decision:
    """Whether this person may vote on this comment: it must be public, its story too, and not be the person's own."""
    if subject is None or not subject.is_public or subject.comments == "off":
        return Denied(UnknownThread())
    if not comment.is_public:
        return Denied(UnknownComment())
    if person.wrote(user_id=comment.user_id, guest=comment.guest):
        return Denied(OwnComment())
    if not person.is_member and conf.config().guests == "members":
        return Denied(MembersOnly())
    return Allowed()


def may_edit(person: Person, comment: Comment, at: datetime) -> Decision:
    """Whether this person may change this comment now."""
    own = may_delete(person, comment)
    if isinstance(own, Denied):
        return own
    if comment.is_closed:
        return Denied(ConversationClosed())
    if at - comment.created_at > conf.edit_window():
        return Denied(EditWindowOver(minutes=conf.config().edit_window_minutes))
    if comment.listed_children and not conf.config().edit_after_replies:
        return Denied(AnsweredAlready())
    return Allowed()


def may_delete(person: Person, comment: Comment) -> Decision:
    """Whether this person may take this comment back: always the own one, unless it has gone already."""
    if not person.wrote(user_id=comment.user_id, guest=comment.guest):
        return Denied(NotYours())
    if comment.status not in {Comment.Status.PUBLISHED, Comment.Status.HELD}:
        return Denied(UnknownComment())
    return Allowed()


def may_undo_deletion(person: Person, comment: Comment) -> Decision:
    """Whether this comment is this person's own and deleted; for how long, its row of deletion knows."""
    if not person.wrote(user_id=comment.user_id, guest=comment.guest):
        return Denied(NotYours())
    return Allowed() if comment.status == Comment.Status.DELETED else Denied(UnknownComment())


def may_take_back(person: Person, comment: Comment, at: datetime) -> Decision:
    """Whether this person may undo the posting of this comment now: within seconds, and before anybody replied."""
    own = may_delete(person, comment)
    if isinstance(own, Denied):
        return own
    if at - comment.created_at > conf.UNDO_TAKEN:
        return Denied(TooLateToUndo())
    return Denied(AnsweredAlready()) if comment.listed_children else Allowed()


def may_moderate(person: Person) -> Decision:
    """Whether this person may decide about the comments of others."""
    return Allowed() if person.may_moderate else Denied(NotAModerator())

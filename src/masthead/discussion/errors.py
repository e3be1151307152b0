"""What the discussion refuses, and what the refused person reads."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError
from masthead.discussion import conf


class DiscussionError(DomainError):
    """Base of this app's refusals. ``field`` names the input it stands beside, if one."""

    field: ClassVar[str] = ""
    status: ClassVar[int] = 422


class UnknownThread(DiscussionError):
    """Nobody knows this subject, or it is not public."""

    code = "discussion.unknown_thread"
    status = 404

    def message(self) -> str:
        """Say so."""
        return _("There is no public story here to comment on.")


class UnknownComment(DiscussionError):
    """The comment does not exist, or this person may not see it."""

    code = "discussion.unknown_comment"
    status = 404

    def message(self) -> str:
        """Say so."""
        return _("This comment is not here, or not here any more.")


class CommentingClosed(DiscussionError):
    """The subject takes no comments (any more)."""

    code = "discussion.commenting_closed"
    status = 403

    def message(self) -> str:
        """Say so."""
        return _("Comments are closed here. Your text was kept in the form so that you can copy it.")


class ConversationClosed(DiscussionError):
    """The newsroom has closed this conversation: no replies, no edits."""

    code = "discussion.conversation_closed"
    status = 403

    def message(self) -> str:
        """Say what is still possible."""
        return _("This conversation is closed. Your text was kept: you can post it as a comment of its own.")


class NotAConversation(DiscussionError):
    """Only a comment that answers the story can stay above the others."""

    code = "discussion.not_a_conversation"
    status = 409

    def message(self) -> str:
        """Say which can."""
        return _("Only a comment that begins a conversation can stay above the others.")


class TooManyMarked(DiscussionError):
    """There are as many of these in the thread as readers can take in; ``params['most']`` is the limit."""

    code = "discussion.too_many_marked"
    status = 409

    def message(self) -> str:
        """Say what to do."""
        return _("There are %(most)s of them in this discussion already. Take the mark from another one first.") % (
            self.params
        )


class MembersOnly(DiscussionError):
    """Guests may not write on this site."""

    code = "discussion.members_only"
    status = 403

    def message(self) -> str:
        """Say what to do."""
        return _("Please sign in to comment. Your text was kept in the form.")


class TextRefused(DiscussionError):
    """The text is empty, too short or too long; ``params`` hold ``least``, ``most`` and ``length``."""

    code = "discussion.text_refused"
    field = "text"

    def message(self) -> str:
        """Say which."""
        if not self.params["length"]:
            return _("Write something first.")
        if self.params["length"] < self.params["least"]:
            return _("This is %(length)s characters long; at least %(least)s are asked for.") % self.params
        return _("This is %(length)s characters long; %(most)s are possible. Please shorten it.") % self.params


def text_refused(text: str) -> TextRefused:
    """Return the refusal of a text whose length does not fit."""
    discussion = conf.config()
    return TextRefused(length=len(text), least=discussion.min_length, most=discussion.max_length)


class NameRefused(DiscussionError):
    """The name is too short or too long; ``params`` hold ``least`` and ``most``."""

    code = "discussion.name_refused"
    field = "name"

    def message(self) -> str:
        """Say what is possible."""
        return _("Write a name of %(least)s to %(most)s characters.") % self.params


class NameReserved(DiscussionError):
    """Somebody of the newsroom is called so."""

    code = "discussion.name_reserved"
    field = "name"

    def message(self) -> str:
        """Say what to do."""
        return _("Somebody of this newsroom writes under that name. Please choose another one, or sign in.")


class AddressRefused(DiscussionError):
    """The mail address is none."""

    code = "discussion.address_refused"
    field = "address"

    def message(self) -> str:
        """Say what one looks like."""
        return _("Write the address as name@example.org, or leave it empty.")


class AddressMissing(DiscussionError):
    """Guests of this site prove an address once, and this one gave none."""

    code = "discussion.address_missing"
    field = "address"

    def message(self) -> str:
        """Say what it is for."""
        return _("Write your mail address: one mail with one button shows that it is yours. It is never shown.")


class LinkNotValid(DiscussionError):
    """The link was cut, changed, too old, or what it spoke of is gone."""

    code = "discussion.link_not_valid"
    status = 404

    def message(self) -> str:
        """Say how to get a new one."""
        return _("This link is incomplete, was used already, or is too old. Ask for a new mail under My discussions.")


class SameTextAgain(DiscussionError):
    """The same words stand there already."""

    code = "discussion.same_text_again"
    status = 409
    field = "text"

    def message(self) -> str:
        """Say kindly that nothing is lost."""
        return _("You have just said exactly this here, and it was kept. There is no need to send it again.")


class ParentGone(DiscussionError):
    """The comment to be answered is not public any more."""

    code = "discussion.parent_gone"
    status = 409

    def message(self) -> str:
        """Say what to do."""
        return _("The comment you answer has gone meanwhile. You can post your text as a comment of its own.")


class UnknownPassage(DiscussionError):
    """The question to readers does not stand in the story any more."""

    code = "discussion.unknown_passage"
    status = 409

    def message(self) -> str:
        """Say what to do."""
        return _("This question has gone from the story. You can post your answer as an ordinary comment.")


class NotYours(DiscussionError):
    """Only the writer may do this."""

    code = "discussion.not_yours"
    status = 403

    def message(self) -> str:
        """Say so."""
        return _("Only the person who wrote this comment can do that, in the browser it was written with.")


class EditWindowOver(DiscussionError):
    """Too late to change the text; ``params['minutes']`` is the window."""

    code = "discussion.edit_window_over"
    status = 403

    def message(self) -> str:
        """Say since when."""
        return (
            _("A comment can be changed for %(minutes)s minutes. You can still delete it or add a reply.") % self.params
        )


class AnsweredAlready(DiscussionError):
    """This site lets nobody change what others have answered."""

    code = "discussion.answered_already"
    status = 403

    def message(self) -> str:
        """Say what is possible."""
        return _("Somebody has replied, so this comment stays as it is. You can add a reply, or delete it.")


class TooLateToUndo(DiscussionError):
    """The seconds in which this could be undone are over."""

    code = "discussion.too_late_to_undo"
    status = 409

    def message(self) -> str:
        """Say so."""
        return _("It is too late to undo this. What you posted can still be deleted.")


class EnoughSaid(DiscussionError):
    """This person has written as many comments under this story as the site allows; ``params['limit']``."""

    code = "discussion.enough_said"
    status = 403

    def message(self) -> str:
        """Say so."""
        return _("You have written %(limit)s comments here, as many as one person may.") % self.params


class OwnComment(DiscussionError):
    """Nobody votes for himself."""

    code = "discussion.own_comment"
    status = 403

    def message(self) -> str:
        """Say so."""
        return _("You cannot vote on your own comment.")


class ReasonMissing(DiscussionError):
    """A removal without a reason cannot be accounted for."""

    code = "discussion.reason_missing"
    field = "reason"

    def message(self) -> str:
        """Say what to do."""
        return _("Choose a reason: it is shown in place of the comment.")


class NotAModerator(DiscussionError):
    """The account may not moderate."""

    code = "discussion.not_a_moderator"
    status = 403

    def message(self) -> str:
        """Say so."""
        return _("You may not moderate comments.")


class WordsNotThere(DiscussionError):
    """The words do not stand in the story, or not in that paragraph."""

    code = "discussion.words_not_there"
    field = "words"

    def message(self) -> str:
        """Say what to do."""
        return _("These words do not stand there. Copy them from the story, from within one paragraph.")


class WordsAmbiguous(DiscussionError):
    """The words stand there more than once; ``params['count']`` says how often."""

    code = "discussion.words_ambiguous"
    field = "words"

    def message(self) -> str:
        """Say what to do."""
        return _("These words stand there %(count)s times. Add a word before or after them.") % self.params


class WordsTooLong(DiscussionError):
    """More was marked than one can speak about; ``params['limit']`` is the utmost."""

    code = "discussion.words_too_long"
    field = "words"

    def message(self) -> str:
        """Say what is possible."""
        return _("Mark fewer words: at most %(limit)s characters.") % self.params


class UnknownHint(DiscussionError):
    """There is no such message from a reader, or not one of that kind."""

    code = "discussion.unknown_hint"
    status = 404

    def message(self) -> str:
        """Say so."""
        return _("This message is not here, or not here any more.")


class CorrectionEmpty(DiscussionError):
    """An accepted correction must say something to readers."""

    code = "discussion.correction_empty"
    field = "published_text"

    def message(self) -> str:
        """Say what to do."""
        return _("Write what readers will see under the story.")


class NoAddress(DiscussionError):
    """The reader gave no address, so nobody can answer."""

    code = "discussion.no_address"
    status = 409

    def message(self) -> str:
        """Say so."""
        return _("This reader gave no address, so no answer can be sent.")


class AnswerEmpty(DiscussionError):
    """An answer to a reader must say something."""

    code = "discussion.answer_empty"
    field = "answer"

    def message(self) -> str:
        """Say what to do."""
        return _("Write something first.")

"""What happens when somebody does something. One use case per file."""

from masthead.discussion.services._attached import Upload
from masthead.discussion.services._mentions import render_text
from masthead.discussion.services.cast_vote import cast_vote, set_vote
from masthead.discussion.services.decide_hint import accept_correction, answer_hint, settle_hint
from masthead.discussion.services.delete_comment import (
    delete_own_comment,
    erase_deleted,
    take_back_comment,
    undo_deletion,
)
from masthead.discussion.services.edit_comment import edit_comment
from masthead.discussion.services.erase_person import erase_person
from masthead.discussion.services.forget_lost_pictures import forget_lost_pictures
from masthead.discussion.services.forget_unconfirmed import forget_unconfirmed
from masthead.discussion.services.import_comments import ImportedComment, ImportTally, import_comments
from masthead.discussion.services.mail_loop import ask_again, ask_to_claim, send_mail_loop
from masthead.discussion.services.mark_comment import is_marked, mark_comment
from masthead.discussion.services.moderate import approve_comment, mark_spam, remove_comment
from masthead.discussion.services.outside_page import change_page, register_page
from masthead.discussion.services.post_comment import post_comment
from masthead.discussion.services.post_note import post_note
from masthead.discussion.services.press_button import Pressed, claim_comments, forget_browsers, prove_address
from masthead.discussion.services.put_notes import Passage, put_notes
from masthead.discussion.services.reanchor import reanchor
from masthead.discussion.services.recount import recount_thread
from masthead.discussion.services.send_answer import send_hint_answer
from masthead.discussion.services.tell_newsroom import suggest_correction, tell_in_confidence

__all__ = [
    "ImportTally",
    "ImportedComment",
    "Passage",
    "Pressed",
    "Upload",
    "accept_correction",
    "answer_hint",
    "approve_comment",
    "ask_again",
    "ask_to_claim",
    "cast_vote",
    "change_page",
    "claim_comments",
    "delete_own_comment",
    "edit_comment",
    "erase_deleted",
    "erase_person",
    "forget_browsers",
    "forget_lost_pictures",
    "forget_unconfirmed",
    "import_comments",
    "is_marked",
    "mark_comment",
    "mark_spam",
    "post_comment",
    "post_note",
    "prove_address",
    "put_notes",
    "reanchor",
    "recount_thread",
    "register_page",
    "remove_comment",
    "render_text",
    "send_hint_answer",
    "send_mail_loop",
    "set_vote",
    "settle_hint",
    "suggest_correction",
    "take_back_comment",
    "tell_in_confidence",
    "undo_deletion",
]

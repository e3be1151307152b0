"""What happens when somebody does something. One use case per file."""

from masthead.discussion.services.cast_vote import cast_vote
from masthead.discussion.services.delete_comment import delete_own_comment
from masthead.discussion.services.edit_comment import edit_comment
from masthead.discussion.services.import_comments import ImportedComment, ImportTally, import_comments
from masthead.discussion.services.moderate import approve_comment, mark_spam, remove_comment
from masthead.discussion.services.post_comment import post_comment
from masthead.discussion.services.put_notes import Passage, put_notes
from masthead.discussion.services.recount import recount_thread

__all__ = [
    "ImportTally",
    "ImportedComment",
    "Passage",
    "approve_comment",
    "cast_vote",
    "delete_own_comment",
    "edit_comment",
    "import_comments",
    "mark_spam",
    "post_comment",
    "put_notes",
    "recount_thread",
    "remove_comment",
]

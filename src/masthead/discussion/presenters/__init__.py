"""How things are shown: values and HTML for the templates."""

from masthead.discussion.presenters.annotations import MEDIA_TYPE, collection, collection_page
from masthead.discussion.presenters.comments import (
    NO_VIEWER,
    Viewer,
    comment_html,
    conversation_html,
    held_text,
    own_address,
    permalink,
    role_of,
    thread_html,
    tombstone,
    written,
)
from masthead.discussion.presenters.fresh import fresh_pieces, offers
from masthead.discussion.presenters.hints import hint_row, hint_tabs
from masthead.discussion.presenters.history import history_rows
from masthead.discussion.presenters.marks import mark_choice, mark_text, reader_texts
from masthead.discussion.presenters.pieces import (
    answer,
    excerpt,
    field_rows,
    held_pieces,
    hold_text,
    next_id,
    own_marks,
    own_rows,
    queue_row,
    vote_marks,
    vote_rows,
    vote_text,
)
from masthead.discussion.presenters.stars import averages_html, label_of, star_rows, text_html
from masthead.discussion.presenters.structured import forum_postings, review_data

__all__ = [
    "MEDIA_TYPE",
    "NO_VIEWER",
    "Viewer",
    "answer",
    "averages_html",
    "collection",
    "collection_page",
    "comment_html",
    "conversation_html",
    "excerpt",
    "field_rows",
    "forum_postings",
    "fresh_pieces",
    "held_pieces",
    "held_text",
    "hint_row",
    "hint_tabs",
    "history_rows",
    "hold_text",
    "label_of",
    "mark_choice",
    "mark_text",
    "next_id",
    "offers",
    "own_address",
    "own_marks",
    "own_rows",
    "permalink",
    "queue_row",
    "reader_texts",
    "review_data",
    "role_of",
    "star_rows",
    "text_html",
    "thread_html",
    "tombstone",
    "vote_marks",
    "vote_rows",
    "vote_text",
    "written",
]

"""What is shown. Visibility is applied here, so that no view can forget it."""

from masthead.discussion.selectors.annotations import AnnotationPage, annotations_of
from masthead.discussion.selectors.attached import answers_of, picture_of
from masthead.discussion.selectors.counts import (
    Drift,
    Tally,
    count_by_key,
    counter_problems,
    drift,
    held_count,
    numbered_pages,
    picks_by_key,
    tallies_of,
)
from masthead.discussion.selectors.fresh import Fresh, fresh
from masthead.discussion.selectors.hints import (
    AcceptedCorrection,
    HintRow,
    accepted_correction,
    hint,
    hints,
    new_hint_count,
)
from masthead.discussion.selectors.mine import belongings, own_count, own_votes
from masthead.discussion.selectors.news import thread_keys
from masthead.discussion.selectors.notes import NoteView, notes_of
from masthead.discussion.selectors.outline import Counts, counts_of, public_ids
from masthead.discussion.selectors.outside import (
    OutsideRow,
    outside_page,
    outside_pages,
    outside_subjects,
    reach,
    shown_outside_page,
)
from masthead.discussion.selectors.own import (
    comment_of,
    own_comments,
    own_in_thread,
    visible_comment,
    visible_root,
    votes_in_thread,
    votes_on,
)
from masthead.discussion.selectors.proofs import at_stake, claimable_count, guest_behind, loop_of, waiting_addresses
from masthead.discussion.selectors.queue import Waiting, any_comment, moderation_queue
from masthead.discussion.selectors.ratings import averages_of, given_stars, proven_average, stars_of
from masthead.discussion.selectors.subjects import subject_of, subjects_of
from masthead.discussion.selectors.thread_page import ThreadPage, opening, roles_of, thread_page
from masthead.discussion.selectors.voters import Voters, voters_of

__all__ = [
    "AcceptedCorrection",
    "AnnotationPage",
    "Counts",
    "Drift",
    "Fresh",
    "HintRow",
    "NoteView",
    "OutsideRow",
    "Tally",
    "ThreadPage",
    "Voters",
    "Waiting",
    "accepted_correction",
    "annotations_of",
    "answers_of",
    "any_comment",
    "at_stake",
    "averages_of",
    "belongings",
    "claimable_count",
    "comment_of",
    "count_by_key",
    "counter_problems",
    "counts_of",
    "drift",
    "fresh",
    "given_stars",
    "guest_behind",
    "held_count",
    "hint",
    "hints",
    "loop_of",
    "moderation_queue",
    "new_hint_count",
    "notes_of",
    "numbered_pages",
    "opening",
    "outside_page",
    "outside_pages",
    "outside_subjects",
    "own_comments",
    "own_count",
    "own_in_thread",
    "own_votes",
    "picks_by_key",
    "picture_of",
    "proven_average",
    "public_ids",
    "reach",
    "roles_of",
    "shown_outside_page",
    "stars_of",
    "subject_of",
    "subjects_of",
    "tallies_of",
    "thread_keys",
    "thread_page",
    "visible_comment",
    "visible_root",
    "voters_of",
    "votes_in_thread",
    "votes_on",
    "waiting_addresses",
]

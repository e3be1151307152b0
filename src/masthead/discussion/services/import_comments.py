"""Bring in a discussion from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from django.db import transaction

from masthead.core import markup
from masthead.core.ids import new_id
from masthead.core.statements import Insert
from masthead.discussion.events import CommentsImported
from masthead.discussion.models import Comment, Note, Rating, Thread, Vote
from masthead.discussion.rules.nesting import Node, parents_first, tally
from masthead.discussion.rules.ranking import standing
from masthead.discussion.rules.stars import LEAST, MOST
from masthead.discussion.services import _books, _ratings
from masthead.discussion.services.recount import recount_thread, recount_totals
from masthead.outbox.services import record

_BATCH = 500
# As many rows as the kept statement takes: writing its text anew for each batch cost more than executing it.
_AT_ONCE = 8
_COMMENTS = Insert(Comment)


@dataclass(frozen=True)
class ImportedComment:
    """One comment as another system had it. ``source_id`` names it there, once per thread.

    ``parent_source_id`` names a comment of the same call or of an earlier one. ``body`` is HTML or Markdown; it is
    cleaned here. ``votes_up`` and ``votes_down`` are kept as votes of unknown people. ``passage_id`` makes it an
    answer to marked words, when the thread has such a note. ``by_newsroom``: staff wrote it, or who wrote the story.
    ``stars`` by field are its rating, if it answers the story; those out of bounds are left out.
    """

    source_id: str
    author_name: str
    body: str
    created_at: datetime
    parent_source_id: str = ""
    author_email: str = ""
    user_id: int | None = None
    body_format: Literal["html", "markdown"] = "html"
    status: Literal["published", "held", "removed", "deleted", "spam"] = "published"
    kind: Literal["comment", "pingback", "trackback"] = "comment"
    votes_up: int = 0
    votes_down: int = 0
    passage_id: str = ""
    by_newsroom: bool = False
    stars: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportTally:
    """What became of a batch. ``orphans`` are source ids whose parent was nowhere: kept at top level."""

    added: int
    unchanged: int
    replies: int
    orphans: tuple[str, ...]
    public_ids: dict[str, str]


def import_comments(*, thread_key: str, source: str, comments: Iterable[ImportedComment]) -> ImportTally:
    """Store comments with their dates, threading and statuses, in one transaction; counters included.

    What an earlier call brought in under the same ``source`` and ``source_id`` stays as it is (``unchanged``).
    Give parents in the same call or before. Sends nothing: one ``CommentsImported`` tells of all that was added. The
    thread is made if missing, whatever the subject says: the old words of a closed story are still words. Naive
    dates are refused by the database layer; nothing else is refused.
    """
    wanted = {item.source_id: item for item in comments}
    with transaction.atomic():
        thread, _created = Thread.objects.get_or_create(key=thread_key)
        _books.lock_thread(thread.pk)
        is_fresh = not Comment.objects.filter(thread=thread).exists()
        known = {} if is_fresh else _known(thread, source, wanted)
        new = {key: item for key, item in wanted.items() if key not in known}
        rows = _insert(thread, source, new, known)
        _insert_votes(new, rows)
        has_stars = _insert_stars(new, rows)
        _books.number_pages(thread.pk)
        if is_fresh:
            recount_totals(thread)
            if has_stars:
                _ratings.recount(thread)
        elif rows:
            recount_thread(thread_key=thread_key)
        if rows:
            record(CommentsImported(thread_key=thread_key, source=source, count=len(rows)))
    return _report(wanted, new, rows, known)


def _known(thread: Thread, source: str, wanted: dict[str, ImportedComment]) -> dict[str, Comment]:
    """Return the comments of earlier calls that are named here, as the comment itself or as a parent."""
    names = list({*wanted, *(item.parent_source_id for item in wanted.values())} - {""})
    known: dict[str, Comment] = {}
    for start in range(0, len(names), _BATCH):
        part = Comment.objects.filter(
            thread=thread, legacy_source=source, legacy_id__in=names[start : start + _BATCH]
        ).only("public_id", "legacy_id", "root", "depth", "sorted_at", "is_closed")
        known.update({comment.legacy_id: comment for comment in part})
    return known


def _insert(
    thread: Thread, source: str, new: dict[str, ImportedComment], known: dict[str, Comment]
) -> dict[str, Comment]:
    """Insert generation by generation, so that each row knows its parent's key."""
    new = _with_kept_parents(new, known)
    numbers = {key: number for number, key in enumerate(new)}
    tallies = tally(
        Node(
            numbers[key],
            numbers.get(item.parent_source_id),
            item.status == "published" and item.kind == "comment",
            item.by_newsroom,
        )
        for key, item in new.items()
    )
    notes = {note.passage_id: note for note in Note.objects.filter(thread=thread)}
    rows: dict[str, Comment] = {}
    for generation in _generations(new):
        made = {}
        for key in generation:
            parent_name = new[key].parent_source_id
            parent = rows.get(parent_name) or known.get(parent_name)
            counted = tallies[numbers[key]]
            row = _row(thread, source, new[key], parent, notes.get(new[key].passage_id))
            row.is_listed, row.listed_children = counted.is_listed, counted.listed_children
            row.reply_total, row.newsroom_total = counted.reply_total, counted.newsroom_total
            row.is_closed = parent is not None and parent.is_closed
            made[key] = row
        for batch in _batched(list(made.values()), _AT_ONCE):
            _COMMENTS.add(batch)
        rows.update(made)
    return rows


def _batched(rows: list[Comment], size: int) -> Iterator[list[Comment]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _generations(new: dict[str, ImportedComment]) -> list[list[str]]:
    """Group by distance from the first ancestor in this call; parents stand before children in ``new``."""
    level: dict[str, int] = {}
    groups: list[list[str]] = []
    for key, item in new.items():
        level[key] = level.get(item.parent_source_id, -1) + 1
        if level[key] == len(groups):
            groups.append([])
        groups[level[key]].append(key)
    return groups


def _with_kept_parents(new: dict[str, ImportedComment], known: dict[str, Comment]) -> dict[str, ImportedComment]:
    """Put parents before children; who answers nobody we know, or himself in a circle, answers the story."""
    order = {key: number for number, key in enumerate(new)}
    numbered = {number: order.get(item.parent_source_id) for number, item in enumerate(new.values())}
    names = list(new)
    kept: dict[str, ImportedComment] = {}
    for number in parents_first(numbered):
        item = new[names[number]]
        if item.parent_source_id not in kept and item.parent_source_id not in known:
            item = replace(item, parent_source_id="")
        kept[names[number]] = item
    return kept


def _row(thread: Thread, source: str, item: ImportedComment, parent: Comment | None, note: Note | None) -> Comment:
    is_html = item.body_format == "html"
    note = note if parent is None else None
    is_published = item.status == "published"
    return Comment(
        public_id=new_id(),
        thread=thread,
        parent=parent,
        root_id=parent.conversation_id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        kind=item.kind,
        author_name=markup.plain_line(item.author_name)[:100],
        author_email=markup.plain_line(item.author_email).lower()[:254],
        user_id=item.user_id,
        source=markup.plain_text(item.body),
        source_format=item.body_format,
        html=markup.clean_comment_html(item.body) if is_html else markup.render_markdown(item.body),
        by_newsroom=item.by_newsroom,
        note=note,
        quote=note.quote if note else "",
        place=note.place if note else "",
        status=item.status,
        hold_reason="import" if item.status == "held" else "",
        created_at=item.created_at,
        sorted_at=max(item.created_at, parent.sorted_at) if parent else item.created_at,
        published_at=item.created_at if is_published else None,
        up=item.votes_up,
        down=item.votes_down,
        score=item.votes_up - item.votes_down,
        best=standing(item.votes_up, item.votes_down),
        legacy_source=source,
        legacy_id=item.source_id,
    )


def _insert_votes(new: dict[str, ImportedComment], rows: dict[str, Comment]) -> None:
    votes = [
        Vote(comment=rows[key], voter=f"import:{value:+d}:{number}", value=value, cast_at=item.created_at)
        for key, item in new.items()
        for value, count in ((1, item.votes_up), (-1, item.votes_down))
        for number in range(count)
    ]
    Vote.objects.bulk_create(votes, batch_size=_BATCH)


def _insert_stars(new: dict[str, ImportedComment], rows: dict[str, Comment]) -> bool:
    """Store ratings of comments on the story itself; which of them count is for the caller to find out."""
    ratings = [
        Rating(
            comment=rows[key],
            thread_id=rows[key].thread_id,
            rater=_ratings.rater_of(rows[key]),
            field=name[:20],
            stars=number,
            rated_at=item.created_at,
        )
        for key, item in new.items()
        if rows[key].parent_id is None and rows[key].note_id is None
        for name, number in item.stars.items()
        if LEAST <= number <= MOST
    ]
    return bool(Rating.objects.bulk_create(ratings, batch_size=_BATCH))


def _report(
    wanted: dict[str, ImportedComment],
    new: dict[str, ImportedComment],
    rows: dict[str, Comment],
    known: dict[str, Comment],
) -> ImportTally:
    orphans = tuple(key for key, item in new.items() if item.parent_source_id and rows[key].parent_id is None)
    stored: Sequence[tuple[str, Comment]] = [*known.items(), *rows.items()]
    return ImportTally(
        added=len(rows),
        unchanged=len(wanted) - len(new),
        replies=sum(1 for row in rows.values() if row.parent_id is not None),
        orphans=orphans,
        public_ids={key: comment.public_id for key, comment in stored if key in wanted},
    )

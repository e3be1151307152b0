"""From rows to what the API says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from masthead.core.http import absolute_url
from masthead.discussion import presenters, selectors
from masthead.discussion.api import schemas
from masthead.discussion.models import Comment
from masthead.discussion.ports import Subject
from masthead.discussion.rules.people import NOBODY, Person, Roles
from masthead.discussion.rules.query import FILTERS, SORTS
from masthead.discussion.rules.stars import Average
from masthead.discussion.selectors import Counts, ThreadPage

Averages = Mapping[str, Average]


def thread(key: str, subject: Subject, counts: Counts, averages: Averages) -> schemas.Thread:
    """Return what is said of a thread."""
    known = [(field, averages.get(field.key, Average(field.key))) for field in subject.asks_stars]
    return schemas.Thread(
        key=key,
        title=subject.title,
        url=absolute_url(subject.path),
        state="open" if subject.comments == "open" else "closed",
        comments=counts.comments,
        inline_comments=counts.inline,
        sorts=list(SORTS),
        filters=list(FILTERS),
        kind=subject.kind,
        ratings=[
            schemas.FieldRating(
                field=field.key,
                label=presenters.label_of(field),
                count=one.count,
                average=one.tenths / 10 if one.count else None,
            )
            for field, one in known
        ],
    )


def page_thread(page: ThreadPage) -> schemas.Thread:
    """Return what is said of the thread of a page."""
    return thread(page.key, page.subject, Counts(page.comment_count, page.inline_count), page.averages)


def comments(
    rows: Iterable[Comment], key: str, subject: Subject, roles: Roles, *, writer: Person = NOBODY
) -> list[schemas.Comment]:
    """Return comments of one thread; a query for names of comments that are not among them, one for stars.

    To their ``writer`` also what is held is shown.
    """
    rows = list(rows)
    stars = selectors.stars_of(rows) if subject.asks_stars else {}
    known = {row.pk: row.public_id for row in rows}
    named = {pk for row in rows for pk in (row.parent_id, row.root_id) if pk}
    known |= selectors.public_ids(named - set(known))
    return [_comment(row, key, subject, roles, known, stars=stars.get(row.pk, {}), writer=writer) for row in rows]


def one(row: Comment, subject: Subject, *, writer: Person = NOBODY) -> schemas.Comment:
    """Return one comment alone, with its thread loaded."""
    return comments([row], row.thread.key, subject, selectors.roles_of([row]), writer=writer)[0]


def _comment(
    row: Comment,
    key: str,
    subject: Subject,
    roles: Roles,
    known: Mapping[int, str],
    *,
    stars: Mapping[str, int],
    writer: Person,
) -> schemas.Comment:
    is_held = writer != NOBODY and row.status == Comment.Status.HELD
    is_shown = row.is_public or is_held
    return schemas.Comment(
        id=row.public_id,
        thread=key,
        parent=known.get(row.parent_id) if row.parent_id else None,
        root=known[row.conversation_id],
        depth=row.depth,
        status="published" if row.is_public else ("held" if is_held else "gone"),
        author=schemas.Author(name=row.author_name, role=presenters.role_of(row, subject, roles)) if is_shown else None,
        html=row.html if is_shown else "",
        quote=row.quote if is_shown else "",
        tombstone=""
        if row.is_public
        else (presenters.held_text(row, writer.origin) if is_held else presenters.tombstone(row)),
        url=absolute_url(presenters.permalink(subject, row.public_id)),
        created_at=row.created_at,
        edited_at=row.edited_at if is_shown else None,
        votes=schemas.Votes(up=row.up, down=row.down, score=row.score) if is_shown else _NO_VOTES,
        stars=dict(stars) if is_shown else {},
        is_sticky=row.is_sticky,
        is_picked=row.is_public and row.picked_at is not None,
        replies=row.reply_total if row.parent_id is None else row.listed_children,
    )


_NO_VOTES = schemas.Votes(up=0, down=0, score=0)

"""Comments of one item: kinds, threading, and bodies as clean HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import tzinfo

from masthead.porting.records import CommentKind, CommentRecord, CommentStatus
from masthead.porting.text import plain_name

from .authors import Authors
from .dates import moment
from .elements import Values
from .ratings import stars_of

_STATUS = {
    "1": CommentStatus.APPROVED,
    "approve": CommentStatus.APPROVED,
    "approved": CommentStatus.APPROVED,
    "spam": CommentStatus.SPAM,
    "trash": CommentStatus.TRASH,
    "post-trashed": CommentStatus.TRASH,
}
# Shop plug-ins file private notes as comments of kinds of their own; nobody but a person may let those out.
_WRITTEN_BY_READERS = frozenset({"", "comment", "review"})
_KIND = {"pingback": CommentKind.PINGBACK, "trackback": CommentKind.TRACKBACK}


def _value(values: Values, name: str) -> str:
    return values.get(name, "").strip()


def _status(values: Values) -> CommentStatus:
    status = _STATUS.get(_value(values, "wp:comment_approved"), CommentStatus.HELD)
    kind = _value(values, "wp:comment_type")
    if status is CommentStatus.APPROVED and kind not in _WRITTEN_BY_READERS and kind not in _KIND:
        return CommentStatus.HELD
    return status


def _unique_ids(raw: Iterable[Values]) -> list[str]:
    """Return the ids in order; a missing or repeated one becomes unique by its place."""
    seen: set[str] = set()
    ids = []
    for place, values in enumerate(raw, start=1):
        source_id = _value(values, "wp:comment_id")
        if not source_id or source_id in seen:
            source_id = f"{source_id}#{place}"
        seen.add(source_id)
        ids.append(source_id)
    return ids


def comment_records(
    raw: list[Values], *, story_key: str, authors: Authors, zone: tzinfo, rated: Collection[str] = ()
) -> tuple[CommentRecord, ...]:
    """Return an item's comments in the order of the file; where a parent is missing, the id is kept as lost.

    An id that another item uses too is no problem: keys begin with the item's own. ``rated`` names what readers rated.
    """
    ids = _unique_ids(raw)
    known = set(ids)
    records = []
    for source_id, values in zip(ids, raw, strict=True):
        parent = _value(values, "wp:comment_parent")
        parent = "" if parent in ("0", source_id) else parent
        user_id = _value(values, "wp:comment_user_id")
        records.append(
            CommentRecord(
                key=f"{story_key}/comment:{source_id}",
                source_id=source_id,
                kind=_KIND.get(_value(values, "wp:comment_type"), CommentKind.COMMENT),
                status=_status(values),
                body_source=values.get("wp:comment_content", "").strip(),
                author_name=plain_name(values.get("wp:comment_author", "")),
                author_email=_value(values, "wp:comment_author_email"),
                author_url=_value(values, "wp:comment_author_url"),
                author_key=authors.of_user(user_id),
                user_id="" if user_id == "0" else user_id,
                created_at=moment(_value(values, "wp:comment_date_gmt"), _value(values, "wp:comment_date"), zone),
                parent_id=parent if parent in known else "",
                lost_parent_id="" if parent in known else parent,
                stars=0 if parent else stars_of(values, rated),
            )
        )
    return tuple(_without_circles(records))


def _without_circles(records: list[CommentRecord]) -> list[CommentRecord]:
    """Lift to top level what answers itself by a detour: a damaged database can say so, a tree cannot."""
    parents = {record.source_id: record.parent_id for record in records}
    rooted: set[str] = set()
    for start in parents:
        path: list[str] = []
        on_path: set[str] = set()
        at = start
        while at and at not in rooted:
            if at in on_path:
                parents[at] = ""
                break
            path.append(at)
            on_path.add(at)
            at = parents[at]
        rooted.update(path)
    return [
        record if parents[record.source_id] == record.parent_id else replace(record, parent_id="") for record in records
    ]

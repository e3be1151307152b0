"""What those who are told of a comment need to know of it. Holds addresses: never for a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from masthead.core.markup import covered, text_of
from masthead.discussion.models import Comment


@dataclass(frozen=True)
class PostedComment:
    """One public comment. Addresses are in lower case; empty where the writer gave none."""

    comment_id: str
    thread_key: str
    author_name: str
    text: str
    author_address: str
    ancestor_addresses: frozenset[str]


def thread_keys(comment_ids: Collection[str]) -> dict[str, str]:
    """Return the key of the thread of each of these comments, public or not; one query."""
    return dict(Comment.objects.filter(public_id__in=comment_ids).values_list("public_id", "thread__key"))


def posted_comments(comment_ids: Collection[str]) -> dict[str, PostedComment]:
    """Return the public ones among these, with the addresses of all who wrote above them.

    One query, and one more for each level of replies.
    """
    rows = Comment.objects.filter(
        public_id__in=comment_ids, status=Comment.Status.PUBLISHED, kind=Comment.Kind.COMMENT
    ).select_related("thread", "user")
    found = list(rows)
    above = _rows_above({row.parent_id for row in found if row.parent_id})
    return {
        row.public_id: PostedComment(
            comment_id=row.public_id,
            thread_key=row.thread.key,
            author_name=row.author_name,
            text=covered(row.source) if row.source_format == Comment.Format.MARKDOWN else text_of(row.html),
            author_address=_address(row.author_email, row.user.email if row.user else None),
            ancestor_addresses=frozenset(_addresses_above(row.parent_id, above)),
        )
        for row in found
    }


Above = Mapping[int, tuple[int | None, str]]


def _rows_above(wanted: set[int]) -> Above:
    """Return parent and address of these comments and of all above them."""
    known: dict[int, tuple[int | None, str]] = {}
    while wanted:
        rows = Comment.objects.filter(pk__in=wanted).order_by()
        for pk, parent, email, user_email in rows.values_list("pk", "parent_id", "author_email", "user__email"):
            known[pk] = (parent, _address(email, user_email))
        wanted = {parent for parent, _ in known.values() if parent and parent not in known}
    return known


def _addresses_above(parent: int | None, above: Above) -> set[str]:
    addresses = set()
    while parent is not None and parent in above:
        parent, address = above[parent]
        addresses.add(address)
    return addresses - {""}


def _address(guests: str, members: str | None) -> str:
    return (members or guests).strip().lower()

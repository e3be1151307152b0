"""All that is one person's, for that person's own page and to take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.core import ports
from masthead.discussion.models import Comment, CommentPicture, Vote
from masthead.discussion.ports import KeptElsewhere
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors.subjects import subjects_of

Rows = list[dict[str, Any]]


def own_votes(person: Person, *, limit: int = 100) -> list[Vote]:
    """Return a person's votes on comments that are public, newest first, with comment and thread."""
    if not person.voter_key:
        return []
    votes = Vote.objects.filter(voter=person.voter_key, comment__status=Comment.Status.PUBLISHED)
    return list(votes.select_related("comment__thread").order_by("-id")[:limit])


def own_count(person: Person) -> int:
    """Return how many comments of a person have words left."""
    return Comment.objects.by(user_id=person.user_id, marks=person.marks).exclude(status=Comment.Status.DELETED).count()


def belongings(person: Person) -> Mapping[str, Rows]:
    """Return everything that is kept of this person, by the name of the file it goes into. No secret is in it.

    Nobody else's words are in it but the name of who was answered or voted on.
    """
    comments = Comment.objects.by(user_id=person.user_id, marks=person.marks).exclude(status=Comment.Status.DELETED)
    found = comments.select_related("thread", "parent", "picture").prefetch_related(
        "revisions", "field_values", "ratings"
    )
    rows = list(found.order_by("id"))
    votes = Vote.objects.filter(voter=person.voter_key).select_related("comment__thread").order_by("id")
    cast = list(votes) if person.voter_key else []
    keys = {comment.thread.key for comment in rows} | {vote.comment.thread.key for vote in cast}
    paths = {key: subject.path for key, subject in subjects_of(keys).items()}
    who = {"name": person.name, "address": person.proven_address, "is_member": person.is_member}
    return {
        "person": [who],
        "comments": [_comment(comment, paths) for comment in rows],
        "votes": [_vote(vote, paths) for vote in cast],
        **ports.get(KeptElsewhere).records(user_id=person.user_id, address=person.proven_address),
    }


def _comment(comment: Comment, paths: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": comment.public_id,
        "thread": comment.thread.key,
        "path": paths.get(comment.thread.key, ""),
        "in_reply_to": comment.parent.public_id if comment.parent else None,
        "written_at": comment.created_at.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "status": comment.status,
        "name": comment.author_name,
        "address": comment.author_email,
        "quote": comment.quote,
        "text": comment.source,
        "format": comment.source_format,
        "up": comment.up,
        "down": comment.down,
        "earlier_texts": [
            {"text": revision.source, "until": revision.replaced_at.isoformat()} for revision in comment.revisions.all()
        ],
        "answers": [
            {"name": one.name, "asked": one.label, "answer": one.value, "at": one.given_at.isoformat()}
            for one in comment.field_values.all()
        ],
        "stars": {one.field: one.stars for one in comment.ratings.all()},
        "picture": _picture(comment),
    }


def _picture(comment: Comment) -> dict[str, Any] | None:
    picture: CommentPicture | None = getattr(comment, "picture", None)
    return {"file": f"{picture.name}.webp", "alt": picture.alt} if picture else None


def _vote(vote: Vote, paths: Mapping[str, str]) -> dict[str, Any]:
    return {
        "comment": vote.comment.public_id,
        "thread": vote.comment.thread.key,
        "path": paths.get(vote.comment.thread.key, ""),
        "value": vote.value,
        "cast_at": vote.cast_at.isoformat(),
    }

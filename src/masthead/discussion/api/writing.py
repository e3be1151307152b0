"""What readers do: the forms' services, so what the forms refuse is refused here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema, Status

from masthead.core.api import ID_PATTERN, Read, Write
from masthead.core.http import private
from masthead.discussion import conf, policies, selectors, services
from masthead.discussion.api import schemas, shapes
from masthead.discussion.api.reading import CommentId, Key
from masthead.discussion.api.routes import router
from masthead.discussion.errors import UnknownThread, text_refused
from masthead.discussion.models import Comment
from masthead.discussion.ports import Subject
from masthead.discussion.rules.voting import Value
from masthead.discussion.views.visitors import introduce, person_of, remember

_READ, _WRITE = Read(), Write()
# Far above what is accepted: the service says what is, in its own words.
_TEXT = 200_000
_VALUES: dict[str, Value] = {"up": 1, "none": 0, "down": -1}
_NAMES: dict[int, Literal["up", "down"]] = {1: "up", -1: "down"}


class NewText(Schema):
    """A text in Markdown."""

    text: str = Field(max_length=_TEXT)


Stars = Annotated[dict[str, int], Field(max_length=20)]
_STARS = "Stars by field, 1 to 5, where readers rate; `overall` is one of them."


class ChangedText(NewText):
    """A comment as it shall read."""

    stars: Stars | None = Field(None, description=f"{_STARS} Left out: as they were; `{{}}`: taken back.")


class NewComment(NewText):
    """A comment, a reply or an answer to a passage."""

    name: str = Field("", max_length=_TEXT, description="For guests; members write under their own.")
    address: str = Field("", max_length=_TEXT, description="Mail address of a guest; never shown.")
    reply_to: str = Field("", pattern=ID_PATTERN[:-1] + r"$|^$", description="Public id of the comment to answer.")
    passage: str = Field("", max_length=64, description="Name of the marked words to answer.")
    stars: Stars = Field(default_factory=dict, description=_STARS)


class Vote(Schema):
    """The vote that shall stand."""

    value: Literal["up", "none", "down"]


@router.post(
    "/threads/{thread_key}/comments",
    response={201: schemas.Comment},
    auth=_WRITE,
    summary="Post a comment",
)
def comment_create(
    request: HttpRequest,
    response: HttpResponse,
    thread_key: Key,
    body: NewComment,
) -> Any:
    """Post; `status` says whether it is public or held."""
    person, browser_id = introduce(request, person_of(request))
    comment = services.post_comment(
        thread_key=thread_key,
        person=person,
        text=body.text,
        name=body.name,
        address=body.address,
        reply_to=body.reply_to,
        passage_id=body.passage,
        stars=body.stars,
    )
    remember(private(response), browser_id)
    shown = shapes.one(comment, _subject(comment), writer=person)
    response["Location"] = f"/api/v1/comments/{comment.public_id}"
    return Status(201, shown)


@router.patch("/comments/{comment_id}", response=schemas.Comment, auth=_WRITE, summary="Edit an own comment")
def comment_edit(
    request: HttpRequest, response: HttpResponse, comment_id: CommentId, body: ChangedText
) -> schemas.Comment:
    """Replace the text, within the edit window; it passes the same gate as a new one."""
    private(response)
    person = person_of(request)
    comment = services.edit_comment(comment_id=comment_id, person=person, text=body.text, stars=body.stars)
    return shapes.one(comment, _subject(comment), writer=person)


@router.delete("/comments/{comment_id}", response={204: None}, auth=_WRITE, summary="Delete an own comment")
def comment_delete(request: HttpRequest, response: HttpResponse, comment_id: CommentId) -> Any:
    """Take a comment back; replies keep their place. Possible at any time."""
    private(response)
    services.delete_own_comment(comment_id=comment_id, person=person_of(request))
    return Status(204, None)


@router.post("/comments/{comment_id}/restore", response=schemas.Comment, auth=_WRITE, summary="Undo a deletion")
def comment_restore(request: HttpRequest, response: HttpResponse, comment_id: CommentId) -> schemas.Comment:
    """Bring back what was deleted some seconds ago."""
    private(response)
    person = person_of(request)
    comment = services.undo_deletion(comment_id=comment_id, person=person)
    return shapes.one(comment, _subject(comment), writer=person)


@router.put("/comments/{comment_id}/vote", response=schemas.Votes, auth=_WRITE, summary="Vote")
def comment_vote(request: HttpRequest, response: HttpResponse, comment_id: CommentId, body: Vote) -> schemas.Votes:
    """Say which vote shall stand; the same again changes nothing."""
    person, browser_id = introduce(request, person_of(request))
    comment = services.set_vote(comment_id=comment_id, person=person, value=_VALUES[body.value])
    remember(private(response), browser_id)
    return schemas.Votes(up=comment.up, down=comment.down, score=comment.score)


@router.post("/threads/{thread_key}/preview", response=schemas.Preview, auth=_WRITE, summary="Preview a text")
def preview(request: HttpRequest, response: HttpResponse, thread_key: Key, body: NewText) -> schemas.Preview:
    """Show how a text will look. Nothing is stored."""
    private(response)
    text = body.text.strip()
    html = services.render_text(thread_key, text[: conf.config().max_length])
    return schemas.Preview(html=html, problem="" if conf.fits(text) else text_refused(text).message())


@router.get("/threads/{thread_key}/mine", response=schemas.OwnInThread, auth=_READ, summary="One's own in a thread")
def mine(request: HttpRequest, response: HttpResponse, thread_key: Key) -> schemas.OwnInThread:
    """Who the site takes the caller for, and that person's comments and votes in a thread."""
    private(response)
    person, subject = person_of(request), selectors.subject_of(thread_key)
    if subject is None or not subject.is_public:
        raise UnknownThread()
    reached = selectors.reach(person, thread_key)
    own = selectors.own_in_thread(reached, thread_key)
    votes = selectors.votes_in_thread(reached, thread_key)
    return schemas.OwnInThread(
        person=schemas.Person(
            name=person.name,
            is_member=person.is_member,
            is_verified=bool(person.proven_address),
            may_moderate=isinstance(policies.may_moderate(person), policies.Allowed),
        ),
        comments=shapes.comments(own, thread_key, subject, selectors.roles_of(own), writer=person),
        votes={vote.comment.public_id: _NAMES[vote.value] for vote in votes},
    )


def _subject(comment: Comment) -> Subject:
    subject = selectors.subject_of(comment.thread.key)
    if subject is None:
        raise UnknownThread()
    return subject

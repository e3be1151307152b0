"""What the API says of threads and comments."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema


class FieldRating(Schema):
    """What readers gave one field on the whole."""

    field: str = Field(description="Its lasting name; `overall` in every thread whose readers rate.")
    label: str
    count: int = Field(description="How many people rated it; each counts once.")
    average: float | None = Field(description="Stars, 1 to 5, to a tenth; null while nobody rated.")


class Thread(Schema):
    """A discussion and what it is about."""

    key: str = Field(description="Opaque name, as `article:12`.")
    title: str = Field(description="What is discussed.")
    url: str
    state: Literal["open", "closed"] = Field(description="Closed threads can be read and voted in.")
    comments: int = Field(description="Public comments, replies included.")
    inline_comments: int = Field(description="Those that answer marked words of the story.")
    sorts: list[str] = Field(description="Orders in which the comments can be asked for.")
    filters: list[str]
    kind: Literal["comments", "questions", "ratings"] = Field(description="What readers are asked for.")
    ratings: list[FieldRating] = Field(description="In the order of the form; empty where readers do not rate.")


class Threads(Schema):
    """Several discussions; those that are unknown or not public are left out."""

    items: list[Thread]


class Author(Schema):
    """Who wrote, as shown. A name is never proof of who somebody is."""

    name: str
    role: str = Field(description="In words, in the language of the site; empty for most.")


class Votes(Schema):
    """The votes on a comment."""

    up: int
    down: int
    score: int


class Comment(Schema):
    """One comment. Of one that is not public any more, only its place is left and a sentence in `tombstone`."""

    id: str
    thread: str
    parent: str | None = Field(description="The comment it answers.")
    root: str = Field(description="The comment that its conversation began with; its own id if that is this one.")
    depth: int = Field(description="0 for what answers the story.")
    status: Literal["published", "held", "gone"]
    author: Author | None
    html: str
    quote: str = Field(description="The words of the story it answers, if any.")
    tombstone: str = Field(description="Why it is not shown; empty when it is.")
    url: str
    created_at: datetime
    edited_at: datetime | None
    votes: Votes
    stars: dict[str, int] = Field(description="What its writer gave, by field; empty for most.")
    is_sticky: bool = Field(description="Whether its conversation stays above in every order.")
    is_picked: bool = Field(description="Whether an editor picked it.")
    replies: int = Field(description="Listed comments of the conversation below a root; direct answers of a reply.")


class CommentPage(Schema):
    """A page of a thread: conversations in the wanted order, each root before its first replies."""

    thread: Thread
    items: list[Comment]
    more_replies: dict[str, int] = Field(description="How many replies of a root are not on this page, by its id.")
    next: str | None = Field(description="Address of the next page; null at the end.")


class Conversation(Schema):
    """One comment among those around it: the root first, then replies in order of time."""

    thread: Thread
    comment: Comment
    items: list[Comment]
    earlier: str | None = Field(description="Address of the replies before these.")
    later: str | None = Field(description="Address of the replies after these.")


class Preview(Schema):
    """How a text will look."""

    html: str
    problem: str = Field(description="What is wrong with the text; empty when it could be posted.")


class Person(Schema):
    """Who calls."""

    name: str
    is_member: bool = Field(description="Whether an account stands behind the person.")
    is_verified: bool = Field(description="Whether an address was proven, by an account or a guest.")
    may_moderate: bool


class OwnInThread(Schema):
    """What is the caller's own in a thread."""

    person: Person
    comments: list[Comment] = Field(description="Newest first, held ones included.")
    votes: dict[str, Literal["up", "down"]] = Field(description="By the id of the comment.")

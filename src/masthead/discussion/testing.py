"""Typed factories and fakes for everybody's tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from masthead.core import markup, ports
from masthead.core.clock import now
from masthead.discussion.models import Comment, Note, Thread, Vote
from masthead.discussion.ports import (
    AuthorBadges,
    Manuscript,
    Manuscripts,
    ReservedNames,
    SpamScorer,
    Subject,
    SubjectDirectory,
    Submission,
    Verdict,
)
from masthead.discussion.rules.anchors import Block
from masthead.discussion.rules.people import Person
from masthead.discussion.services import Passage, put_notes, recount_thread


@dataclass
class FakeSubjectDirectory:
    """Knows the subjects it was told; counts how often it was asked."""

    subjects: dict[str, Subject] = field(default_factory=dict)
    calls: int = 0

    def describe(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Answer from memory."""
        self.calls += 1
        return {key: self.subjects[key] for key in keys if key in self.subjects}

    def put(self, key: str, **changes: Any) -> Subject:
        """Make a subject known: public and open unless told otherwise."""
        values: dict[str, Any] = {"title": "The pumps", "path": f"/{key.replace(':', '-')}/", "is_public": True}
        self.subjects[key] = Subject(**{**values, **changes})
        return self.subjects[key]


@dataclass
class FakeAuthorBadges:
    """Gives the roles it was told."""

    roles: dict[int | str, str] = field(default_factory=dict)

    def badges(self, writers: Collection[int | str]) -> Mapping[int | str, str]:
        """Answer from memory."""
        return {writer: self.roles[writer] for writer in writers if writer in self.roles}


@dataclass
class FakeReservedNames:
    """Reserves the names it was told."""

    names: list[str] = field(default_factory=list)

    def reserved(self) -> Collection[str]:
        """Answer from memory."""
        return self.names


@dataclass
class FakeSpamScorer:
    """Says what it was told to say, or fails as told; remembers what it was shown."""

    verdict: Verdict | Exception = field(default_factory=lambda: Verdict("publish"))
    seen: list[Submission] = field(default_factory=list)

    def score(self, submission: Submission) -> Verdict:
        """Answer as told."""
        self.seen.append(submission)
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict


@dataclass
class FakeManuscripts:
    """Holds the editions it was told, by thread."""

    editions: dict[str, list[Manuscript]] = field(default_factory=dict)

    def current(self, key: str) -> Manuscript | None:
        """Return the last one."""
        return next(reversed(self.editions.get(key, [])), None)

    def since(self, key: str, edition: int) -> list[Manuscript]:
        """Return those after it."""
        return [item for item in self.editions.get(key, []) if item.edition > edition]

    def publish(self, key: str, *paragraphs: str, names: str = "p") -> Manuscript:
        """Add an edition with these paragraphs, named ``p1``, ``p2`` and so on; an empty one only takes its name."""
        known = self.editions.setdefault(key, [])
        blocks = tuple(Block(f"{names}{number}", text) for number, text in enumerate(paragraphs, start=1) if text)
        known.append(Manuscript(len(known) + 1, f"hash-{len(known) + 1}", blocks))
        return known[-1]


@contextmanager
def bound(port: type[Any], implementation: Any) -> Iterator[Any]:
    """Bind a port inside the block; afterwards the former answer is back."""
    try:
        former = ports.get(port)
    except ports.PortNotBound:
        former = None
    ports.bind(port, implementation)
    try:
        yield implementation
    finally:
        if former is not None:
            ports.bind(port, former)


PORTS = (SubjectDirectory, AuthorBadges, ReservedNames, SpamScorer, Manuscripts)


def make_guest(mark: str = "ada", *, network: str = "192.0.2.0/24") -> Person:
    """Return a guest whose browser is known by ``mark``."""
    return Person(guest=f"guest-{mark}", network=network)


def make_member(user: Any, *, may_moderate: bool = False) -> Person:
    """Return the person behind an account."""
    return Person(user_id=user.pk, name=user.name, email=user.email, is_staff=user.is_staff, may_moderate=may_moderate)


def make_thread(key: str = "article:1") -> Thread:
    """Return the thread of this key, made if missing."""
    thread, _created = Thread.objects.get_or_create(key=key)
    return thread


def make_note(thread: Thread, passage_id: str = "p1", **changes: Any) -> Note:
    """Add a question to readers beside those the thread has."""
    others = [
        Passage(note.passage_id, note.quote, note.question, note.starts_open)
        for note in thread.notes.filter(kind=Note.Kind.QUESTION, is_current=True).exclude(passage_id=passage_id)
    ]
    values = {"quote": "the older type of pump", "question": "Have you worked with it?", **changes}
    put_notes(thread_key=thread.key, passages=[*others, Passage(id=passage_id, **values)])
    return thread.notes.get(passage_id=passage_id)


def make_comment(
    thread: Thread | None = None,
    *,
    parent: Comment | None = None,
    text: str = "The minutes say otherwise.",
    name: str = "Henrik Lund",
    user: Any = None,
    guest: str = "",
    created_at: datetime | None = None,
    status: str = Comment.Status.PUBLISHED,
    up: int = 0,
    down: int = 0,
    note: Note | None = None,
    recount: bool = True,
    **fields: Any,
) -> Comment:
    """Store one comment as if it had always been there: no gate, no event, right counters.

    ``recount=False`` leaves the counters to a later ``recount_thread``: for many comments at once.
    """
    thread = thread or (parent.thread if parent else make_thread())
    moment = created_at or now()
    comment = Comment.objects.create(
        thread=thread,
        parent=parent,
        root_id=parent.conversation_id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        author_name=name if user is None else user.name,
        user=user,
        guest=guest,
        source=text,
        html=markup.render_markdown(text),
        status=status,
        created_at=moment,
        sorted_at=max(moment, parent.sorted_at) if parent else moment,
        published_at=moment if status == Comment.Status.PUBLISHED else None,
        note=note,
        quote=note.quote if note else "",
        place=note.place if note else "",
        **fields,
    )
    votes = [Vote(comment=comment, voter=f"made:{number}", value=1) for number in range(up)]
    votes += [Vote(comment=comment, voter=f"made:{-number - 1}", value=-1) for number in range(down)]
    Vote.objects.bulk_create(votes)
    if recount:
        recount_thread(thread_key=thread.key)
        comment.refresh_from_db()
    return comment

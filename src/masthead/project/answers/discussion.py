"""What the discussion asks, and what it and publishing hear of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from masthead.accounts import selectors as accounts
from masthead.core.clock import now
from masthead.discussion import selectors as discussion
from masthead.discussion.events import CorrectionAccepted
from masthead.discussion.ports import Kind, Manuscript, Openness, Subject
from masthead.discussion.rules.anchors import Block
from masthead.discussion.rules.stars import Rated, RatedField
from masthead.discussion.services import Passage, put_notes, reanchor
from masthead.funding import selectors as funding
from masthead.publishing import selectors as publishing
from masthead.publishing import services as publishing_services
from masthead.publishing.events import EditionSealed


class AccountBadges:
    """Staff are called so; the author of the story is known from the subject.

    Who gives money is called Supporter where he wished it: giving is nobody else's business.
    """

    def badges(self, writers: Collection[int | str]) -> Mapping[int | str, str]:
        """Return the roles, in three queries at most: what somebody does in the newsroom comes before what he gives."""
        users = {writer for writer in writers if isinstance(writer, int)}
        newsroom = self._newsroom(users)
        proven = accounts.proven_addresses(users - newsroom.keys()) if users - newsroom.keys() else {}
        guests = [(writer, writer) for writer in writers if isinstance(writer, str)]
        known: list[tuple[int | str, str]] = [*guests, *proven.items()]
        givers = funding.supporters({address for _writer, address in known})
        return newsroom | {writer: _("Supporter") for writer, address in known if address in givers}

    def _newsroom(self, user_ids: Collection[int]) -> dict[int | str, str]:
        """Return who is of the newsroom: a moderator is one who moderates and changes no stories."""
        desks = accounts.desks(user_ids, moderates="discussion.moderate_comment") if user_ids else {}
        return {pk: _("Moderator") if desk.moderates and not desk.edits else _("Editor") for pk, desk in desks.items()}


class NewsroomNames:
    """Names of the newsroom, under which no guest writes."""

    def reserved(self) -> Collection[str]:
        """Return the shown names of staff accounts and of the authors of stories."""
        return [*accounts.staff_names(), *publishing.author_names()]


class PublishedSubjects:
    """A thread is about a public story, about a page of another site, or about nothing that readers may know of."""

    def describe(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return the public stories and the registered pages among these."""
        outside = discussion.outside_subjects(keys)
        return {**outside, **self._stories([key for key in keys if key not in outside])}

    def _stories(self, keys: Collection[str]) -> dict[str, Subject]:
        stories = publishing.thread_subjects(keys) if keys else {}
        return {
            key: Subject(
                title=story.title,
                path=story.path,
                is_public=True,
                comments=_openness(story.comments, closes_at := _closes_at(story.published_at)),
                author_user_ids=story.author_user_ids,
                closes_at=closes_at,
                kind=_KINDS.get(story.discussion_kind, "comments"),
                rated_fields=tuple(RatedField(item["key"], item["name"]) for item in story.rating.get("fields", [])),
                rated=_rated(story.rating),
            )
            for key, story in stories.items()
        }


_KINDS: dict[str, Kind] = {"questions": "questions", "ratings": "ratings"}


def _rated(rating: Mapping[str, Any]) -> Rated | None:
    """Return what the stars are about, where the editor said it."""
    return Rated(rating["type"], rating["name"]) if rating.get("type") and rating.get("name") else None


def _closes_at(published_at: datetime) -> datetime | None:
    """Return when a story stops taking comments by its age."""
    days = settings.MASTHEAD.discussion.close_after_days
    return published_at + timedelta(days=days) if days > 0 else None


def _openness(text: str, closes_at: datetime | None) -> Openness:
    """Return what publishing says, until its time is over; what is unknown here takes no comments."""
    if text == "open":
        return "open" if closes_at is None or now() < closes_at else "closed"
    return "off" if text == "off" else "closed"


class StoryTexts:
    """The text of a thread is its story's, edition by edition."""

    def current(self, key: str) -> Manuscript | None:
        """Return the public edition."""
        found = publishing.manuscript(key)
        return _manuscript(found) if found else None

    def since(self, key: str, edition: int) -> Iterable[Manuscript]:
        """Return the editions after this one."""
        return (_manuscript(found) for found in publishing.manuscripts_since(key, edition))


def _manuscript(found: publishing.Manuscript) -> Manuscript:
    return Manuscript(found.number, found.sha256, tuple(Block(*paragraph) for paragraph in found.paragraphs))


def take_over_questions(event: EditionSealed, event_id: str) -> None:
    """Let the thread of a story have the questions that its text asks, and find again what readers marked in it."""
    passages = [
        Passage(
            id=str(item.get("id", "")),
            quote=str(item.get("quote", "")),
            question=str(item.get("question", "")),
            starts_open=bool(item.get("starts_open")),
        )
        for item in event.passages
        if item.get("id")
    ]
    put_notes(thread_key=event.thread_key, passages=passages)
    reanchor(thread_key=event.thread_key)


def publish_correction(event: CorrectionAccepted, event_id: str) -> None:
    """Let the story say what a reader noticed; told twice, it says so once. The reader is named if he wishes."""
    accepted = discussion.accepted_correction(event.hint_id)
    article = publishing.article_of_thread(event.thread_key)
    if accepted is not None and article is not None:
        publishing_services.put_correction(
            article=article, text=accepted.text, credit=accepted.credit, source=f"hint:{event.hint_id}"
        )


class CommentFact(Protocol):
    """Any fact after which a story may have another number of comments."""

    @property
    def thread_key(self) -> str:
        """Whose number it is."""
        ...


def keep_count_on_cards(told: Sequence[tuple[CommentFact, str]]) -> None:
    """Tell publishing how many comments these stories have now.

    The number is read afresh, so any order is right and one reading does for many facts.
    """
    keys = {event.thread_key for event, _event_id in told}
    counts = discussion.count_by_key(keys)
    for key in keys:
        publishing_services.note_comment_count(thread_key=key, count=counts.get(key, 0))

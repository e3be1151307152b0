"""Reads the demo newsroom like a copy desk: everything that is named must exist, every sum must come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from masthead.project.demo import pictures
from masthead.project.demo.model import Block, Comment, DemoContent, Story, links

BLOCK_KINDS = frozenset({"text", "heading", "picture", "quote", "list", "table", "code", "embed"})


def review(content: DemoContent) -> None:
    """Return when ``content`` is whole; otherwise raise ValueError with one sentence on the first fault found."""
    for desk in _DESKS:
        for fault in desk(content):
            raise ValueError(fault)


def _slugs_are_unique(content: DemoContent) -> Iterator[str]:
    yield from _repeated("section", (section.slug for section in content.sections))
    yield from _repeated("person", (person.slug for person in content.people))
    yield from _repeated("piece", (piece.slug for piece in content.pieces()))
    yield from _repeated("comment", (comment.id for comment in content.comments))


def _stories_name_what_exists(content: DemoContent) -> Iterator[str]:
    people = {person.slug for person in content.people}
    sections = {section.slug for section in content.sections}
    for story in content.stories:
        if story.section not in sections:
            yield f"The story {story.slug} stands in the section {story.section}, which does not exist."
        if not story.authors:
            yield f"The story {story.slug} has no author."
        for author in story.authors:
            if author not in people:
                yield f"The story {story.slug} names the author {author}, who does not exist."
        yield from _story_is_consistent(story)


def _story_is_consistent(story: Story) -> Iterator[str]:
    if story.question is not None and sum(block.html.count(story.question.quote) for block in story.body) != 1:
        yield f"The story {story.slug} asks about words that it does not contain exactly once."
    if story.correction is not None and story.correction.before >= story.before:
        yield f"The story {story.slug} was corrected before it was published."


def _pictures_can_be_drawn(content: DemoContent) -> Iterator[str]:
    known = pictures.names()
    for story in content.stories:
        for picture in story.pictures():
            if picture.name not in known:
                yield f"The story {story.slug} shows the picture {picture.name}, which nobody can draw."
            if not (picture.alt and picture.caption and picture.credit):
                yield f"The picture {picture.name} in {story.slug} lacks its description, caption or credit."
    for person in content.people:
        if person.slug not in known:
            yield f"There is no portrait of {person.name}."


def _bodies_are_well_formed(content: DemoContent) -> Iterator[str]:
    for piece in content.pieces():
        for block in piece.body:
            if block.kind not in BLOCK_KINDS:
                yield f"{piece.slug} holds a block of the unknown kind {block.kind}."
            if block.kind == "table" and any(len(row) != len(block.header) for row in block.rows):
                yield f"A table in {piece.slug} has a row that does not match its header."


def _links_lead_somewhere(content: DemoContent) -> Iterator[str]:
    targets = {("story", story.slug) for story in content.stories} | {("page", page.slug) for page in content.pages}
    texts = [(piece.slug, text) for piece in content.pieces() for block in piece.body for text in _texts(block)]
    texts += [(comment.id, comment.text) for comment in content.comments]
    for place, text in texts:
        for kind, slug in sorted(links(text) - targets):
            yield f"{place} links to the {kind} {slug}, which does not exist."


def _threads_hold_together(content: DemoContent) -> Iterator[str]:
    stories = {story.slug: story for story in content.stories}
    comments = {comment.id: comment for comment in content.comments}
    staff = {person.slug for person in content.people if person.staff}
    for comment in content.comments:
        story = stories.get(comment.story)
        if story is None:
            yield f"The comment {comment.id} stands under the story {comment.story}, which does not exist."
        elif comment.before >= story.before:
            yield f"The comment {comment.id} is older than its story."
        elif comment.answers_question and story.question is None:
            yield f"The comment {comment.id} answers a question that nobody asked."
        if comment.author and comment.author not in staff:
            yield f"The comment {comment.id} is signed by {comment.author}, who is not on the staff."
        if comment.is_deleted == bool(comment.text):
            yield f"The comment {comment.id} must have a text or be deleted, and not both."
        if comment.parent:
            yield from _reply_fits(comment, comments.get(comment.parent))


def _reply_fits(reply: Comment, parent: Comment | None) -> Iterator[str]:
    if parent is None or parent.story != reply.story:
        yield f"The comment {reply.id} answers {reply.parent}, which is not in its thread."
    elif parent.before <= reply.before:
        yield f"The comment {reply.id} is older than {parent.id}, which it answers."


def _accounts_make_sense(content: DemoContent) -> Iterator[str]:
    names = {comment.name for comment in content.comments if not comment.author}
    for member in content.members:
        if member not in names:
            yield f"{member} has an account but says nothing."
    if sum(person.publisher for person in content.people) != 1:
        yield "Exactly one person must be the publisher."


def _gifts_come_to_the_sum(content: DemoContent) -> Iterator[str]:
    raised = sum(gift.amount_minor for gift in content.gifts if not gift.reversed_reason)
    if raised != content.campaign.raised_minor:
        yield f"The gifts come to {raised} instead of {content.campaign.raised_minor} minor units."
    for gift in content.gifts:
        if gift.amount_minor <= 0 or not 0 <= gift.day <= 27:
            yield f"A gift of {gift.amount_minor} on day {gift.day} cannot be entered."


def _repeated(kind: str, slugs: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            yield f"The {kind} {slug} appears twice."
        seen.add(slug)


def _texts(block: Block) -> tuple[str, ...]:
    return (block.html, block.text, *block.items)


_DESKS: tuple[Callable[[DemoContent], Iterator[str]], ...] = (
    _slugs_are_unique,
    _stories_name_what_exists,
    _pictures_can_be_drawn,
    _bodies_are_well_formed,
    _links_lead_somewhere,
    _threads_hold_together,
    _accounts_make_sense,
    _gifts_come_to_the_sum,
)

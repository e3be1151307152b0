"""Puts the demo's sections, people, stories and pages into the page tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from django.utils import timezone

from masthead.core import clock
from masthead.project.demo import pictures
from masthead.project.demo.accounts import Accounts
from masthead.project.demo.model import Block, DemoContent, Person, Story
from masthead.project.demo.model import Picture as Shown
from masthead.publishing import services
from masthead.publishing.selectors import story, story_at
from masthead.publishing.services import PassageDraft

_LINK = re.compile(r"\b(?:story|page):([a-z0-9-]+)")
_FIRST_HOUR, _LAST_HOUR = 6, 20


@dataclass(frozen=True, slots=True)
class Printed:
    """What others need to know of a printed story."""

    thread_key: str
    passage_id: str


class Press:
    """One print run: pictures, sections and authors are made once and used by every story."""

    def __init__(self, content: DemoContent, *, now: datetime, accounts: Accounts) -> None:
        """Set up for ``content`` as it stands at ``now``; nothing is written yet."""
        self._content = content
        self._now = now
        self._accounts = accounts
        self._pictures: dict[str, Any] = {}
        self._paths = {story.slug: f"/{story.section}/{story.slug}/" for story in content.stories}
        self._paths |= {page.slug: f"/{page.slug}/" for page in content.pages}

    def run(self) -> dict[str, Printed]:
        """Write everything and return what was printed by the story's slug."""
        sections = {
            section.slug: services.put_section(title=section.name, slug=section.slug, description=section.description)
            for section in self._content.sections
        }
        for page in self._content.pages:
            services.put_plain_page(
                title=page.title, slug=page.slug, introduction=page.summary, body=self._body(page.body), in_menus=True
            )
        authors = {person.slug: self._author(person) for person in self._content.people}
        return {
            story.slug: self._story(story, sections[story.section], [authors[slug] for slug in story.authors])
            for story in reversed(self._content.stories)
        }

    def linked(self, text: str) -> str:
        """Return ``text`` with ``story:`` and ``page:`` links turned into addresses."""
        return _LINK.sub(lambda found: self._paths[found[1]], text)

    def _author(self, person: Person) -> Any:
        portrait = services.put_picture(
            data=pictures.render(person.slug), name=f"{person.slug}.jpg", title=person.name, alt=person.name
        )
        return services.put_author(
            name=person.name,
            slug=person.slug,
            role=person.role,
            biography=person.biography,
            portrait=portrait,
            user=self._accounts.staff.get(person.slug),
        )

    def _story(self, story: Story, section: Any, authors: list[Any]) -> Printed:
        published_at = office_hours(self._now - story.before, self._now)
        question, correction = story.question, story.correction
        body = self._body(story.body)
        # The edition is sealed when it was published, not when the demo is made.
        with clock.frozen(published_at):
            page = services.put_article(
                section=section,
                title=story.headline,
                slug=story.slug,
                standfirst=story.standfirst,
                kind=story.kind,
                body=body,
                authors=authors,
                tags=story.tags,
                picture=self._picture(story.picture.name),
                picture_alt=story.picture.alt,
                picture_caption=story.picture.caption,
                picture_credit=story.picture.credit,
                published_at=published_at,
                updated_at=self._now - correction.before if correction else None,
                passages=[PassageDraft(words=question.quote, question=question.question)] if question else [],
                by=self._accounts.publisher,
            )
        if correction is not None:
            at = self._now - correction.before
            services.put_correction(article=page, text=correction.text, credit=correction.credit, corrected_at=at)
        return self._printed(self._paths[story.slug])

    def _printed(self, path: str) -> Printed:
        place = story_at(path)
        sealed = story(place.id) if place else None
        if sealed is None:
            raise LookupError(f"Nothing was published at {path}.")
        asked = sealed.edition.passages
        return Printed(thread_key=sealed.thread_key, passage_id=asked[0]["id"] if asked else "")

    def _picture(self, name: str) -> Any:
        if name not in self._pictures:
            self._pictures[name] = services.put_picture(data=pictures.render(name), name=f"{name}.jpg")
        return self._pictures[name]

    def _body(self, blocks: Iterable[Block]) -> list[services.Block]:
        return [(block.kind, self._value(block)) for block in blocks]

    def _value(self, block: Block) -> Any:
        match block.kind:
            case "text":
                value: Any = self.linked(block.html)
            case "quote":
                value = {"text": block.text, "attribution": block.attribution}
            case "list":
                value = {"ordered": block.ordered, "items": [self.linked(item) for item in block.items]}
            case "table":
                rows = [[escape(cell, quote=False) for cell in row] for row in (block.header, *block.rows)]
                value = {"caption": block.caption, "has_header_row": True, "rows": rows}
            case "code":
                value = {"language": block.language, "code": block.text}
            case "embed":
                value = {"url": block.url, "title": block.title}
            case _:
                value = self._shown(block.picture) if block.picture else {"text": block.text}
        return value

    def _shown(self, shown: Shown) -> dict[str, Any]:
        texts = {"alt": shown.alt, "caption": shown.caption, "credit": shown.credit}
        return {"picture": self._picture(shown.name), **texts}


def office_hours(moment: datetime, now: datetime) -> datetime:
    """Return ``moment`` on a whole five minutes; what fell into the night of an earlier day goes back to the evening.

    Only ever earlier, so that no comment comes before its story. The last day is left alone: its stories stay in order.
    """
    local = timezone.localtime(moment)
    local = local.replace(minute=local.minute - local.minute % 5, second=0, microsecond=0)
    if now - moment > timedelta(days=1):
        if local.hour < _FIRST_HOUR:
            local = (local - timedelta(days=1)).replace(hour=_LAST_HOUR)
        elif local.hour > _LAST_HOUR:
            local = local.replace(hour=_LAST_HOUR)
    return local

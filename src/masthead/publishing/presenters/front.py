"""The front page: a lead, the newest beside it, then the sections; no story twice."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.encoding import iri_to_uri

from masthead.publishing import conf, selectors
from masthead.publishing.models import PublishedStory
from masthead.publishing.presenters.cards import Card, Sections, card
from masthead.publishing.selectors import NavigationEntry


@dataclass(frozen=True)
class FrontSection:
    """One section's block."""

    section: NavigationEntry
    address: str
    cards: list[Card]


@dataclass(frozen=True)
class Front:
    """All that the template of the front page shows."""

    lead: Card | None
    side: list[Card]
    sections: list[FrontSection]

    @property
    def cards(self) -> list[Card]:
        """All cards on the page."""
        shown = [item for block in self.sections for item in block.cards]
        return [*([self.lead] if self.lead else []), *self.side, *shown]


def front_page(sections: Sections) -> Front:
    """Compose the front page in four queries, whatever the number of stories."""
    newest = list(selectors.cards()[: conf.FRONT_SIDE_STORIES + 1])
    lead = _lead(newest)
    side = [story for story in newest if lead and story.pk != lead.pk][: conf.FRONT_SIDE_STORIES]
    used = {story.pk for story in [*side, *([lead] if lead else [])]}
    per_section = conf.FRONT_SECTION_STORIES + len(used)
    blocks: dict[int, list[Card]] = {}
    for story in selectors.newest_per_section(list(sections), per_section):
        block = blocks.setdefault(story.section_id, [])
        if story.pk not in used and len(block) < conf.FRONT_SECTION_STORIES:
            block.append(card(story, sections))
    return Front(
        lead=card(lead, sections) if lead else None,
        side=[card(story, sections) for story in side],
        sections=[
            FrontSection(section, str(iri_to_uri(section.path)), blocks[section.id])
            for section in sections.values()
            if blocks.get(section.id)
        ],
    )


def _lead(newest: list[PublishedStory]) -> PublishedStory | None:
    """Return the editor's choice if it is public, else the newest story."""
    chosen = selectors.lead_story_id()
    if chosen is not None:
        known = {story.article_id: story for story in newest}
        found = known.get(chosen) or selectors.cards().filter(article_id=chosen).first()
        if found is not None:
            return found
    return newest[0] if newest else None

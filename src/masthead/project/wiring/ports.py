"""Ports: one line per pair."""

from __future__ import annotations

from masthead.core import ports
from masthead.discussion.ports import (
    AuthorBadges,
    KeptElsewhere,
    Manuscripts,
    NoScorer,
    ReservedNames,
    SpamScorer,
    SubjectDirectory,
)
from masthead.funding.ports import Members as AccountsOfGivers
from masthead.funding.ports import Stories
from masthead.hooks.ports import Carrier, Catalogue, Newsroom
from masthead.notifications.ports import MemberDirectory, RecipientDirectory, TopicDirectory
from masthead.project.answers.discussion import AccountBadges, NewsroomNames, PublishedSubjects, StoryTexts
from masthead.project.answers.funding import PublishedStories
from masthead.project.answers.hooks import Kinds, MoneyDesk, Web
from masthead.project.answers.mine import RestOfTheSite
from masthead.project.answers.notifications import CommentRecipients, Members, ThreadTopics


def connect() -> None:
    """Bind all ports."""
    ports.bind(AuthorBadges, AccountBadges())
    ports.bind(KeptElsewhere, RestOfTheSite())
    ports.bind(ReservedNames, NewsroomNames())
    ports.bind(SpamScorer, NoScorer())
    ports.bind(Manuscripts, StoryTexts())
    ports.bind(SubjectDirectory, PublishedSubjects())
    ports.bind(Stories, PublishedStories())
    ports.bind(AccountsOfGivers, Members())
    ports.bind(TopicDirectory, ThreadTopics())
    ports.bind(RecipientDirectory, CommentRecipients())
    ports.bind(MemberDirectory, Members())
    ports.bind(Carrier, Web())
    ports.bind(Catalogue, Kinds())
    ports.bind(Newsroom, MoneyDesk())

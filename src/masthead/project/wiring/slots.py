"""Slots: one line per pair."""

from __future__ import annotations

from masthead.accounts.presenters import AccountLinkInBar, SignInLinkInBar
from masthead.core import slots
from masthead.discussion.views.conversation import NumberedCanonical
from masthead.discussion.views.fillers import CardCount, CommentCount, CommentSection, MyDiscussions, PassageQuestion
from masthead.funding.views.badge import BadgeChoice, GaveNote
from masthead.funding.views.slots import MeterBar, SupportBlock, SupportLink
from masthead.notifications.presenters import MailsOf, MyMails, NotifyOf
from masthead.publishing.presenters.navigation import FooterLinks, SectionLinks


def connect() -> None:
    """Bind all slots."""
    slots.fill("page.top", MeterBar())
    slots.fill("article.support", SupportBlock())
    slots.fill("article.support_after", SupportLink())
    slots.fill("masthead.account", SignInLinkInBar())
    slots.fill("thread.own", AccountLinkInBar())
    slots.fill("thread.own", GaveNote())
    slots.fill("thread.notify", NotifyOf())
    slots.fill("masthead.sections", SectionLinks())
    slots.fill("footer.links", FooterLinks())
    slots.fill("article.meta", CommentCount())
    slots.fill("article.passage", PassageQuestion())
    slots.fill("article.discussion", CommentSection())
    slots.fill("article.canonical", NumberedCanonical())
    slots.fill("card.meta", CardCount())
    slots.fill("account.profile", MyDiscussions())
    slots.fill("account.profile", MyMails())
    slots.fill("mine.mails", MailsOf())
    slots.fill("mine.gifts", BadgeChoice())
    slots.fill("account.profile", BadgeChoice())

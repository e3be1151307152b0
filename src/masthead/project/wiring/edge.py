"""Which fact makes which kept pages stale: one line per event.

Tags name what a page was made of:

- ``article:<id>`` the story's own page and feeds that carry its text; ``card:<id>`` places that show its card
- ``front``, ``section:<id>``, ``author:<id>``, ``tag:<id>``, ``feed``, ``sitemap`` lists: who comes, leaves or moves
- ``page:<id>`` a plain page; ``link:<id>`` pages with a link that was stored by the id of its target
- ``picture:<id>``, ``document:<id>``, ``media`` files, and pages that describe them
- ``thread:<key>`` a discussion; ``people`` every discussion, for the roles beside its names
- ``campaign:<slug>`` whatever shows a campaign's figures; ``books`` whatever shows those of all campaigns, or of months
- ``wall`` pages that thank givers by name
- ``meter`` what depends on which campaign is the active one: the meter of every page
- ``navigation`` whatever shows the names of sections and plain pages
- ``redirects`` the front page where it was asked for with a query; ``site`` everything
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Site

from masthead.accounts import events as accounts
from masthead.core.events import type_name
from masthead.discussion import events as discussion
from masthead.edge.purging import purge
from masthead.edge.store import EVERYTHING
from masthead.funding import events as funding
from masthead.hooks import events as hooks
from masthead.notifications import events as notifications
from masthead.outbox.tail import Fact, tail
from masthead.project.wiring.wording import hear
from masthead.publishing import events as publishing
from masthead.wording import events as wording


@dataclass(frozen=True)
class Purge:
    """Tags whose pages are stale, and tags whose pages must not be seen again, not even in an outage."""

    stale: frozenset[str] = frozenset()
    forget: frozenset[str] = frozenset()

    def __or__(self, other: Purge) -> Purge:
        return Purge(self.stale | other.stale, self.forget | other.forget)


def stale(*tags: str) -> Purge:
    """Return a purge after which pages with these tags are made anew before they are shown."""
    return Purge(stale=frozenset(tags))


def forget(*tags: str) -> Purge:
    """Return a purge after which pages with these tags are gone."""
    return Purge(forget=frozenset(tags))


def _many(kind: str, ids: Iterable[int]) -> list[str]:
    return [f"{kind}:{pk}" for pk in ids]


def _lists(event: publishing.EditionSealed | publishing.ArticleWithdrawn) -> Purge:
    """Lists that a story came into, left or moved within; the site's own lists follow the sections'."""
    own = [*_many("section", event.sections), *_many("author", event.authors), *_many("tag", event.tags)]
    return stale("sitemap", *own, *(["front", "feed"] if event.sections else []))


def _sealed(event: publishing.EditionSealed) -> Purge:
    return _lists(event) | stale(*(f"{kind}:{event.article_id}" for kind in ("article", "card", "link")))


def _withdrawn(event: publishing.ArticleWithdrawn) -> Purge:
    gone = forget(f"article:{event.article_id}", f"card:{event.article_id}")
    return _lists(event) | gone | stale(f"link:{event.article_id}")


def _page_changed(event: publishing.PageChanged) -> Purge:
    own = [*_many("page", event.page_ids), *_many("section", event.page_ids)]
    around = stale("navigation", "sitemap", *_many("link", event.page_ids))
    return around | (forget(*own) if event.is_gone else stale(*own))


def _author_changed(event: publishing.AuthorChanged) -> Purge:
    stories = [*_many("article", event.article_ids), *_many("card", event.article_ids)]
    return stale("sitemap", f"author:{event.author_id}", *stories)


def _corrected(event: publishing.CorrectionsChanged) -> Purge:
    """The story says so, and dates of its last change stand on cards, in feeds and on the map."""
    return stale(f"article:{event.article_id}", f"card:{event.article_id}", "sitemap")


def _thread(event: Any) -> Purge:
    return stale(f"thread:{event.thread_key}")


def _thread_without_stale_copy(event: Any) -> Purge:
    return forget(f"thread:{event.thread_key}")


def _held(event: discussion.CommentHeld) -> Purge:
    """A new one was never seen; one that an edit took back was."""
    return _thread_without_stale_copy(event) if event.was_public else Purge()


def _figures(event: Any) -> Purge:
    """Money moved: the meter of its campaign is drawn anew, and no other."""
    return stale(f"campaign:{event.campaign}", "books")


def _campaigns(event: Any) -> Purge:
    """Another campaign may be the active one now, or one without a goal has got one."""
    return _figures(event) | stale("meter")


def _books(event: Any) -> Purge:
    return stale("books")


TABLE: list[tuple[type[Any], Callable[[Any], Purge]]] = [
    (publishing.EditionSealed, _sealed),
    (publishing.ArticleWithdrawn, _withdrawn),
    (publishing.PageChanged, _page_changed),
    (publishing.AuthorChanged, _author_changed),
    (publishing.TagChanged, lambda event: stale(f"tag:{event.tag_id}")),
    (publishing.CountsChanged, lambda event: stale(f"card:{event.article_id}")),
    (publishing.CorrectionsChanged, _corrected),
    (publishing.PictureChanged, lambda event: forget(f"picture:{event.picture_id}", "media")),
    (publishing.DocumentChanged, lambda event: forget(f"document:{event.document_id}", "media")),
    (publishing.RedirectsChanged, lambda event: stale("redirects")),
    (publishing.SiteChanged, lambda event: stale(EVERYTHING)),
    (discussion.CommentPosted, _thread),
    (discussion.CommentHeld, _held),
    (discussion.CommentEdited, _thread),
    (discussion.CommentRemoved, _thread_without_stale_copy),
    (discussion.CommentRestored, _thread),
    (discussion.CommentMarked, _thread),
    (discussion.CommentsImported, _thread),
    (discussion.ThreadChanged, _thread),
    (discussion.VoteCast, _thread),
    (discussion.OutsidePageChanged, lambda event: forget(event.thread_key)),
    (accounts.PersonChanged, lambda event: stale("people")),
    (wording.PhraseReworded, lambda event: stale(EVERYTHING)),
    (funding.GiftRecorded, _figures),
    (funding.GiftReversed, _figures),
    (funding.GiftChanged, _figures),
    (funding.GoalChanged, _campaigns),
    (funding.RecurringChanged, _figures),
    (funding.CampaignChanged, _campaigns),
    (funding.MonthClosed, _books),
    (funding.ExpensesChanged, _figures),
    (funding.GiverChanged, lambda event: forget("wall")),
    (funding.NameHidden, lambda event: forget("wall")),
    (funding.SupportersChanged, lambda event: stale("people") if event.shown else forget("people")),
]

ALTER_NO_PAGE: dict[type[Any], str] = {
    discussion.CorrectionAccepted: "the story tells of itself when it has taken the correction over",
    discussion.HintAnswered: "a mail to one reader; pages say nothing of hints",
    funding.ProviderTold: "nothing has been done about it yet",
    funding.PaymentChanged: "pages show gifts, which have events of their own",
    funding.PaymentNeedsAPerson: "staff's screens are not kept",
    funding.BooksDiffer: "staff's screens are not kept",
    funding.ReadingNeedsAPerson: "staff's screens are not kept",
    funding.RecoveryMailAsked: "a mail to one giver; pages say nothing of it",
    funding.DisputeOpened: "money that moves has an event of its own",
    funding.RefundAsked: "nothing has moved yet",
    funding.CareLetterAsked: "a mail changes no page",
    funding.ReceiptAskedAgain: "a mail changes no page",
    funding.StatementAsked: "a mail changes no page",
    funding.ReceiptIssued: "a mail and a paper for one giver; no public page shows receipts",
    funding.PledgeNoted: "a pledge moves no money, and no page counts pledges",
    discussion.MailLoopAsked: "a mail with a button is on its way; what it is about is public only afterwards",
    notifications.DeliveryQueued: "a mail is on its way; pages say nothing of mails",
    hooks.DeliveryQueued: "another program is told; pages say nothing of that",
    hooks.HookStopped: "staff's screens are not kept",
}

_MOVE_ROOTS = (publishing.SiteChanged, publishing.PageChanged)
_BY_TYPE = {type_name(cls): rule for cls, rule in TABLE}


def purge_of(events: Iterable[Any]) -> Purge:
    """Return what these events make stale, together. An event that the table does not know makes everything stale."""
    found = Purge()
    silent = {type_name(cls) for cls in ALTER_NO_PAGE}
    for event in events:
        name = type_name(event)
        if name not in silent:
            found |= _BY_TYPE[name](event) if name in _BY_TYPE else stale(EVERYTHING)
    return found


def purge_for(facts: list[Fact]) -> None:
    """Purge what these facts make stale in this process."""
    wanted = purge_of(fact.event for fact in facts)
    if any(isinstance(fact.event, _MOVE_ROOTS) for fact in facts):
        # Wagtail remembers in each process, for an hour, where sites begin, and forgets only in the one that writes.
        Site.clear_site_root_paths_cache()
    # Before any page is dropped: it is made anew in these words.
    hear(facts)
    if wanted.forget:
        purge(wanted.forget, forget=True)
    if wanted.stale:
        purge(wanted.stale)


def connect() -> None:
    """Let this process's tail purge, before a writer is answered. Safe to call twice."""
    tail.forget_observers()
    tail.observe(purge_for, at_once=True)

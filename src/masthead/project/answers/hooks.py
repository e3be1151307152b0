"""What the house's facts look like outside, and what webhooks need to be given.

A presenter makes data of a fact: public ids, figures in minor units, codes. It returns None for what is no news to
anybody outside, or whose rows are gone. Nobody's name, no address and no id of a giver (rule S6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from masthead.accounts import selectors as accounts
from masthead.core import outgoing, ports
from masthead.core.http import absolute_url
from masthead.discussion import events as discussion
from masthead.discussion.ports import SubjectDirectory
from masthead.funding import events as funding
from masthead.funding.selectors import told
from masthead.hooks import conf
from masthead.hooks.ports import Kind
from masthead.publishing import events as publishing

# A comment that waits for its writer, not for the newsroom.
_UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Told:
    """One fact in its outside form."""

    type: str
    data: Mapping[str, Any]
    is_live: bool = True


def gift_recorded(event: funding.GiftRecorded) -> Told | None:
    """Money arrived."""
    facts = told.gift_facts(event.gift_id)
    if facts is None:
        return None
    data = {
        "id": event.gift_id,
        "campaign": event.campaign,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "received_at": event.received_at,
        "month": event.month[:7],
        "method": facts.method,
        "every": facts.every,
        "recurring": facts.recurring or None,
        "pledge": facts.pledge or None,
    }
    return Told("gift.recorded", data, facts.is_live)


def gift_changed(event: funding.GiftChanged) -> Told | None:
    """Some of it, or all, went back or came again."""
    facts = told.gift_facts(event.gift_id)
    data = {
        "id": event.gift_id,
        "campaign": event.campaign,
        "delta_minor": event.delta_minor,
        "currency": event.currency,
        "month": event.month[:7],
        "why": event.why,
    }
    return Told("gift.changed", data, facts.is_live) if facts else None


def gift_reversed(event: funding.GiftReversed) -> Told | None:
    """It was taken out of the books as a whole."""
    facts = told.gift_facts(event.gift_id)
    data = {
        "id": event.gift_id,
        "campaign": event.campaign,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "month": event.month[:7],
    }
    return Told("gift.reversed", data, facts.is_live) if facts else None


def pledge_noted(event: funding.PledgeNoted) -> Told | None:
    """Somebody means to give."""
    is_live = told.is_pledge_live(event.pledge_id)
    data = {
        "id": event.pledge_id,
        "campaign": event.campaign,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "every": event.every,
    }
    return Told("pledge.noted", data, is_live) if is_live is not None else None


def recurring_changed(event: funding.RecurringChanged) -> Told | None:
    """A repeated gift began, ended or stands otherwise; nothing while its first payment is not confirmed."""
    is_live = told.is_recurring_live(event.recurring_id)
    if is_live is None or event.status == "pending" or (event.was, event.status) == ("pending", "ended"):
        return None
    type_ = {"pending": "recurring.started"}.get(event.was, "recurring.changed")
    data = {
        "id": event.recurring_id,
        "campaign": event.campaign,
        "status": event.status,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "every": event.every,
    }
    return Told("recurring.ended" if event.status == "ended" else type_, data, is_live)


def goal_changed(event: funding.GoalChanged) -> Told:
    """Another sum is asked for; in a rehearsal, that is part of it."""
    data = {
        "campaign": event.campaign,
        "goal_minor": event.goal_minor,
        "currency": event.currency,
        "since": event.since,
    }
    return Told("goal.changed", data, settings.MASTHEAD.funding.mode == "live")


def month_closed(event: funding.MonthClosed) -> Told:
    """A month is sealed; seals cover real money alone."""
    month = event.month[:7]
    url = absolute_url(f"{reverse('funding:working')}{month}/")
    return Told("month.closed", {"month": month, "hash": event.hash, "url": url})


def receipt_issued(event: funding.ReceiptIssued) -> Told | None:
    """A receipt has its number."""
    found = told.gift_of_receipt(event.receipt_id)
    if found is None:
        return None
    gift, is_live = found
    data = {"id": event.receipt_id, "number": event.number, "kind": event.kind, "gift": gift}
    return Told("receipt.issued", data, is_live)


def story_published(event: publishing.EditionSealed) -> Told:
    """A story is public, or another edition of it is."""
    data = {**_story(event), "edition": event.edition_number}
    return Told("story.published" if event.edition_number == 1 else "story.updated", data)


def story_withdrawn(event: publishing.ArticleWithdrawn) -> Told:
    """A story is public no longer."""
    return Told("story.withdrawn", _story(event))


def comment_posted(event: discussion.CommentPosted) -> Told:
    """A comment is public."""
    data = {**_comment(event), "parent": event.parent_id or None}
    return Told("comment.posted", {**data, "url": _comment_url(event.thread_key, event.comment_id)})


def comment_held(event: discussion.CommentHeld) -> Told | None:
    """A comment waits for the newsroom."""
    if event.reason == _UNCONFIRMED:
        return None
    return Told("comment.held", {**_comment(event), "reason": event.reason or None})


def comment_removed(event: discussion.CommentRemoved) -> Told:
    """A comment is public no longer."""
    return Told("comment.removed", {**_comment(event), "by": event.by, "reason": event.reason or None})


def comment_restored(event: discussion.CommentRestored) -> Told:
    """A comment is public again."""
    return Told("comment.restored", {**_comment(event), "url": _comment_url(event.thread_key, event.comment_id)})


def _story(event: publishing.EditionSealed | publishing.ArticleWithdrawn) -> dict[str, Any]:
    url = absolute_url(event.path)
    return {"id": event.article_id, "thread": event.thread_key, "title": event.title, "url": url}


def _comment(event: Any) -> dict[str, Any]:
    return {"id": event.comment_id, "thread": event.thread_key}


def _comment_url(thread: str, comment: str) -> str | None:
    subject = ports.get(SubjectDirectory).describe({thread}).get(thread)
    if subject is None or not subject.is_public:
        return None
    place = f"{subject.path}?comment={comment}#comment-{comment}"
    return place if "://" in subject.path else absolute_url(place)


class Web:
    """The way out: to where the site's settings let messages go, for ten seconds at most."""

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> outgoing.Reply:
        """Send, and return what came back."""
        return outgoing.post(
            address,
            body,
            headers,
            allow_own_network=conf.allow_private(),
            seconds=conf.SECONDS,
            most_bytes=conf.ANSWER_BYTES,
        )


class Kinds:
    """All that is told, in words."""

    def kinds(self) -> Sequence[Kind]:
        """Return the types, money first."""
        return [
            Kind("gift.recorded", _("a gift arrived")),
            Kind("gift.changed", _("money of a gift went back or came again")),
            Kind("gift.reversed", _("a gift was taken out of the books")),
            Kind("pledge.noted", _("somebody means to give")),
            Kind("recurring.started", _("a repeated gift began")),
            Kind("recurring.changed", _("a repeated gift stands otherwise")),
            Kind("recurring.ended", _("a repeated gift ended")),
            Kind("receipt.issued", _("a receipt has its number")),
            Kind("goal.changed", _("a campaign has another goal")),
            Kind("month.closed", _("a month is closed")),
            Kind("story.published", _("a story is public")),
            Kind("story.updated", _("a story has another edition")),
            Kind("story.withdrawn", _("a story is public no longer")),
            Kind("comment.posted", _("a comment is public")),
            Kind("comment.held", _("a comment waits for the newsroom")),
            Kind("comment.removed", _("a comment is public no longer")),
            Kind("comment.restored", _("a comment is public again")),
        ]


class MoneyDesk:
    """Who is told when a webhook stops: who looks after the money, else whoever added it."""

    def address_for(self, user_id: int | None) -> str:
        """Return the newsroom's address for money where the site names one, else the proven one of the account."""
        desk: str = settings.MASTHEAD.funding.newsroom_mail
        if desk or user_id is None:
            return desk
        return accounts.proven_addresses([user_id]).get(user_id, "")

"""Everything that is told outside happens once, to people whose names and addresses are easy to find again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from masthead.accounts.testing import make_user
from masthead.core.clock import frozen
from masthead.core.money import Money
from masthead.discussion import services as discussion
from masthead.discussion.testing import make_guest, make_member
from masthead.funding import services as funding
from masthead.funding.models import Campaign, Donor, Gift, Pledge
from masthead.funding.ports import Every, SubscriptionFacts, SubscriptionStatus
from masthead.funding.services import receipts
from masthead.funding.testing import make_campaign
from masthead.publishing.selectors import thread_of_article
from masthead.publishing.services import put_article
from masthead.publishing.testing import make_article, make_author, make_section
from tests.funding.lives import BEGAN, opened, paid, refunded, usd

NAME, EMAIL, ADDRESS = "Zebulon Quackenbush", "zeb@quackenbush.example", "7 Quackenbush Quay"
PRIVATE = ("zebulon", "quackenbush", "quay", "secret message", "in memory of", "marit", "oyelaran")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
# When November is closed, and all that happened is due.
AFTER = datetime(2026, 12, 20, tzinfo=UTC)


def everything() -> set[str]:
    """Let it all happen; return the ids by which a giver or a transfer could be known again."""
    campaign = make_campaign(slug="harbour")
    pledge = _given(campaign)
    _repeated(campaign)
    funding.set_goal(campaign_id=campaign.pk, goal=usd(750_000))
    with frozen(AFTER):
        funding.close_due_months()
    _talked()
    given = {str(key) for key in Donor.objects.values_list("public_id", flat=True)}
    return given | {pledge.reference}


def _pledged(campaign: Campaign, *, every: str = "once", method: str = "stripe") -> Pledge:
    return funding.note_pledge(
        campaign=campaign,
        amount=usd(2500),
        name=NAME,
        email=EMAIL,
        every=every,
        show_name=True,
        message="A secret message",
        dedication="In memory of Quackenbush",
        method=method,
    )


def _given(campaign: Campaign) -> Pledge:
    with frozen(BEGAN):
        pledge = _pledged(campaign)
        first = paid(opened(pledge.public_id), usd(2500))
        funding.settle_payment(first)
        funding.settle_payment(refunded(first, "re_1", usd(700)))
        gift = Gift.objects.get()
        receipts.issue_receipt(gift=gift)
        cash = funding.record_gift(
            campaign=campaign,
            amount=Money(900, "USD"),
            method="cash",
            received_at=BEGAN,
            donor_name=NAME,
            contact=EMAIL,
            public_name=NAME,
            note=ADDRESS,
        )
        receipts.reissue_receipt(gift=cash, name=NAME, address=ADDRESS, issued_by=3)
        funding.reverse_gift(gift=cash, reason=f"{NAME} asked for it", recorded_by=3)
    return pledge


def _repeated(campaign: Campaign) -> None:
    pledge = _pledged(campaign, every="month")
    facts = SubscriptionFacts(
        provider="stripe",
        external_id="sub_1",
        is_live=True,
        pledge=pledge.public_id,
        status=SubscriptionStatus.PENDING,
        amount=usd(2500),
        every=Every.MONTH,
        started_at=NOON,
        next_at=None,
        ends_at=None,
        ended_at=None,
        resumes_at=None,
        card="Visa 4242",
        read_at=NOON,
    )
    for minute, status in enumerate(("PENDING", "ACTIVE", "PAST_DUE", "ENDED")):
        funding.settle_recurring(replace(facts, status=SubscriptionStatus[status], read_at=NOON.replace(minute=minute)))


def _talked() -> None:
    section = make_section()
    story = make_article("The pumps", section=section, authors=[make_author("Marit Oyelaran")])
    put_article(section=section, title="The pumps, again", body=[("text", "<p>New.</p>")], article=story)
    moderator = make_member(make_user("mo@quackenbush.example", display_name="Mo"), may_moderate=True)
    held = discussion.post_comment(
        person=make_guest(),
        text="Signed, Quackenbush, https://quackenbush.example/ and https://quay.example/",
        thread_key=thread_of_article(story.pk),
        name=NAME,
        address=EMAIL,
    ).public_id
    discussion.approve_comment(comment_id=held, moderator=moderator)
    discussion.remove_comment(comment_id=held, moderator=moderator, reason="off-topic", remark=f"{NAME} again")
    discussion.approve_comment(comment_id=held, moderator=moderator)
    story.refresh_from_db()
    story.unpublish()

"""Enters the demo's gifts into the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from masthead.core import clock
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.rules.months import month_of, received_instant
from masthead.funding.services import put_campaign, record_gift, reverse_gift
from masthead.project.demo.model import DemoContent

SOURCE = "demo"


def keep_books(content: DemoContent, *, now: datetime, recorded_by: int) -> None:
    """Open the campaign at the beginning of the month and record its gifts, none of them later than ``now``."""
    zone = conf.zone()
    campaign = content.campaign
    goal = Money(campaign.goal_minor, campaign.currency)
    first = datetime.combine(month_of(now, zone), datetime.min.time(), tzinfo=zone)
    with clock.frozen(first):
        opened = put_campaign(slug=campaign.slug, goal=goal, wall=True, recorded_by=recorded_by)
    for number, gift in enumerate(content.gifts, start=1):
        day = min(now.astimezone(zone).date(), first.date() + timedelta(days=gift.day))
        received_at = received_instant(day, zone, now)
        with clock.frozen(received_at):
            entered = record_gift(
                campaign=opened,
                amount=Money(gift.amount_minor, campaign.currency),
                method=gift.method,
                received_at=received_at,
                donor_name=gift.name,
                public_name=gift.name,
                source=SOURCE,
                external_id=f"gift-{number}",
                recorded_by=recorded_by,
            )
            if gift.reversed_reason:
                reverse_gift(gift=entered, reason=gift.reversed_reason, recorded_by=recorded_by)

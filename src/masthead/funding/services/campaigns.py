"""Open campaigns and set what they ask for."""

from __future__ import annotations

from django.db import transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.errors import CurrencyDiffers, GoalNegative
from masthead.funding.events import CampaignChanged, GoalChanged
from masthead.funding.models import Campaign, CampaignGoal
from masthead.funding.services.post_journal import ensure_accounts
from masthead.outbox.services import record


def put_campaign(
    *, slug: str, goal: Money, title: str = "", active: bool = True, recorded_by: int | None = None
) -> Campaign:
    """Open the campaign ``slug`` with a monthly goal, or bring an existing one to these values.

    An active campaign takes the place of the one before. Without a title it is named after the month. Refuses a
    goal below zero (``funding.goal_negative``) and another currency than the campaign already counts in
    (``funding.currency_differs``). Records ``CampaignChanged``, and ``GoalChanged`` when the goal is new.
    """
    with transaction.atomic():
        if active:
            Campaign.objects.exclude(slug=slug).filter(is_active=True).update(is_active=False)
        campaign, _created = Campaign.objects.update_or_create(
            slug=slug,
            defaults={"title": title, "is_active": active},
            create_defaults={
                "title": title,
                "is_active": active,
                "currency": goal.currency,
                "created_at": now(),
            },
        )
        record(CampaignChanged(campaign=slug))
        ensure_accounts(campaign)
        set_goal(campaign_id=campaign.pk, goal=goal, recorded_by=recorded_by)
    return campaign


def set_goal(*, campaign_id: int, goal: Money, recorded_by: int | None = None) -> None:
    """Ask for another amount each month from now on; zero hides the meter.

    The change is kept with its time. The same goal again changes nothing. Refuses a goal below zero and another
    currency. Records ``GoalChanged``.
    """
    if goal.amount_minor < 0:
        raise GoalNegative()
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        if goal.currency != campaign.currency:
            raise CurrencyDiffers(expected=campaign.currency, given=goal.currency)
        latest = campaign.goals.order_by("-since", "-id").first()
        if latest is not None and latest.amount_minor == goal.amount_minor:
            return
        since = now()
        CampaignGoal.objects.create(
            campaign=campaign, amount_minor=goal.amount_minor, since=since, recorded_by=recorded_by
        )
        record(
            GoalChanged(
                campaign=campaign.slug,
                goal_minor=goal.amount_minor,
                currency=goal.currency,
                since=since.isoformat(),
            )
        )

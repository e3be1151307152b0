"""Factories for everybody's tests."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db import connection, transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding.models import Campaign, Gift, append_only
from masthead.funding.rules.periods import Terms
from masthead.funding.services import put_campaign, record_gift


def make_campaign(
    *,
    slug: str = "fund",
    goal: Money | None = None,
    title: str = "",
    active: bool = True,
    terms: Terms | None = None,
) -> Campaign:
    """Return a campaign that asks for 5,000 dollars each month unless told otherwise."""
    return put_campaign(slug=slug, goal=goal or Money(500_000, "USD"), title=title, active=active, terms=terms)


def make_gift(
    *,
    campaign: Campaign | None = None,
    amount: Money | None = None,
    received_at: datetime | None = None,
    method: str = "bank_transfer",
    donor_name: str = "Ada Venn",
    contact: str = "ada@example.org",
    public_name: str = "",
    external_id: str = "",
) -> Gift:
    """Return a gift of 25 units of the campaign's currency, received now.

    Without a campaign it goes to the active one, which is made if there is none.
    """
    target = campaign or Campaign.objects.filter(is_active=True).first() or make_campaign()
    return record_gift(
        campaign=target,
        amount=amount or Money.from_major(25, target.currency),
        method=method,
        received_at=received_at or now(),
        donor_name=donor_name,
        contact=contact,
        public_name=public_name,
        external_id=external_id,
    )


def empty_books() -> None:
    """Delete everything of funding from a test's database, whose triggers otherwise refuse it.

    Rows are deleted without asking who refers to them: references are checked when all are gone.
    """
    with transaction.atomic():
        append_only.remove(connection)
        for model in apps.get_app_config("funding").get_models():
            model._default_manager.all()._raw_delete(connection.alias)
        connection.check_constraints()
        append_only.install(connection)

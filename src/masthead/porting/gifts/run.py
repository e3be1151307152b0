"""One import of gifts: the file is judged whole, then each gift is booked in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from masthead.core.clock import now
from masthead.core.errors import DomainError
from masthead.funding.errors import ReceivedInFuture
from masthead.funding.rules.imported import Step, next_step
from masthead.funding.selectors import active_campaign, booked_before, campaign_by_slug
from masthead.funding.services import bring_in_gift
from masthead.porting.errors import ImportRefused
from masthead.porting.gifts.records import GiftRecord, GiftSource, LeftOut
from masthead.porting.gifts.report import GiftReport


class GiftImport:
    """One import of one file, one campaign per currency. Run again it goes on where it stopped and adds nothing."""

    def __init__(self, source: GiftSource, campaigns: Sequence[str] = (), *, is_dry_run: bool = False) -> None:
        self._source = source
        self._campaigns = _chosen(campaigns)
        self.report = GiftReport(
            source=source.name,
            notes=source.notes,
            is_dry_run=is_dry_run,
            campaigns={currency: campaign.slug for currency, campaign in self._campaigns.items()},
        )

    def perform(self) -> GiftReport:
        """Bring in every gift of the file and return the report."""
        for record in list(self._source.records()):  # a file that breaks off is refused before anything is written
            self.report.rows += 1
            if isinstance(record, LeftOut):
                self.report.skipped.append(record)
            else:
                self._bring_in(record)
        return self.report

    def _bring_in(self, record: GiftRecord) -> None:
        campaign = self._campaigns.get(record.given.currency)
        if campaign is None:
            reason = _("No campaign in %(currency)s is named; name one with --campaign.")
            self._skip(record, reason % {"currency": record.given.currency})
            return
        try:
            step = self._step(record, campaign)
        except DomainError as refusal:
            self._skip(record, refusal.message())
            return
        if step in {Step.LEAVE, Step.LATER_KNOWN, Step.OTHER_CAMPAIGN}:
            self._skip(record, _REASONS[step]())
            return
        if step is Step.TAKE_BACK:
            self.report.taken_back += 1
            return
        self.report.added += step is Step.ADD
        self.report.unchanged += step is Step.KEEP
        self.report.lowered += step is Step.LOWER
        self.report.count(record)

    def _step(self, record: GiftRecord, campaign: Any) -> Step:
        source = f"import:{self._source.name}"
        if self.report.is_dry_run:
            if record.received_at > now():
                raise ReceivedInFuture()
            return next_step(record.net, campaign.slug, booked_before(source, record.key))
        return bring_in_gift(
            source=source,
            key=record.key,
            campaign=campaign,
            net=record.net,
            received_at=record.received_at,
            donor_name=record.donor_name,
            contact=record.contact,
            public_name=record.public_name,
            note=record.note,
        )

    def _skip(self, record: GiftRecord, reason: str) -> None:
        self.report.skipped.append(LeftOut("gift", record.key, reason))


_REASONS = {
    Step.LEAVE: lambda: _("It was given back entirely, so nothing is left to count."),
    Step.LATER_KNOWN: lambda: _("The books already know of a later refund; this file is older."),
    Step.OTHER_CAMPAIGN: lambda: _("It is already booked for another campaign."),
}


def _chosen(slugs: Sequence[str]) -> dict[str, Any]:
    """Return the campaigns by currency. Refuses names that do not exist, and two for one currency."""
    if not slugs:
        active = active_campaign()
        if active is None:
            raise ImportRefused(_("No campaign is active. Set a goal in the admin first, or name a campaign."))
        return {active.currency: active}
    chosen: dict[str, Any] = {}
    for slug in slugs:
        campaign = campaign_by_slug(slug)
        if campaign is None:
            raise ImportRefused(_("There is no campaign “%(slug)s”.") % {"slug": slug})
        if chosen.setdefault(campaign.currency, campaign) != campaign:
            raise ImportRefused(_("Name one campaign for each currency, not two for %s.") % campaign.currency)
    return chosen

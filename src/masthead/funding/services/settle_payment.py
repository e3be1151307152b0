"""Bring the books to what a processor says of one payment: the one place where its money is counted.

The page after paying, a notification and the reconciler all end here, in any order and any number of times.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from masthead.core.clock import now
from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.events import (
    DisputeOpened,
    GiftChanged,
    GiftRecorded,
    PaymentChanged,
    PaymentNeedsAPerson,
)
from masthead.funding.models import Gift, Journal, Payment, Pledge
from masthead.funding.rules import bookings as wanted
from masthead.funding.rules.bookings import Booking, Quarantine, Terms
from masthead.funding.rules.facts import DisputeStatus, NotTheSame, PaymentFacts, merged
from masthead.funding.rules.facts_json import from_json, to_json
from masthead.funding.rules.ledger import campaign_account, scoped
from masthead.funding.rules.months import month_of
from masthead.funding.services.donors import donor_of
from masthead.funding.services.post_journal import ensure_accounts, post_journal
from masthead.funding.services.recurring import begun_by, terms_of
from masthead.outbox.services import record

_UNDECIDED = {DisputeStatus.INQUIRY, DisputeStatus.OPEN}


def settle_payment(facts: PaymentFacts) -> Payment | None:
    """Join ``facts`` to what is known of the payment and book what is not booked yet; return the payment.

    Returns None for a payment that this site did not ask for (rule W11). Whatever order, copies or losses the
    readings had: the same facts leave the same books, gifts and events (rules W6 to W9). Facts that contradict what was
    agreed, or each other, are kept as ``problem`` for a person, and nothing is booked for them (rule O4). Records
    ``PaymentChanged``, ``GiftRecorded``, ``GiftChanged``, ``DisputeOpened`` and ``PaymentNeedsAPerson``, each once.
    """
    try:
        return _settle(facts)
    except IntegrityError:
        # Somebody else told of the same payment first, and has committed: join his reading.
        return _settle(facts)


def _settle(facts: PaymentFacts) -> Payment | None:
    with transaction.atomic():
        pledge = Pledge.objects.select_related("campaign").filter(public_id=facts.pledge).first()
        if pledge is None or pledge.is_live != facts.is_live:
            return None
        payment = _row(facts, pledge)
        is_new, before = not payment.facts, (payment.status, payment.problem)
        try:
            known = merged(from_json(payment.facts), facts) if payment.facts else facts
        except NotTheSame:
            payment.problem = "readings_differ"
            known = from_json(payment.facts)
        _project(payment, known, pledge)
        _book(payment, known, pledge)
        payment.save()
        if is_new or payment.status != before[0]:
            record(PaymentChanged(payment_id=payment.public_id, pledge_id=pledge.public_id, status=payment.status))
        if payment.problem and payment.problem != before[1]:
            record(PaymentNeedsAPerson(payment_id=payment.public_id, problem=payment.problem))
    return payment


def _row(facts: PaymentFacts, pledge: Pledge) -> Payment:
    """Return the payment's row, locked until the end of the transaction."""
    key = {"provider": facts.provider, "external_id": facts.external_id}
    moment = now()
    values = {"pledge": pledge, "is_live": facts.is_live, "facts": {}, "first_told_at": moment, "changed_at": moment}
    Payment.objects.get_or_create(**key, defaults=values)
    return Payment.objects.select_for_update().get(**key)


def _project(payment: Payment, known: PaymentFacts, pledge: Pledge) -> None:
    """Let the row say what its facts say."""
    told_before = {row["external_id"] for row in payment.facts.get("disputes", [])}
    if payment.facts:
        payment.changed_at = now()
    if known.subscription and payment.recurring is None:
        payment.recurring = begun_by(pledge, known)
    payment.facts = to_json(known)
    payment.status = known.status.name.lower()
    payment.failure = known.failure[:200]
    payment.has_open_dispute = any(dispute.status in _UNDECIDED for dispute in known.disputes.values())
    for dispute in sorted(known.disputes.keys() - told_before):
        record(DisputeOpened(payment_id=payment.public_id, dispute=dispute))


def _book(payment: Payment, known: PaymentFacts, pledge: Pledge) -> None:
    """Post the journals that the facts ask for and that are not there."""
    if payment.problem == "readings_differ":
        return
    terms = _terms(payment, known, pledge)
    try:
        found = wanted.bookings(known, terms)
    except Quarantine as reason:
        payment.problem = reason.code
        return
    payment.problem = ""
    if found:
        _Books(payment, pledge, terms, source=known.provider).bring_to(found, known)


def _terms(payment: Payment, known: PaymentFacts, pledge: Pledge) -> Terms:
    campaign = pledge.campaign
    gift, cover = pledge.amount, pledge.cover
    if payment.recurring and known.capture:
        gift, cover = terms_of(payment.recurring, known.capture.amount) or (gift, cover)
    return Terms(campaign.slug, campaign.currency, gift, cover)


@dataclass
class _Books:
    payment: Payment
    pledge: Pledge
    terms: Terms
    source: str

    def bring_to(self, found: list[Booking], known: PaymentFacts) -> None:
        """Post what is missing, then let the cover and the gift follow."""
        keys = [booking.external_id for booking in found]
        booked = Journal.objects.filter(source=self._source, external_id__in=keys)
        there = set(booked.values_list("kind", "external_id"))
        gift = self._gift(found[0], (found[0].kind, found[0].external_id) in there)
        for booking in found[1:]:
            if (booking.kind, booking.external_id) not in there:
                self._post(booking, gift)
                self._tell(gift, booking)
        self._move_cover(gift, found)
        is_returned = _left(found) == 0
        if gift.is_returned != is_returned:
            Gift.objects.filter(pk=gift.pk).update(is_returned=is_returned)

    @property
    def _source(self) -> str:
        return self.source if self.payment.is_live else f"rehearsal:{self.source}"

    def _gift(self, booking: Booking, is_there: bool) -> Gift:
        if is_there:
            return Gift.objects.select_related("journal").get(payment=self.payment)
        ensure_accounts(self.pledge.campaign)
        journal = self._post(booking, None)
        donor = donor_of(self.pledge)
        gift = Gift.objects.create(
            campaign=self.pledge.campaign,
            journal=journal,
            pledge=self.pledge,
            payment=self.payment,
            recurring=self.payment.recurring,
            donor=donor,
            method=self.source,
            donor_name=self.pledge.name,
            contact=self.pledge.email,
            public_name=self.pledge.name if self.pledge.show_name else "",
            dedication=self.pledge.dedication,
            story=self.pledge.story,
            is_live=self.payment.is_live,
        )
        counted = self._counted(booking)
        record(
            GiftRecorded(
                gift_id=gift.public_id,
                campaign=self.terms.campaign,
                amount_minor=counted.amount_minor,
                currency=counted.currency,
                received_at=booking.value_at.isoformat(),
                month=journal.month.isoformat(),
            )
        )
        return gift

    def _post(self, booking: Booking, gift: Gift | None) -> Journal:
        """Post a journal on its own date, in the month of the gift (rule M6)."""
        return post_journal(
            kind=Journal.Kind(booking.kind),
            source=self._source,
            external_id=booking.external_id,
            value_at=booking.value_at,
            month=gift.journal.month if gift else month_of(booking.value_at, conf.zone()),
            postings=booking.postings,
            about=gift.journal if gift else None,
        )

    def _tell(self, gift: Gift, booking: Booking) -> None:
        counted = self._counted(booking)
        record(
            GiftChanged(
                gift_id=gift.public_id,
                campaign=self.terms.campaign,
                delta_minor=counted.amount_minor,
                currency=counted.currency,
                month=gift.journal.month.isoformat(),
                why=booking.kind,
            )
        )

    def _move_cover(self, gift: Gift, found: list[Booking]) -> None:
        """Let the cover follow what went back: the difference to what was moved before, under a key of its own."""
        before = Journal.objects.filter(about=gift.journal, kind=Journal.Kind.COVER).order_by("pk")
        campaign = self._campaign_account
        moved = -sum(
            entry.amount_minor
            for journal in before.prefetch_related("entries__account")
            for entry in journal.entries.all()
            if entry.account.code == campaign
        )
        due = wanted.cover_due(found, self.terms, is_live=self.payment.is_live)
        rest = Money(due.amount_minor - moved, due.currency)
        if rest.amount_minor:
            postings = wanted.cover_postings(rest, self.terms.campaign, is_live=self.payment.is_live)
            key = f"{found[0].external_id}:{len(before) + 1}"
            booking = Booking(wanted.COVER, key, now(), tuple(postings))
            self._post(booking, gift)
            self._tell(gift, booking)

    @property
    def _campaign_account(self) -> str:
        return scoped(campaign_account(self.terms.campaign), is_live=self.payment.is_live)

    def _counted(self, booking: Booking) -> Money:
        """Return what a journal adds to the campaign."""
        account = self._campaign_account
        own = [posting.amount for posting in booking.postings if posting.account == account]
        return -sum(own, start=Money.zero(self.terms.counts_in))


def _left(found: list[Booking]) -> int:
    """Return what is left of a gift and its cover after these journals, in minor units."""
    sides = (posting for booking in found for posting in booking.postings)
    return -sum(posting.amount.amount_minor for posting in sides if "income:" in posting.account)

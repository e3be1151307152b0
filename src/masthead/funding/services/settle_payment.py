"""Bring the books to what a processor says of one payment: the one place where its money is counted.

The page after paying, a notification and the reconciler all end here, in any order and any number of times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, Sum

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
from masthead.funding.models import Account, Entry, Gift, Journal, Payment, Pledge
from masthead.funding.rules import bookings as wanted
from masthead.funding.rules.bookings import Booking, Quarantine, Split, Terms, Wanted
from masthead.funding.rules.facts import DisputeStatus, NotTheSame, PaymentFacts, Status, merged
from masthead.funding.rules.facts_json import from_json, to_json
from masthead.funding.rules.ledger import campaign_account, scoped
from masthead.funding.rules.months import month_of
from masthead.funding.rules.states import moved
from masthead.funding.services.donors import donor_of
from masthead.funding.services.paid_twice import PAID_TWICE, show_payments_too_many
from masthead.funding.services.post_journal import ensure_accounts, post_journal
from masthead.funding.services.recurring import begun_by, terms_of
from masthead.outbox.services import record

READINGS_DIFFER = "readings_differ"
_UNDECIDED = {DisputeStatus.INQUIRY, DisputeStatus.OPEN}


def settle_payment(facts: PaymentFacts, *, read_again: Callable[[], PaymentFacts] | None = None) -> Payment | None:
    """Join ``facts`` to what is known of the payment and book what is not booked yet; return the payment.

    Returns None for a payment that this site did not ask for (rule W11). Whatever order, copies or losses the
    readings had: the same facts leave the same books, gifts and events (rules W6 to W9). Facts that contradict what was
    agreed are kept as ``problem`` for a person, and nothing is booked for them (rule O4).

    Facts that contradict each other are read once more with ``read_again``, outside any transaction. What the processor
    then says holds, unless a gift is booked by other facts: then those stand, and a person is asked until a reading
    fits them again. A second payment of a single gift is booked too, since its money is there, and a person is asked to
    send it back. Records ``PaymentChanged``, ``GiftRecorded``, ``GiftChanged``, ``DisputeOpened`` and
    ``PaymentNeedsAPerson``, each once.
    """
    try:
        return _settle(facts, is_last_word=False)
    except NotTheSame:
        return _settle(read_again() if read_again else facts, is_last_word=True)


def _settle(facts: PaymentFacts, *, is_last_word: bool) -> Payment | None:
    with transaction.atomic():
        # The pledge is locked: who tells of the same payment at the same moment waits, and joins what was committed.
        # Of two payments of one gift each sees the other.
        pledge = Pledge.objects.select_for_update().filter(public_id=facts.pledge).first()
        if pledge is None or pledge.is_live != facts.is_live:
            return None
        payment = _row(facts, pledge)
        is_new, before = not payment.facts, (payment.status, payment.problem)
        known, is_contrary = _joined(payment, facts, is_last_word=is_last_word)
        _project(payment, known, pledge)
        problem = _book(payment, known, pledge)
        kept = PAID_TWICE if before[1] == PAID_TWICE else ""
        payment.problem = READINGS_DIFFER if is_contrary else problem or kept
        payment.save()
        if is_new or payment.status != before[0]:
            record(PaymentChanged(payment_id=payment.public_id, pledge_id=pledge.public_id, status=payment.status))
        if payment.problem and payment.problem != before[1]:
            record(PaymentNeedsAPerson(payment_id=payment.public_id, problem=payment.problem))
        if pledge.every == Pledge.Every.ONCE:
            show_payments_too_many(pledge)
            payment.refresh_from_db(fields=["problem"])
    return payment


def _row(facts: PaymentFacts, pledge: Pledge) -> Payment:
    """Return the payment's row, locked until the end of the transaction."""
    key = {"provider": facts.provider, "external_id": facts.external_id}
    moment = now()
    values = {"pledge": pledge, "is_live": facts.is_live, "facts": {}, "first_told_at": moment, "changed_at": moment}
    Payment.objects.get_or_create(**key, defaults=values)
    return Payment.objects.select_for_update().get(**key)


def _joined(payment: Payment, facts: PaymentFacts, *, is_last_word: bool) -> tuple[PaymentFacts, bool]:
    """Return what is known now, and whether the reading contradicts what is booked.

    Raises :class:`NotTheSame` while the processor can still be asked again. What was never booked is not defended
    against its last word: the first reading may have been the wrong one.
    """
    if not payment.facts:
        return facts, False
    known = from_json(payment.facts)
    try:
        return merged(known, facts), False
    except NotTheSame:
        if not is_last_word:
            raise
        if Gift.objects.filter(payment=payment).exists():
            return known, True
        payment.status = Payment.Status.OPEN  # what was never booked begins anew
        return facts, False


def _project(payment: Payment, known: PaymentFacts, pledge: Pledge) -> None:
    """Let the row say what its facts say."""
    told_before = {row["external_id"] for row in payment.facts.get("disputes", [])}
    if payment.facts:
        payment.changed_at = now()
    if known.subscription and payment.recurring is None:
        payment.recurring = begun_by(pledge, known)
    payment.facts = to_json(known)
    payment.status = moved("payment", payment.status, known.stands.name.lower())
    payment.failure = known.failure[:200] if known.stands == Status.FAILED else ""
    payment.has_open_dispute = any(dispute.status in _UNDECIDED for dispute in known.disputes.values())
    for dispute in sorted(known.disputes.keys() - told_before):
        record(DisputeOpened(payment_id=payment.public_id, dispute=dispute))


def _book(payment: Payment, known: PaymentFacts, pledge: Pledge) -> str:
    """Post the journals that the facts ask for and that are not there; return why a person must look, or nothing."""
    gift = Gift.objects.select_related("journal", "campaign").filter(payment=payment).first()
    try:
        split = _split_of(gift) if gift else wanted.agreed(known, _terms(payment, known, pledge))
    except Quarantine as reason:
        return reason.code
    if split is None:
        return ""
    wants = wanted.wanted(known, split)
    _Books(payment, pledge, split, source=known.provider).bring_to(wants, gift)
    return wanted.MORE_BACK_THAN_CAME if wants.is_over else ""


def _split_of(gift: Gift) -> Split:
    """Return how a gift was divided when it was booked, whatever was agreed for later ones."""
    sides: dict[str, Money] = {}
    for entry in gift.journal.entries.select_related("account"):
        sides[entry.account.kind] = Money(-entry.amount_minor, entry.currency)
    given = sides[Account.Kind.INCOME]
    return Split(gift.campaign.slug, given, sides.get(Account.Kind.COVER, Money.zero(given.currency)))


def _terms(payment: Payment, known: PaymentFacts, pledge: Pledge) -> Terms:
    campaign = pledge.campaign
    gift, cover = pledge.amount, pledge.cover
    if payment.recurring and known.capture:
        gift, cover = terms_of(payment.recurring, known.capture) or (gift, cover)
    return Terms(campaign.slug, campaign.currency, gift, cover)


@dataclass
class _Books:
    payment: Payment
    pledge: Pledge
    split: Split
    source: str

    def bring_to(self, wants: Wanted, gift: Gift | None) -> None:
        """Post the journals that are missing, then the difference to what should stand, and let the gift follow."""
        first, *later = wants.journals
        if gift is None:
            gift = self._gift(first)
        keys = [booking.external_id for booking in later]
        booked = Journal.objects.filter(source=self._source, external_id__in=keys)
        there = set(booked.values_list("kind", "external_id"))
        for booking in later:
            if (booking.kind, booking.external_id) not in there:
                self._post(booking, gift)
                self._tell(gift, booking)
        self._divide(gift, wants)
        is_returned = not wants.left.amount_minor
        if gift.is_returned != is_returned:
            Gift.objects.filter(pk=gift.pk).update(is_returned=is_returned)

    @property
    def _source(self) -> str:
        return self.source if self.payment.is_live else f"rehearsal:{self.source}"

    def _gift(self, booking: Booking) -> Gift:
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
        record(
            GiftRecorded(
                gift_id=gift.public_id,
                campaign=self.split.campaign,
                amount_minor=self.split.gift.amount_minor,
                currency=self.split.gift.currency,
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
        """Tell what a journal changes for the campaign, if it changes anything."""
        own = scoped(campaign_account(self.split.campaign), is_live=self.payment.is_live)
        delta = -sum(posting.amount.amount_minor for posting in booking.postings if posting.account == own)
        if delta:
            record(
                GiftChanged(
                    gift_id=gift.public_id,
                    campaign=self.split.campaign,
                    delta_minor=delta,
                    currency=self.split.gift.currency,
                    month=gift.journal.month.isoformat(),
                    why=booking.kind,
                )
            )

    def _divide(self, gift: Gift, wants: Wanted) -> None:
        """Post the difference between what stands and what should, under a key of its own.

        It moves what went back from gift to cover, from both to what disputes cost, and the cent that rounding left.
        """
        about = Journal.objects.filter(Q(pk=gift.journal_id) | Q(about=gift.journal_id), source=self._source)
        rows = Entry.objects.filter(journal__in=about).values_list("account__code", "currency")
        stands = Counter({(code, currency): minor for code, currency, minor in rows.annotate(sum=Sum("amount_minor"))})
        postings = wanted.difference(wants.balances, stands)
        if postings:
            number = about.filter(kind=Journal.Kind.COVER).count() + 1
            booking = Booking(wanted.COVER, f"{wants.journals[0].external_id}:{number}", now(), postings)
            self._post(booking, gift)
            self._tell(gift, booking)

"""Give receipts their numbers. The lock order is always: the gift, then the series."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation

from masthead.core.clock import now
from masthead.core.text import one_line
from masthead.funding import conf
from masthead.funding.events import ReceiptIssued
from masthead.funding.models import Gift, Receipt, ReceiptHolder, ReceiptSeries
from masthead.funding.models.gift import Method
from masthead.funding.receipt_errors import NoReceiptForRehearsal, NothingToReceipt, ReceiptNeedsAName
from masthead.funding.rules.receipts import Standing, as_data, series_name
from masthead.funding.selectors.receipts import last_receipt, standing_of
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.donors import donor_of_gift
from masthead.funding.services.receipts.texts import country_text
from masthead.outbox.services import record


def issue_receipt(*, gift: Gift) -> Receipt | None:
    """Issue the receipt of a gift that is final, once; return it, or the one that is valid already.

    Returns None for what gets none by itself: money of a rehearsal (rule L7), gifts that another system recorded and
    may have receipted, gifts of which nothing is left, and gifts of nobody. Records ``ReceiptIssued``.
    """
    with transaction.atomic():
        locked = _locked(gift)
        known = last_receipt(locked)
        if known is not None:
            return known
        name = _name_of(locked)
        standing = standing_of(locked)
        if not locked.is_live or locked.method == Method.ELSEWHERE or not name or standing.left.amount_minor <= 0:
            return None
        donor_of_gift(locked)
        return _write(locked, standing, kind=Receipt.Kind.RECEIPT, name=name)


def correct_receipt(*, gift: Gift) -> Receipt | None:
    """Issue a correction with a number of its own when money went back, or came again, since the last one (rule R6).

    The receipt itself stays as it is. Returns None when there is no receipt, or it says what is. Records
    ``ReceiptIssued``.
    """
    with transaction.atomic():
        locked = _locked(gift)
        last = last_receipt(locked)
        standing = standing_of(locked)
        if last is None or as_data(standing)["back"] == last.content["back"]:
            return None
        kept = ReceiptHolder.objects.filter(receipt=last).first()
        return _write(
            locked,
            standing,
            kind=Receipt.Kind.CORRECTION,
            name=kept.name if kept else "",
            address=kept.address if kept else "",
            instead_of=last,
            is_named=kept is not None,
        )


def reissue_receipt(
    *,
    gift: Gift,
    name: str,
    address: str = "",
    is_to_mail: bool = False,
    reason: str = "",
    issued_by: int | None = None,
) -> Receipt:
    """Issue a receipt by hand: anew, instead of the one that is valid now, or the first of a gift that got none.

    Who did it and why is kept. The reason stands on no receipt.

    A new one has a number of its own, says that it was reissued and names the one that is no longer valid. Refuses
    money of a rehearsal (``funding.no_receipt_for_rehearsal``), a blank name (``funding.receipt_needs_a_name``) and a
    first receipt of a gift of which nothing is left (``funding.nothing_to_receipt``). Records ``ReceiptIssued``.
    """
    if not name.strip():
        raise ReceiptNeedsAName()
    with transaction.atomic():
        locked = _locked(gift)
        if not locked.is_live:
            raise NoReceiptForRehearsal()
        last, standing = last_receipt(locked), standing_of(locked)
        if last is None and standing.left.amount_minor <= 0:
            raise NothingToReceipt()
        donor_of_gift(locked)
        receipt = _write(
            locked,
            standing,
            kind=Receipt.Kind.REISSUE if last else Receipt.Kind.RECEIPT,
            name=name,
            address=address,
            instead_of=last,
            is_to_mail=is_to_mail,
            issued_by=issued_by,
        )
        note_act(Act.RECEIPT_REISSUED, by=issued_by, subject=str(receipt), amount=standing.left, detail=reason.strip())
        return receipt


def _write(
    gift: Gift,
    standing: Standing,
    *,
    kind: Receipt.Kind,
    name: str,
    address: str = "",
    instead_of: Receipt | None = None,
    is_named: bool = True,
    is_to_mail: bool = True,
    issued_by: int | None = None,
) -> Receipt:
    moment, issuer = now(), conf.issuer()
    language = (gift.pledge.language if gift.pledge else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        words = country_text(issuer, standing)
    series = series_name(issuer.series, moment.astimezone(conf.zone()).year)
    receipt = Receipt.objects.create(
        series=series,
        number=_next_number(series),
        kind=kind,
        gift=gift,
        instead_of=instead_of,
        content={
            **as_data(standing),
            "issuer": {"name": issuer.name, "address": issuer.address, "tax_id": issuer.tax_id},
            "country": issuer.country,
            "words": words,
            "site": conf.site_name(),
            "zone": str(conf.zone()),
        },
        language=language,
        issued_at=moment,
        issued_by=issued_by,
    )
    if is_named:
        lines = "\n".join(one_line(line) for line in address.strip().splitlines()[:6])
        ReceiptHolder.objects.create(receipt=receipt, name=one_line(name, limit=120), address=lines[:300])
    record(ReceiptIssued(receipt_id=receipt.public_id, number=str(receipt), kind=kind, is_to_mail=is_to_mail))
    return receipt


def _next_number(series: str) -> int:
    """Return the number after the last of a series, which is held until the transaction ends (rule S5).

    It follows from the receipts themselves, which nobody can delete: a transaction that is rolled back takes none.
    """
    ReceiptSeries.objects.get_or_create(name=series)
    ReceiptSeries.objects.select_for_update().get(name=series)
    return int(Receipt.objects.filter(series=series).aggregate(last=Max("number"))["last"] or 0) + 1


def _locked(gift: Gift) -> Gift:
    """Return the gift with what its standing is made of, its row locked: two cannot write receipts of it at once."""
    related = ("campaign", "journal", "journal__reversal", "pledge", "payment", "recurring")
    return Gift.objects.select_for_update(of=("self",)).select_related(*related).get(pk=gift.pk)


def _name_of(gift: Gift) -> str:
    return gift.donor_name.strip() or (gift.donor.name.strip() if gift.donor else "")

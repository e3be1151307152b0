"""A giver's name and data: shown, hidden or gone, as he says."""

from __future__ import annotations

import re
import secrets

from django.db import transaction
from django.db.models import F, Q, QuerySet

from masthead.funding.care_errors import GiftStillRuns
from masthead.funding.events import GiverChanged
from masthead.funding.models import (
    BankLine,
    Checkout,
    Donor,
    Gift,
    Payment,
    Pledge,
    ProviderEvent,
    ReceiptHolder,
    Recurring,
)
from masthead.funding.rules.states import moved
from masthead.funding.selectors.care import running_gifts
from masthead.funding.services.supporters import take_badge
from masthead.outbox.services import record

_CUSTOMER = re.compile(r'"(?:customer|payer_id)":\s*"([\w-]{6,})"')


def show_name(*, donor: Donor, shown: bool) -> None:
    """Thank a giver in public by the name he gave with each gift, or by none. Records ``GiverChanged``."""
    with transaction.atomic():
        _pledges(donor).exclude(name="").update(show_name=shown)
        gifts = Gift.objects.filter(donor__in=_rows(donor), payment__isnull=False)
        if shown:
            gifts.exclude(donor_name="").update(public_name=F("donor_name"))
        else:
            gifts.update(public_name="")
        record(GiverChanged(donor_id=donor.public_id, what="name_shown" if shown else "name_hidden"))


def forget_giver(*, donor: Donor) -> None:
    """Let name, address, message and dedication go from everything of a giver; the books keep sums and dates.

    Receipts keep their numbers and figures, and name nobody any more. His links are void from now on. Refuses while a
    repeated gift runs (``funding.gift_still_runs``): its next payment would come from nobody. Records ``GiverChanged``,
    which tells that it was done and not of whom.
    """
    if running_gifts(donor).exists():
        raise GiftStillRuns()
    with transaction.atomic():
        pledges = list(_pledges(donor).values_list("pk", flat=True))
        _forget_what_was_sent(pledges, _addresses(donor))
        nothing = {"dedication": ""}
        Pledge.objects.filter(pk__in=pledges).update(name="", email="", message="", show_name=False, **nothing)
        gifts = Gift.objects.filter(_his(donor, "contact") | Q(pledge__in=pledges))
        gifts.update(donor_name="", contact="", public_name="", note="", **nothing)
        ReceiptHolder.objects.filter(receipt__gift__in=gifts).delete()
        Recurring.objects.filter(pledge__in=pledges).update(card="")
        _forget_at_the_bank(pledges, donor)
        for row in _rows(donor):
            take_badge(row, for_good=True)
            Donor.objects.filter(pk=row.pk).update(name="", email="", note="", care_key=secrets.token_hex(16))
        record(GiverChanged(donor_id=donor.public_id, what="forgotten"))


def _forget_at_the_bank(pledges: list[int], donor: Donor) -> None:
    """Empty who paid in all lines of bank statements about a giver's gifts, and in others from the same accounts.

    Sum, days and fingerprint stay: they say that the line was booked, and that it is not booked again.
    """
    own = BankLine.objects.filter(Q(pledge__in=pledges) | Q(gift__pledge__in=pledges) | Q(gift__donor__in=_rows(donor)))
    accounts = set(own.exclude(payer_iban="").values_list("payer_iban", flat=True))
    found = set(own.values_list("pk", flat=True))
    found |= set(BankLine.objects.filter(payer_iban__in=accounts).values_list("pk", flat=True))
    BankLine.objects.filter(pk__in=found).update(payer_name="", payer_iban="", text="", end_to_end_id="")


def _forget_what_was_sent(pledges: list[int], addresses: list[str]) -> None:
    """Empty the orders and the notifications in which his addresses stand; no page may be paid any more."""
    for checkout in Checkout.objects.filter(pledge__in=pledges):
        checkout.order["email"] = ""
        if checkout.state == Checkout.State.OPEN:
            checkout.state = moved("checkout", checkout.state, Checkout.State.OVER)
        checkout.save(update_fields=["order", "state"])
    known = list(Payment.objects.filter(pledge__in=pledges).values_list("external_id", flat=True))
    known += Recurring.objects.filter(pledge__in=pledges).values_list("external_id", flat=True)
    _empty_notifications([*known, *addresses])


def _empty_notifications(names: list[str]) -> None:
    """Empty what was told about any of these, and what was told about the same customers of the processor."""
    told = ProviderEvent.objects.exclude(state=ProviderEvent.State.TO_DO)
    customers: set[str] = set()
    for name in names:
        for body in told.filter(body__icontains=name).values_list("body", flat=True):
            customers.update(_CUSTOMER.findall(body))
    for name in [*names, *sorted(customers)]:
        told.filter(body__icontains=name).update(body="")


def _pledges(donor: Donor) -> QuerySet[Pledge]:
    return Pledge.objects.filter(_his(donor, "email"))


def _his(donor: Donor, address: str) -> Q:
    """Return the condition that a row is a giver's: known to be, or from an address of his and not known whose yet.

    Whose a pledge is becomes known when its money comes, and of many none does.
    """
    own = Q(donor__in=_rows(donor))
    for each in _addresses(donor):
        own |= Q(("donor", None), (f"{address}__iexact", each))
    return own


def _addresses(donor: Donor) -> list[str]:
    return [row.email for row in _rows(donor) if row.email]


def _rows(donor: Donor) -> list[Donor]:
    """Return a giver and those who turned out to be him."""
    return [donor, *Donor.objects.filter(merged_into=donor)]

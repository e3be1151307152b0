"""What staff know of donors: notes, and which two are one person. The books are never touched by it."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from masthead.funding.models import Donor
from masthead.funding.services.audit import Act, note_act
from masthead.funding.services.supporters import take_badge, turn_badge
from masthead.funding.staff_errors import AddressTaken, DonorHoldsOthers, DonorMerged, DonorNotMerged, SameDonor


def write_note(*, donor: Donor, note: str, by: int | None) -> None:
    """Keep a note about a donor in place of the one before; the same again changes nothing."""
    with transaction.atomic():
        row = Donor.objects.select_for_update().get(pk=donor.pk)
        if row.note == note.strip():
            return
        Donor.objects.filter(pk=row.pk).update(note=note.strip())
        note_act(Act.NOTE_WRITTEN, by=by, subject=row.public_id)


def merge_donors(*, donor: Donor, into: Donor, by: int | None) -> None:
    """Say that ``donor`` is ``into``: their gifts are read together from now on, and nothing of them is rewritten.

    So :func:`part_donor` undoes it. His wish to be called a supporter stays his own, and rests. Refuses one and the
    same (``funding.same_donor``), whoever was merged already (``funding.donor_merged``), and a donor into whom others
    were merged (``funding.donor_holds_others``).
    """
    if donor.pk == into.pk:
        raise SameDonor()
    with transaction.atomic():
        locked = {row.pk: row for row in _locked(donor.pk, into.pk)}
        if any(row.merged_into_id for row in locked.values()):
            raise DonorMerged()
        if Donor.objects.filter(merged_into=donor.pk).exists():
            raise DonorHoldsOthers()
        take_badge(donor)
        Donor.objects.filter(pk=donor.pk).update(merged_into=into.pk)
        turn_badge(into)
        note_act(Act.DONORS_MERGED, by=by, subject=donor.public_id, detail=into.public_id)


def part_donor(*, donor: Donor, by: int | None) -> None:
    """Let a merged donor stand alone again, with all that was his.

    Refuses one who stands alone (``funding.donor_not_merged``), and one whose address another has by now
    (``funding.address_taken``).
    """
    with transaction.atomic():
        (row,) = _locked(donor.pk)
        if row.merged_into is None:
            raise DonorNotMerged()
        try:
            with transaction.atomic():
                Donor.objects.filter(pk=row.pk).update(merged_into=None)
        except IntegrityError:
            raise AddressTaken() from None
        for each in (row.merged_into, row):
            turn_badge(Donor.objects.get(pk=each.pk))
        note_act(Act.DONORS_PARTED, by=by, subject=row.public_id, detail=row.merged_into.public_id)


def _locked(*keys: int) -> list[Donor]:
    """Lock in one order, so that two who merge crosswise wait and never block each other."""
    return list(Donor.objects.select_for_update().filter(pk__in=keys).order_by("pk"))

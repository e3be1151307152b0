"""Who may do what. Readers need no leave to pledge; money itself is staff's."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin

Person = AbstractBaseUser | AnonymousUser | PermissionsMixin


def may_see_gifts(person: Person) -> bool:
    """See what was given and how it came; whose it was is asked apart (:func:`may_see_names`)."""
    return _has(person, "funding.view_gift")


def may_see_names(person: Person) -> bool:
    """Names, contacts and notes of givers are for those who need them: in lists, searches, slips and exports."""
    return _has(person, "funding.see_names")


def may_see_slips(person: Person) -> bool:
    """A slip shows its gift and its giver."""
    return may_see_gifts(person) and may_see_names(person)


def may_change_donors(person: Person) -> bool:
    """Write notes about donors, say which two are one person, and take the list away: it takes their names."""
    return _has(person, "funding.change_donor") and may_see_names(person)


def may_refund(person: Person) -> bool:
    """Have a processor send money back."""
    return _has(person, "funding.refund_gift")


def may_see_acts(person: Person) -> bool:
    """Read who did what to money and to what is known of givers."""
    return _has(person, "funding.view_auditentry")


def may_record_gift(person: Person) -> bool:
    """Write money into the books."""
    return _has(person, "funding.add_gift")


def may_decide_bank_lines(person: Person) -> bool:
    """Bring in bank statements, see their lines and decide about them: each line names a payer."""
    return _has(person, "funding.decide_bankline") and may_see_names(person)


def may_reverse_gift(person: Person) -> bool:
    """Take a gift back."""
    return _has(person, "funding.reverse_gift")


def may_decide_held(person: Person) -> bool:
    """See which payments could not be booked, and decide about them."""
    return _has(person, "funding.decide_held")


def may_decide_differences(person: Person) -> bool:
    """See how the books and the processors agree, and decide about differences."""
    return _has(person, "funding.decide_difference")


def may_hide_names(person: Person) -> bool:
    """Take names off the page of thanks."""
    return _has(person, "funding.change_gift")


def may_set_goal(person: Person) -> bool:
    """Decide what is asked for."""
    return _has(person, "funding.change_campaign")


def may_close_months(person: Person) -> bool:
    """Close months and see whether those that are closed are as they were."""
    return _has(person, "funding.add_sealedmonth")


def may_tell_expenses(person: Person) -> bool:
    """Say in public what the money did."""
    return _has(person, "funding.change_expense")


def may_see_receipts(person: Person) -> bool:
    """See which receipts and statements there are; whom they name is asked apart (:func:`may_see_names`)."""
    return _has(person, "funding.view_receipt")


def may_read_receipts(person: Person) -> bool:
    """Read a receipt itself: it names its giver."""
    return may_see_receipts(person) and may_see_names(person)


def may_reissue_receipts(person: Person) -> bool:
    """Issue receipts by hand and mail them again: each names its giver."""
    return _has(person, "funding.reissue_receipt") and may_read_receipts(person)


def may_send_statements(person: Person) -> bool:
    """Send givers the statements of a year."""
    return _has(person, "funding.send_statements") and may_see_receipts(person)


def _has(person: Person, permission: str) -> bool:
    return bool(person.is_active and person.has_perm(permission))  # type: ignore[union-attr]

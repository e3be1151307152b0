"""Does every figure still stand on the books, and the books on themselves?"""

from __future__ import annotations

from collections import defaultdict

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from masthead.funding.models import Entry, Gift, Journal, append_only


def ledger_problems() -> list[str]:
    """Return one sentence per thing that is wrong with the books; an empty list when all is well.

    Looks for journals that do not sum to zero or have no entries, reversals that do not mirror their gift or count
    in another month, gifts booked twice over or without amount, and triggers that are gone.
    """
    return [*_unbalanced(), *_empty(), *_crooked_reversals(), *_crooked_months(), *_foreign_gifts(), *_unprotected()]


def _unbalanced() -> list[str]:
    rows = (
        Entry.objects.values("journal", "currency")
        .annotate(rest=Sum("amount_minor"))
        .exclude(rest=0)
        .order_by("journal")
    )
    return [_("Journal %(journal)s is out by %(rest)s minor units of %(currency)s.") % row for row in rows]


def _empty() -> list[str]:
    rows = Journal.objects.annotate(sides=Count("entries")).filter(sides__lt=2).order_by("pk")
    return [_("Journal %(journal)s has fewer than two entries.") % {"journal": row.pk} for row in rows]


def _crooked_reversals() -> list[str]:
    pairs = Entry.objects.filter(Q(journal__reverses__isnull=False) | Q(journal__reversal__isnull=False)).annotate(
        original=F("journal__reverses")
    )
    sums: dict[tuple[int, int, str], int] = defaultdict(int)
    for entry in pairs.values("journal", "original", "account", "currency", "amount_minor").iterator():
        sums[(entry["original"] or entry["journal"], entry["account"], entry["currency"])] += entry["amount_minor"]
    wrong = sorted({journal for (journal, _account, _currency), rest in sums.items() if rest})
    return [_("The reversal of journal %(journal)s does not mirror it.") % {"journal": journal} for journal in wrong]


def _crooked_months() -> list[str]:
    moved = Journal.objects.filter(reverses__isnull=False).exclude(month=F("reverses__month"))
    inside = Journal.objects.exclude(month__day=1)
    rows = sorted({*moved.values_list("pk", flat=True), *inside.values_list("pk", flat=True)})
    return [_("Journal %(journal)s counts in the wrong month.") % {"journal": journal} for journal in rows]


def _foreign_gifts() -> list[str]:
    """Gifts whose journal earned nothing for their campaign."""
    own = Q(journal__entries__account__campaign=F("campaign"))
    rows = Gift.objects.annotate(sides=Count("journal__entries", filter=own)).exclude(sides=1).order_by("pk")
    return [_("Gift %(gift)s is not booked for its campaign.") % {"gift": row.public_id} for row in rows]


def _unprotected() -> list[str]:
    return [
        _("The trigger %(name)s is gone: the books can be changed. Run the migrations anew.") % {"name": name}
        for name in append_only.missing(connection)
    ]

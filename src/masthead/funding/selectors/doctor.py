"""Does every figure still stand on the books, and the books on themselves?"""

from __future__ import annotations

from collections import defaultdict

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from masthead.funding.models import Account, Entry, Gift, Journal, append_only
from masthead.funding.selectors.receipts import receipt_problems
from masthead.funding.selectors.seals import seal_problems


def ledger_problems() -> list[str]:
    """Return one sentence per thing that is wrong with the books; an empty list when all is well.

    Looks for journals that do not sum to zero or have no entries, reversals that do not mirror their gift or count
    in another month, gifts booked twice over or without amount, closed months that are not what was sealed,
    gaps in the numbers of receipts, and triggers that are gone.
    """
    return [
        *_unbalanced(),
        *_empty(),
        *_crooked_reversals(),
        *_crooked_months(),
        *_foreign_gifts(),
        *_wrongly_standing(),
        *seal_problems(),
        *receipt_problems(),
        *_unprotected(),
    ]


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
    later = Journal.objects.filter(about__isnull=False).exclude(month=F("about__month"))
    inside = Journal.objects.exclude(month__day=1)
    rows = sorted({pk for found in (moved, later, inside) for pk in found.values_list("pk", flat=True)})
    return [_("Journal %(journal)s counts in the wrong month.") % {"journal": journal} for journal in rows]


def _foreign_gifts() -> list[str]:
    """Gifts whose journal earned nothing for their campaign."""
    own = Q(journal__entries__account__campaign=F("campaign"), journal__entries__account__kind=Account.Kind.INCOME)
    rows = Gift.objects.annotate(sides=Count("journal__entries", filter=own)).exclude(sides=1).order_by("pk")
    return [_("Gift %(gift)s is not booked for its campaign.") % {"gift": row.public_id} for row in rows]


def _wrongly_standing() -> list[str]:
    """Gifts of which the row says that all went back, or not, and the books say otherwise."""
    sums: dict[int, int] = defaultdict(int)
    income = Entry.objects.filter(account__kind__in=[Account.Kind.INCOME, Account.Kind.COVER]).annotate(
        gift=Coalesce("journal__about__gift", "journal__reverses__gift", "journal__gift")
    )
    for gift, amount_minor in income.values_list("gift", "amount_minor").iterator():
        sums[gift] -= amount_minor
    rows = Gift.objects.values_list("pk", "public_id", "is_returned").order_by("pk")
    wrong = [public_id for pk, public_id, is_returned in rows if is_returned != (sums[pk] == 0)]
    return [_("Gift %(gift)s does not say truly whether it went back.") % {"gift": gift} for gift in wrong]


def _unprotected() -> list[str]:
    return [
        _("The trigger %(name)s is gone: the books can be changed. Run the migrations anew.") % {"name": name}
        for name in append_only.missing(connection)
    ]

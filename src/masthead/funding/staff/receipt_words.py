"""What staff read of the numbers of a series."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.funding.selectors.receipt_lists import SeriesCheck

_MOST_NAMED = 10


def in_words(check: SeriesCheck) -> str:
    """Say which numbers a series has, and whether there is a gap."""
    said = {"series": check.series, "last": check.last, "count": check.count}
    if check.is_whole:
        return (
            ngettext(
                "%(series)s: number 1, %(count)s receipt, no gap.",
                "%(series)s: numbers 1 to %(last)s, %(count)s receipts, no gap.",
                check.count,
            )
            % said
        )
    named = ", ".join(str(number) for number in check.missing[:_MOST_NAMED])
    said["missing"] = f"{named}, …" if len(check.missing) > _MOST_NAMED else named
    gap = _("%(series)s: numbers to %(last)s, but only %(count)s receipts. Missing: %(missing)s. Look at a backup.")
    return gap % said

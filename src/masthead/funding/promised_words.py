"""What is promised, in words and for machines: always apart from what was raised."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masthead.core.display import amount
from masthead.funding.rules.periods import Period
from masthead.funding.selectors.promised import Promised


def sentences(found: Promised, period: Period) -> list[str]:
    """Say what is promised every month, what that leads to, and on which assumption; nothing without a promise."""
    if not found.gifts:
        return []
    facts = {"amount": amount(found.every_month), "count": found.gifts}
    said = [
        ngettext(
            "%(amount)s is promised every month, by %(count)s gift that repeats.",
            "%(amount)s is promised every month, by %(count)s gifts that repeat.",
            found.gifts,
        )
        % facts
    ]
    if found.has_yearly:
        said.append(_("A gift of every year counts one twelfth of itself, rounded down."))
    if found.payments and found.to_come and found.forecast and period.last:
        payments = ngettext(
            "%(count)s payment is known to come until %(day)s and brings %(to_come)s.",
            "%(count)s payments are known to come until %(day)s and bring %(to_come)s.",
            found.payments,
        )
        told = {"count": found.payments, "day": date_format(period.last), "to_come": amount(found.to_come)}
        said += [
            payments % told,
            _("If all of it comes and nothing else, the meter then stands at %(forecast)s, before fees of these.")
            % {"forecast": amount(found.forecast)},
        ]
    return [*said, _("None of this is part of what was raised. Standing orders are known to banks alone.")]


def as_json(found: Promised, period: Period) -> dict[str, Any]:
    """Return the same for machines, in minor units; the forecast is null where nothing has an end to look to."""
    return {
        "gifts": found.gifts,
        "every_month_minor": found.every_month.amount_minor,
        "every_month": amount(found.every_month),
        "payments_to_come": found.payments,
        "to_come_minor": found.to_come.amount_minor if found.to_come is not None else None,
        "forecast_minor": found.forecast.amount_minor if found.forecast is not None else None,
        "until": period.last.isoformat() if found.until and period.last else None,
        "text": " ".join(sentences(found, period)),
    }

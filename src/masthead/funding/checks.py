"""Settings that cannot work, said before a reader meets them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _

from masthead.core.money import MINOR_DIGITS
from masthead.funding.rules.reference import is_iban


@register
def funding_settings(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Look at the currency and the bank account."""
    funding = settings.MASTHEAD.funding
    found: list[CheckMessage] = []
    if funding.currency not in MINOR_DIGITS:
        found.append(
            Error(
                _("[funding] currency is %(code)s, which is no currency of ISO 4217.") % {"code": funding.currency},
                hint='currency = "USD"',
                id="funding.E001",
            )
        )
    if funding.iban and not is_iban(funding.iban):
        found.append(
            Warning(
                _("[funding] iban has a typing error: its check digits do not fit."),
                hint=_("Compare it with a statement of your bank. Readers would be sent to a wrong account."),
                id="funding.W001",
            )
        )
    return found

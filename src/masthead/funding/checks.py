"""Settings that cannot work, said before a reader meets them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _

from masthead.core.money import MINOR_DIGITS
from masthead.funding import conf
from masthead.funding.rules.reference import is_iban
from masthead.funding.services.receipts.texts import text_problem


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
    return [*found, *_keys()]


def _keys() -> list[CheckMessage]:
    """Keys with which no gift could be booked: cards are not offered then, and staff should know why."""
    keys = conf.stripe()
    if keys.secret_key and keys.is_live != conf.is_live():
        return [
            Error(
                _("[funding] stripe_key moves real money and mode is a rehearsal.")
                if keys.is_live
                else _("[funding] stripe_key is a test key and mode is live."),
                hint=_("Cards are not offered until key and mode fit: take the other key, or set the other mode."),
                id="funding.E002",
            )
        ]
    if keys.secret_key and not keys.webhook_secret:
        return [
            Warning(
                _("[funding] stripe_webhook_secret is not set, so cards are not offered."),
                hint=_("Stripe shows it where you enter the address that it is to notify."),
                id="funding.W002",
            )
        ]
    return []


@register
def receipt_texts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Look at the site's own words of a country's law."""
    country = settings.MASTHEAD.funding.receipt_country
    problem = text_problem(country)
    if not problem:
        return []
    said = {"file": conf.own_receipt_text(country), "problem": problem}
    hint = _("Mend the file, or remove it to use ours.")
    return [Error(_("%(file)s cannot be read as a template: %(problem)s") % said, hint=hint, id="funding.E003")]

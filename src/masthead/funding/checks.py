"""Settings that cannot work, said before a reader meets them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _

from masthead.core.money import MINOR_DIGITS
from masthead.funding import conf
from masthead.funding.providers import provider_named
from masthead.funding.rules.reference import is_iban
from masthead.funding.services.receipts.texts import text_problem

# Clients that the simulator gives; no account at PayPal has one.
_SIMULATED = re.compile(r"^sim_(test|live)_")


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
    return [*found, *_stripe_keys(), *_paypal_keys()]


def _stripe_keys() -> list[CheckMessage]:
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


def _paypal_keys() -> list[CheckMessage]:
    """What of PayPal's is missing or contradicts itself: PayPal is not offered then, and staff should know why."""
    keys = conf.paypal()
    given = {"paypal_client": keys.client, "paypal_secret": keys.secret, "paypal_webhook": keys.webhook}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return []
    found: list[CheckMessage] = []
    if missing:
        said = _("[funding] %(names)s: not set, so PayPal is not offered.")
        hint = _(
            "PayPal's developer site shows client and secret with your app, and the webhook's ID beside its address."
        )
        found.append(Error(said % {"names": ", ".join(missing)}, hint=hint, id="funding.E004"))
    is_simulated = bool(_SIMULATED.match(keys.client))
    if conf.is_live() and (keys.address or is_simulated):
        hint = _("Remove paypal_address and take a live client, or set mode to rehearsal.")
        found.append(Error(_("[funding] PayPal is a simulator's and mode is live."), hint=hint, id="funding.E005"))
    elif is_simulated and not keys.address:
        hint = _('Name where the simulator is: paypal_address = "http://127.0.0.1:8400"')
        found.append(Error(_("[funding] paypal_client is a simulator's."), hint=hint, id="funding.E005"))
    if keys.authority and not Path(keys.authority).is_file():
        hint = _("Save there who signs for your PayPal, or remove the setting: then PayPal is asked.")
        said = _("[funding] paypal_authority: there is no file %(path)s.")
        found.append(Error(said % {"path": keys.authority}, hint=hint, id="funding.E006"))
    return [*found, *_paypal_currency()]


def _paypal_currency() -> list[CheckMessage]:
    """A currency in which PayPal takes no gift."""
    if conf.currency() not in MINOR_DIGITS or provider_named("paypal").limits(conf.currency()).most.amount_minor:
        return []
    said = _("[funding] currency is %(code)s, in which PayPal takes no gift, so PayPal is not offered.")
    hint = _("Take another currency, or remove what is set for PayPal.")
    return [Warning(said % {"code": conf.currency()}, hint=hint, id="funding.W003")]


@register
def receipt_texts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Look at the site's own words of a country's law."""
    country = settings.MASTHEAD.funding.receipt_country
    found: list[CheckMessage] = []
    for name in (country, f"{country}-statement"):
        if problem := text_problem(name):
            said = {"file": conf.own_receipt_text(name), "problem": problem}
            hint = _("Mend the file, or remove it to use ours.")
            message = _("%(file)s cannot be read as a template: %(problem)s") % said
            found.append(Error(message, hint=hint, id="funding.E003"))
    return found

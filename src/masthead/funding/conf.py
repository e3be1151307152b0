"""What funding takes from the site's settings, typed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from masthead.funding.rules.fees import FeeRate
from masthead.funding.rules.reference import spaced


def zone() -> ZoneInfo:
    """The time zone in which months begin."""
    return ZoneInfo(settings.MASTHEAD.site.time_zone)


def site_name() -> str:
    """What givers know the site by."""
    name: str = settings.MASTHEAD.site.name
    return name


def currency() -> str:
    """The currency of new campaigns."""
    code: str = settings.MASTHEAD.funding.currency
    return code


def is_live() -> bool:
    """Tell whether money is real here; otherwise the site rehearses (rule L7)."""
    return bool(settings.MASTHEAD.funding.mode == "live")


@dataclass(frozen=True)
class StripeKeys:
    """What the site gave for Stripe."""

    secret_key: str
    webhook_secret: str
    address: str

    @property
    def is_live(self) -> bool:
        """Tell whether the key moves real money: Stripe writes it into its keys."""
        return self.secret_key.startswith(("sk_live_", "rk_live_"))


def stripe() -> StripeKeys:
    """What the site gave for Stripe; all empty where it takes no cards."""
    funding = settings.MASTHEAD.funding
    return StripeKeys(funding.stripe_key, funding.stripe_webhook_secret, funding.stripe_address)


@dataclass(frozen=True)
class PayPalKeys:
    """What the site gave for PayPal."""

    client: str
    secret: str
    webhook: str
    address: str
    authority: str


def paypal() -> PayPalKeys:
    """What the site gave for PayPal; all empty where it takes none."""
    funding = settings.MASTHEAD.funding
    return PayPalKeys(
        funding.paypal_client,
        funding.paypal_secret,
        funding.paypal_webhook,
        funding.paypal_address.rstrip("/"),
        funding.paypal_authority,
    )


def fee_rate(provider: str) -> FeeRate:
    """What a provider keeps of each payment, as the site says; nothing where it says nothing."""
    funding = settings.MASTHEAD.funding
    basis_points = getattr(funding, f"{provider}_fee_basis_points", 0)
    return FeeRate(basis_points, getattr(funding, f"{provider}_fee_fixed_minor", 0) if basis_points else 0)


def close_after_days() -> int:
    """How many days after its end a month is closed."""
    return int(settings.MASTHEAD.funding.close_after_days)


def newsroom_address() -> str:
    """Where mails about money that needs a person go; empty where none is set."""
    address: str = settings.MASTHEAD.funding.newsroom_mail
    return address


def recovery_mails() -> bool:
    """Whether givers are written to when a payment of their repeated gift fails."""
    return bool(settings.MASTHEAD.funding.recovery_mails)


def bank() -> dict[str, str]:
    """Where to send money by bank transfer; an empty ``iban`` means that no account is given."""
    funding = settings.MASTHEAD.funding
    return {"holder": funding.account_holder, "iban": spaced("".join(funding.iban.split())), "bic": funding.bic}


@dataclass(frozen=True)
class Issuer:
    """Who issues receipts, as it stands on them. ``country`` names the words of a law; ``plain`` claims nothing."""

    name: str
    address: str
    tax_id: str
    recognition: str
    series: str
    country: str


def issuer() -> Issuer:
    """Who issues receipts; where the site names nobody, the holder of its account, else the paper itself."""
    funding = settings.MASTHEAD.funding
    return Issuer(
        name=funding.receipt_issuer or funding.account_holder or site_name(),
        address=funding.receipt_address,
        tax_id=funding.receipt_tax_id,
        recognition=funding.receipt_recognition,
        series=funding.receipt_series,
        country=funding.receipt_country,
    )


def own_receipt_text(country: str) -> Path:
    """Return where a site may put its own words of a country's law."""
    folder: Path = settings.MASTHEAD.root / "theme" / "receipts"
    return folder / f"{country}.txt"

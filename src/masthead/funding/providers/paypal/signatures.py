"""Whether a notification is PayPal's: its signature is checked here, by a certificate that is PayPal's for certain.

PayPal signs the transmission's id and time, the webhook's id and the checksum of the exact bytes. The certificate is
fetched only from PayPal's own hosts and must be in PayPal's name by somebody who is believed. Where that cannot be told
here, because a link of the chain is missing, PayPal itself is asked about the signature.
"""

from __future__ import annotations

import base64
import binascii
import json
import warnings
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import verification

from masthead.funding import conf
from masthead.funding.ports import NotForUs, ProviderAway, ProviderRefused
from masthead.funding.providers.paypal.calls import call, fetch

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

_TOLERANCE_SECONDS = 300
# Clocks differ by a little; a stamp from further ahead was not made by PayPal.
_AHEAD_SECONDS = 30
_ALGORITHM = "SHA256withRSA"
_SIGNER = "messageverificationcerts.paypal.com"
_CERTIFICATES = "/v1/notifications/certs/"
_LIVE = frozenset({"https://api.paypal.com", "https://api-m.paypal.com"})
_SANDBOX = frozenset({"https://api.sandbox.paypal.com", "https://api-m.sandbox.paypal.com"})
_NAMES = {
    "transmission_id": "paypal-transmission-id",
    "transmission_time": "paypal-transmission-time",
    "transmission_sig": "paypal-transmission-sig",
    "cert_url": "paypal-cert-url",
    "auth_algo": "paypal-auth-algo",
}


def check(body: bytes, headers: Mapping[str, str], now: datetime) -> None:
    """Refuse what PayPal did not send to this site's webhook just now.

    Raises :class:`NotForUs`: 400 for a signature that is missing, wrong, too old or from the future (rules W1 to W3),
    403 for one of the other mode (rule W4), 503 while it cannot be told, so that PayPal sends again.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    told = {name: lower.get(header, "") for name, header in _NAMES.items()}
    if not all(told.values()) or told["auth_algo"] != _ALGORITHM:
        raise NotForUs(400, "the signature is missing")
    _check_time(told["transmission_time"], now)
    _check_address(told["cert_url"])
    try:
        holds = _holds(body, told, now)
    except ProviderAway as error:
        raise NotForUs(503, f"the signature cannot be checked now: {error}") from None
    if not holds:
        raise NotForUs(400, "the signature does not hold")


def _check_time(stamp: str, now: datetime) -> None:
    try:
        age = (now - datetime.fromisoformat(stamp)).total_seconds()
    except (ValueError, TypeError):
        raise NotForUs(400, "the signature has no time") from None
    if age > _TOLERANCE_SECONDS or age < -_AHEAD_SECONDS:
        raise NotForUs(400, "signed too long ago, or in the future")


def _check_address(url: str) -> None:
    """Let certificates come from PayPal's hosts of our mode alone: from elsewhere anybody could sign."""
    parts = urlsplit(url)
    origin, ours = f"{parts.scheme}://{parts.netloc}", _LIVE if conf.is_live() else _SANDBOX
    simulator = conf.paypal().address
    if simulator:
        ours = frozenset({simulator})
    if origin not in ours and origin in _LIVE | _SANDBOX:
        raise NotForUs(403, "of the other mode: live and rehearsal never mix")
    if origin not in ours or not parts.path.startswith(_CERTIFICATES) or ".." in parts.path:
        raise NotForUs(400, "the certificate is not at PayPal")


def _holds(body: bytes, told: dict[str, str], now: datetime) -> bool:
    try:
        certificates = _certificates(told["cert_url"])
        # The algorithm's name says that it is RSA; a key of another kind fails as a wrong signature does.
        key = cast("rsa.RSAPublicKey", _believed(certificates, now).public_key())
    except (verification.VerificationError, ValueError, ProviderRefused):
        return _ask_paypal(body, told)
    parts = (told["transmission_id"], told["transmission_time"], conf.paypal().webhook, str(zlib.crc32(body)))
    try:
        signature = base64.b64decode(told["transmission_sig"], validate=True)
        key.verify(signature, "|".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, TypeError):
        return False
    return True


@lru_cache(maxsize=8)
def _certificates(url: str) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(fetch(url)))


def _believed(chain: tuple[x509.Certificate, ...], now: datetime) -> x509.Certificate:
    """Return the signer's certificate. Raises ``VerificationError`` when it leads to nobody who is believed."""
    builder = verification.PolicyBuilder().store(_authority(conf.paypal().authority))
    verifier = builder.time(now.astimezone(UTC).replace(tzinfo=None)).build_server_verifier(x509.DNSName(_SIGNER))
    return verifier.verify(chain[0], list(chain[1:]))[0]


@lru_cache(maxsize=4)
def _authority(path: str) -> verification.Store:
    with warnings.catch_warnings():
        # Among those who are believed on the web are certificates whose numbers are no longer good form.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return verification.Store(x509.load_pem_x509_certificates(Path(path or certifi.where()).read_bytes()))


def _ask_paypal(body: bytes, told: dict[str, str]) -> bool:
    """Let PayPal say whether it signed these bytes: they stand in the question exactly as they came."""
    try:
        json.loads(body)
    except ValueError:
        return False
    question = json.dumps({**told, "webhook_id": conf.paypal().webhook}).encode()
    whole = question[:-1] + b', "webhook_event": ' + body + b"}"
    try:
        answer = call("POST", "/v1/notifications/verify-webhook-signature", whole)
    except ProviderRefused:
        return False
    return bool(answer.get("verification_status") == "SUCCESS")

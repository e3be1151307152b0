"""Notifications as Stripe and PayPal send them: the simulator's own, of payments really made there, signed anew.

Every one has an identity of its own and is about a payment that the site can ask for, so a worker can finish it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from masthead.simulator.app import Simulator
from masthead.simulator.clock import iso
from masthead.simulator.paypal import authority
from masthead.simulator.testing import RunningSimulator

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

PROVIDERS = ("stripe", "paypal")
# What Stripe and PayPal tell of a payment that goes well, as far as it is about money here.
_KINDS = {
    "stripe": {"checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"},
    "paypal": {"CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED"},
}
_PAYMENTS = 12
_PAGE = "https://paper.example/"


@dataclass(frozen=True)
class Notice:
    """One notification to be posted: its identity, and the whole request."""

    external_id: str
    request: bytes


class Sender:
    """A processor with payments to tell of. ``settings`` is what a site needs to believe it."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        store = simulator.world.store
        # Read once: to load the key takes far longer than to sign with it.
        self._key = cast("rsa.RSAPrivateKey", load_pem_private_key(authority.keys(store)["key"].encode(), None))
        self._certificate = simulator.server.base + authority.certificate_path(store)
        self._control = RunningSimulator(simulator.server.base)
        self._templates: dict[str, list[tuple[str, str]]] = {name: [] for name in PROVIDERS}
        self._secret = self._control.add_endpoint("http://127.0.0.1:9/-/payments/stripe/")
        self._webhook = self._control.add_paypal_webhook("http://127.0.0.1:9/-/payments/paypal/")
        believed = folder / "authority.pem"
        believed.write_text(self._control.paypal_authority(), encoding="ascii")
        base = self._control.base
        self.settings = {
            "MASTHEAD_FUNDING_MODE": "rehearsal",
            "MASTHEAD_FUNDING_STRIPE_KEY": self._control.key,
            "MASTHEAD_FUNDING_STRIPE_WEBHOOK_SECRET": self._secret,
            "MASTHEAD_FUNDING_STRIPE_ADDRESS": base,
            "MASTHEAD_FUNDING_PAYPAL_CLIENT": self._control.paypal_client,
            "MASTHEAD_FUNDING_PAYPAL_SECRET": self._control.paypal_secret,
            "MASTHEAD_FUNDING_PAYPAL_WEBHOOK": self._webhook,
            "MASTHEAD_FUNDING_PAYPAL_ADDRESS": base,
            "MASTHEAD_FUNDING_PAYPAL_AUTHORITY": str(believed),
        }

    def let_people_pay(self) -> None:
        """Make pledges on the site that Django is set up on, and pay them; what is told of it is kept as templates."""
        from masthead.core.money import Money
        from masthead.funding.models import Checkout
        from masthead.funding.services import note_pledge, open_checkout, put_campaign

        campaign = put_campaign(slug="newsroom", goal=Money(500_000, "USD"))
        for number in range(_PAYMENTS):
            for provider in PROVIDERS:
                pledge = note_pledge(
                    campaign=campaign,
                    amount=Money(2_500 + number, "USD"),
                    name=f"Reader {number}",
                    email=f"reader{number}@example.org",
                    method=provider,
                )
                open_checkout(pledge=pledge, title="Newsroom", success_url=_PAGE, cancel_url=_PAGE)
                self._pay(provider, Checkout.objects.get(pledge=pledge).external_id)
        for told in self._control.waiting():
            for provider, kinds in _KINDS.items():
                if told["type"] in kinds:
                    self._templates[provider].append((_identity(told), told["body"]))

    def _pay(self, provider: str, page: str) -> None:
        from masthead.funding.ports import Kind, Ref
        from masthead.funding.services import refresh

        if provider == "stripe":
            self._control.pay(page, card_number="4242424242424242")
        else:
            self._control.approve(page)
            refresh(provider, Ref(Kind.CHECKOUT, page))  # PayPal tells of a capture once it was asked for

    def notices(self, provider: str, port: int, count: int) -> list[Notice]:
        """Return so many notifications that nobody has seen yet, signed now: good for five minutes."""
        sign: Callable[[bytes], dict[str, str]] = self._signed_by_stripe if provider == "stripe" else self._by_paypal
        templates, made = self._templates[provider], []
        for number in range(count):
            former, text = templates[number % len(templates)]
            own = former[:4] + uuid.uuid4().hex[: len(former) - 4]
            body = text.replace(former, own).encode()
            head = "".join(f"{name}: {value}\r\n" for name, value in sign(body).items())
            request = (
                f"POST /-/payments/{provider}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            made.append(Notice(own, request.encode("ascii") + body))
        return made

    def _signed_by_stripe(self, body: bytes) -> dict[str, str]:
        at = int(time.time())
        digest = hmac.new(self._secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={digest}"}

    def _by_paypal(self, body: bytes) -> dict[str, str]:
        id_, at = str(uuid.uuid4()), iso(int(time.time()))
        message = f"{id_}|{at}|{self._webhook}|{zlib.crc32(body)}".encode()
        signature = self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return {
            "PAYPAL-TRANSMISSION-ID": id_,
            "PAYPAL-TRANSMISSION-TIME": at,
            "PAYPAL-TRANSMISSION-SIG": base64.b64encode(signature).decode(),
            "PAYPAL-CERT-URL": self._certificate,
            "PAYPAL-AUTH-ALGO": "SHA256withRSA",
        }


def _identity(told: dict[str, Any]) -> str:
    return str(json.loads(told["body"])["id"])


@contextmanager
def sender(folder: Path) -> Iterator[Sender]:
    """Run a simulator in threads of this process, and hand its settings to the sites made from here on."""
    simulator = Simulator(following=True)
    simulator.world.post.mode = "manual"
    simulator.start()
    try:
        made = Sender(simulator, folder)
        os.environ.update(made.settings)
        yield made
    finally:
        simulator.close()

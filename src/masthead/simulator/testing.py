"""A simulator for tests: on a free port, in memory, with its clock standing still, and a client of its control API.

@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with running() as simulator:
        yield simulator

client = stripe.StripeClient(simulator.key, base_addresses=simulator.base_addresses)
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from masthead.simulator.app import ACCOUNT, Simulator

Json = dict[str, Any]
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlError(Exception):
    """The control API refused: the status, and its sentence."""


class RunningSimulator:
    """Where a simulator is, which keys open it, and its control."""

    key = f"sk_test_sim_{ACCOUNT}"
    live_key = f"sk_live_sim_{ACCOUNT}"
    paypal_client = f"sim_test_{ACCOUNT}"
    paypal_live_client = f"sim_live_{ACCOUNT}"
    paypal_secret = f"sim_secret_{ACCOUNT}"

    def __init__(self, base: str) -> None:
        """Speak to the simulator at an address."""
        self.base = base

    @property
    def base_addresses(self) -> Any:
        """What ``stripe.StripeClient`` takes."""
        return {"api": self.base}

    def control(self, method: str, path: str, **given: Any) -> Json:
        """Call the control API: ``control("POST", "/clock", days=31)``. Raises :class:`ControlError`."""
        body = json.dumps(given).encode() if method == "POST" else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 its own address
            f"{self.base}/_control{path}", data=body, headers=headers, method=method
        )
        try:
            with _OPENER.open(request, timeout=60) as answer:
                return json.load(answer)  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            with error:
                raise ControlError(f"{error.code}: {error.read().decode()}") from error

    def now(self) -> int:
        """Return the simulated instant."""
        return int(self.control("GET", "/state")["now"])

    def advance(self, **units: int) -> int:
        """Move the clock on by days, hours, minutes, seconds; webhooks set off on the way have been sent by then."""
        return int(self.control("POST", "/clock", **units)["now"])

    def be_sparse(self, sparse: bool = True) -> None:
        """Tell no more than must be told, or all again."""
        self.control("POST", "/sparse", sparse=sparse)

    def break_call(self, what: str, match: str = "*", *, times: int = 1) -> None:
        """Let the next matching API call go wrong: see ``switchboard.CALLS``."""
        self.control("POST", "/rules", side="call", what=what, match=match, times=times)

    def break_webhook(self, what: str, match: str = "*", *, times: int = 1, seconds: int = 0) -> None:
        """Let the next matching webhook go wrong: see ``switchboard.WEBHOOKS``."""
        self.control("POST", "/rules", side="webhook", what=what, match=match, times=times, seconds=seconds)

    def add_endpoint(self, url: str, *, key: str | None = None, **given: Any) -> str:
        """Let events go to an address. Returns the secret that signs them."""
        made = self.control("POST", f"/stripe/{key or self.key}/webhook_endpoints", url=url, **given)
        return str(made["secret"])

    def deliver(self) -> int:
        """Send all webhooks that are due. Returns the number of attempts when all are made."""
        return int(self.control("POST", "/deliver")["attempts"])

    def waiting(self) -> list[Json]:
        """Return the webhooks that wait, as they would be sent now: url, type, headers, body. Oldest first."""
        found = self.control("GET", "/deliveries?state=waiting")["data"]
        return [self.control("GET", f"/deliveries/{item['seq']}") for item in found]

    def say(self, body: str, *, side: str = "stripe") -> None:
        """Sign any body as Stripe, or as ``side="paypal"``, and let it go to every address."""
        account = self.key if side == "stripe" else self.paypal_client
        self.control("POST", f"/{side}/{account}/say", body=body)

    def pay(self, session_id: str, *, key: str | None = None, **form: Any) -> Json:
        """Fill the hosted checkout page without a browser: ``card_number=`` or ``iban=``. Returns its answer."""
        return self.control("POST", f"/stripe/{key or self.key}/checkout/{session_id}/pay", **form)

    def dispute(self, charge: str, *, key: str | None = None, **given: Any) -> Json:
        """Dispute a charge: ``amount``, ``reason``, ``inquiry``."""
        return self.control("POST", f"/stripe/{key or self.key}/disputes", charge=charge, **given)

    def close_dispute(self, dispute: str, outcome: str, *, key: str | None = None) -> Json:
        """Decide a dispute: won or lost."""
        return self.control("POST", f"/stripe/{key or self.key}/disputes/{dispute}/close", outcome=outcome)

    def fail_charge(self, charge: str, *, key: str | None = None) -> Json:
        """Let a debit fail after it had settled."""
        return self.control("POST", f"/stripe/{key or self.key}/charges/{charge}/fail")

    def fail_refund(self, refund: str, *, key: str | None = None) -> Json:
        """Let a refund fail."""
        return self.control("POST", f"/stripe/{key or self.key}/refunds/{refund}/fail")

    def pay_out(self, *, key: str | None = None) -> Json:
        """Pay out what is available."""
        return self.control("POST", f"/stripe/{key or self.key}/payouts")

    # PayPal

    def add_paypal_webhook(self, url: str, *, client: str | None = None) -> str:
        """Let all notifications go to an address. Returns the webhook's id, which is part of what is signed."""
        made = self.control("POST", f"/paypal/{client or self.paypal_client}/webhooks", url=url)
        return str(made["id"])

    def approve(self, id_: str, *, kind: str = "orders", client: str | None = None, **form: Any) -> Json:
        """Fill the approve page of an order, or of ``kind="subscriptions"``: ``instrument=``. Returns its answer."""
        return self.control("POST", f"/paypal/{client or self.paypal_client}/{kind}/{id_}/approve", **form)

    def agree(self, id_: str, *, client: str | None = None) -> Json:
        """Let a subscriber agree to another amount on PayPal's page."""
        return self.control("POST", f"/paypal/{client or self.paypal_client}/subscriptions/{id_}/agree")

    def set_paypal_account(self, *, client: str | None = None, **given: Any) -> Json:
        """Change an account: ``settles_in``, ``rate``, ``fee_fixed`` ..."""
        return self.control("POST", f"/paypal/{client or self.paypal_client}/account", **given)

    def withdraw(self, minor: int, currency: str, *, client: str | None = None) -> str:
        """Send money from the account at PayPal to the bank. Returns the transaction's id."""
        path = f"/paypal/{client or self.paypal_client}/withdrawals"
        return str(self.control("POST", path, minor=minor, currency=currency)["id"])

    def paypal_authority(self) -> str:
        """Return the certificate of the authority that signs notifications, as PEM."""
        with _OPENER.open(f"{self.base}/_control/paypal/authority.pem", timeout=60) as answer:
            return str(answer.read().decode())

    def paypal_dispute(self, capture: str, *, client: str | None = None, **given: Any) -> Json:
        """Let a payer dispute a capture."""
        return self.control("POST", f"/paypal/{client or self.paypal_client}/disputes", capture=capture, **given)

    def reverse_paypal(self, capture: str, minor: int, *, client: str | None = None) -> Json:
        """Take so many minor units of a capture back without any dispute."""
        path = f"/paypal/{client or self.paypal_client}/reversals"
        return self.control("POST", path, capture=capture, minor=minor)

    def escalate_paypal_dispute(self, dispute: str, *, client: str | None = None) -> Json:
        """Let an inquiry become a claim."""
        return self.control("POST", f"/paypal/{client or self.paypal_client}/disputes/{dispute}/escalate")

    def resolve_paypal_dispute(self, dispute: str, outcome: str, *, client: str | None = None) -> Json:
        """Decide a dispute, as with RESOLVED_BUYER_FAVOUR or RESOLVED_SELLER_FAVOUR."""
        path = f"/paypal/{client or self.paypal_client}/disputes/{dispute}/resolve"
        return self.control("POST", path, outcome=outcome)


@contextmanager
def running(
    *, state: Path | None = None, start: int | None = None, port: int = 0, manual: bool = False, currency: str = "usd"
) -> Iterator[RunningSimulator]:
    """Run a simulator in threads of this process. ``manual``: webhooks wait for :meth:`RunningSimulator.deliver`."""
    simulator = Simulator(port=port, state=state, start=start, currency=currency)
    if manual:
        simulator.world.post.mode = "manual"
    simulator.start()
    try:
        yield RunningSimulator(simulator.server.base)
    finally:
        simulator.close()

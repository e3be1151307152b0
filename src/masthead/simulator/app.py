"""All sides of the simulator behind one address."""

from __future__ import annotations

from pathlib import Path

from masthead.simulator import control, control_page, markup
from masthead.simulator.http import Reply, Request, Route, Server, dispatch, json_reply, path_pattern
from masthead.simulator.paypal import api as paypal_api
from masthead.simulator.paypal import billing, reporting  # noqa: F401 they declare their calls
from masthead.simulator.paypal import control as paypal_control
from masthead.simulator.paypal import pages as paypal_pages
from masthead.simulator.stripe import (  # noqa: F401 each declares its calls
    api,
    catalog,
    checkout,
    customers,
    disputes,
    money,
    pages,
    paying,
    payment_intents,
    portal,
    refunds,
    secure,
    setup_intents,
    subscriptions,
)
from masthead.simulator.world import World

ACCOUNT = "masthead"


class Simulator:
    """One running simulator: a world, and the server that speaks for it."""

    def __init__(
        self,
        *,
        port: int = 0,
        state: Path | None = None,
        start: int | None = None,
        following: bool = False,
        currency: str = "usd",
    ) -> None:
        """Listen at once on 127.0.0.1.

        Raises ``OSError`` where the port cannot be used, ``sqlite3.Error`` where the state file cannot, ``ValueError``
        for a currency that is none.
        """
        if currency not in money.DIGITS:
            raise ValueError(f"{currency} is no currency that Stripe knows.")
        self.world = World(state=state, start=start, following=following)
        try:
            self.server = Server(port, self._answer)
        except OSError:
            self.world.store.close()
            raise
        self.world.base = self.server.base
        self._api = api.Api(self.world)
        self._paypal = paypal_api.Api(self.world)
        if self.world.store.setting(f"account:stripe:{ACCOUNT}") is None:
            self.world.store.set_setting(f"account:stripe:{ACCOUNT}", {"currency": currency})
        if self.world.store.setting(f"account:paypal:{ACCOUNT}") is None:
            self.world.store.set_setting(f"account:paypal:{ACCOUNT}", {})
        self._routes: list[Route] = [
            ("GET", path_pattern("/_control/style.css"), lambda _: markup.stylesheet()),
            *control_page.routes(self.world),
            *control.routes(self.world),
            *paypal_control.routes(self.world),
            *paypal_pages.routes(self.world),
            *pages.routes(self.world),
            *secure.routes(self.world),
            *portal.routes(self.world),
        ]

    def start(self) -> None:
        """Begin to answer, to carry webhooks and to keep time."""
        self.world.start()
        self.server.start()

    def close(self) -> None:
        """End everything."""
        self.world.switchboard.release()
        self.server.shutdown()
        self.server.server_close()
        self.world.close()

    def _answer(self, request: Request) -> Reply:
        reply = dispatch(self._routes, request)
        if reply is not None:
            return reply
        if request.path.startswith(paypal_api.PREFIXES):
            return self._paypal.answer(request)
        if request.path.startswith("/v1/"):
            return self._api.answer(request)
        return json_reply(404, {"error": {"message": f"The simulator plays nothing at {request.path}."}})

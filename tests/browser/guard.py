"""What every page in every browser test must keep: no foreign request, no error in the console."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Route

_LOCAL_SCHEMES = {"data", "blob", "about"}


@dataclass
class Guard:
    """Watches the pages of one context and tells at the end what should not have been."""

    origin: str
    # Where a reader is led on purpose: the page of the one who takes the payment.
    beside: str = ""
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Chromium reports each reply of 4xx in the console; a test of a refusal names the status here.
    expected_statuses: set[int] = field(default_factory=set)

    def watch(self, context: BrowserContext) -> None:
        """Watch all pages of a context, present and future, and let nothing leave the origin."""
        context.route(lambda address: not self._is_own(address), self._refuse)
        context.on("page", self._watch_page)

    def expect_status(self, *statuses: int) -> None:
        """Announce that replies with these statuses belong to the test."""
        self.expected_statuses.update(statuses)

    def verify(self) -> None:
        """Fail with everything that was seen."""
        assert self.foreign == [], f"requests left the origin: {self.foreign}"
        assert self.errors == [], f"errors in the console: {self.errors}"

    def _is_own(self, address: str) -> bool:
        known = [f"{origin}/" for origin in (self.origin, self.beside) if origin]
        return address.startswith(tuple(known)) or urlsplit(address).scheme in _LOCAL_SCHEMES

    def _refuse(self, route: Route, request: Request) -> None:
        self.foreign.append(f"{request.method} {request.url}")
        route.abort()

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._page_error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        text = message.text
        if any(f"status of {status} " in text for status in self.expected_statuses):
            return
        self.errors.append(f"{message.location.get('url', '')}: {text}")

    def _page_error(self, error: Error) -> None:
        self.errors.append(str(error))

"""Mails as their readers get them, and a real mail server to get them from."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail


def letters() -> list[EmailMessage]:
    """Return the mails that left, parsed as a mail program parses them."""
    return [parsed(item.message().as_bytes()) for item in mail.outbox]


def parsed(raw: bytes) -> EmailMessage:
    """Parse a mail by today's standards."""
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def part(letter: EmailMessage, kind: str) -> str:
    """Return the text of the plain or the html part."""
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def links_in(letter: EmailMessage) -> list[str]:
    """Return the paths of this site that the text part links to."""
    words = part(letter, "plain").split()
    return [word.removeprefix("http://testserver") for word in words if word.startswith("http://testserver")]


@dataclass
class Server:
    """A mail server that keeps what it accepts. ``answers`` are given first, one per recipient or message."""

    at_recipient: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    accepted: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Accept or refuse one address."""
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Accept or refuse one message."""
        if self.at_data:
            return self.at_data.pop(0)
        self.accepted.append((envelope.rcpt_tos[0], parsed(envelope.content)))
        return "250 accepted"


class AnyPort(Controller):
    """Listens on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    """Run a mail server in a thread of its own and send the site's mail to it."""
    server = Server()
    controller = AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    controller.stop()

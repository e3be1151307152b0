"""A mail server whose letters a test in the browser waits for."""

from __future__ import annotations

from email.message import EmailMessage
from queue import Queue
from typing import Any

from tests.letters import parsed


class Postbox:
    """A mail server whose letters can be waited for."""

    def __init__(self) -> None:
        self._arrived: Queue[tuple[str, EmailMessage]] = Queue()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take what comes."""
        self._arrived.put((envelope.rcpt_tos[0], parsed(envelope.content)))
        return "250 accepted"

    def next_to(self, address: str) -> EmailMessage:
        """Wait for the next letter to this address."""
        while True:
            recipient, letter = self._arrived.get(timeout=60)
            if recipient == address:
                return letter

"""Mail, through Django's mail backend."""

from __future__ import annotations

from masthead.core import mail
from masthead.notifications.ports import Message
from masthead.outbox.mail import send


class EmailChannel:
    """Sends one mail per message: text and HTML, one-click unsubscribe, nothing that watches the reader."""

    def send(self, message: Message) -> None:
        """Hand one mail to the mail server; see :class:`~masthead.notifications.ports.Channel`."""
        letter = mail.compose(
            f"notifications/mail/{message.kind}", message.values, to=message.address, headers=_headers(message)
        )
        send(letter, name=message.id)


def _headers(message: Message) -> dict[str, str]:
    host = mail.host()
    headers = {"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"}
    if message.conversation:
        headers["References"] = f"<{message.conversation.replace(':', '.')}@{host}>"
    if message.stop_url:
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers

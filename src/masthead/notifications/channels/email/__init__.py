"""Mail, through Django's mail backend."""

from __future__ import annotations

import logging
import smtplib

from masthead.core import mail
from masthead.notifications.errors import AddressRefused
from masthead.notifications.ports import Message
from masthead.outbox.errors import Gone, Retry

logger = logging.getLogger(__name__)

_MAILBOX_FULL = 552  # Called permanent by RFC 5321, but mailboxes are emptied.


class EmailChannel:
    """Sends one mail per message: text and HTML, one-click unsubscribe, nothing that watches the reader."""

    def send(self, message: Message) -> None:
        """Hand one mail to the mail server; see :class:`~masthead.notifications.ports.Channel`."""
        letter = mail.compose(
            f"notifications/mail/{message.kind}", message.values, to=message.address, headers=_headers(message)
        )
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            code = next(iter(refusal.recipients.values()))[0]
            if _is_permanent(code):
                raise AddressRefused(f"SMTP {code} for the address") from refusal
            raise Retry(f"SMTP {code} for the address") from refusal
        except smtplib.SMTPDataError as refusal:
            if _is_permanent(refusal.smtp_code):
                logger.warning("the mail server refused message %s with %s", message.id, refusal.smtp_code)
                raise Gone(f"SMTP {refusal.smtp_code} for the message") from refusal
            raise Retry(f"SMTP {refusal.smtp_code} for the message") from refusal
        except smtplib.SMTPResponseException as refusal:
            # Greeting, sign-in or sender: a fault of the settings, not of the reader's address.
            raise Retry(f"SMTP {refusal.smtp_code} for this site") from refusal
        except (smtplib.SMTPException, OSError) as trouble:
            raise Retry(f"the mail server does not answer: {type(trouble).__name__}") from trouble


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600 and code != _MAILBOX_FULL


def _headers(message: Message) -> dict[str, str]:
    host = mail.host()
    headers = {"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"}
    if message.conversation:
        headers["References"] = f"<{message.conversation.replace(':', '.')}@{host}>"
    if message.stop_url:
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers

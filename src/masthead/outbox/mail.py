"""Hand a mail to the mail server, and tell the worker in its own words what came of it."""

from __future__ import annotations

import logging
import smtplib

from django.core.mail import EmailMessage

from masthead.outbox.errors import AddressRefused, Gone, Retry

logger = logging.getLogger(__name__)

_MAILBOX_FULL = 552  # Called permanent by RFC 5321, but mailboxes are emptied.


def send(letter: EmailMessage, *, name: str) -> None:
    """Send ``letter`` to its one address; ``name`` stands for it in logs, which hold no addresses.

    Raises ``Retry`` for whatever may pass, ``AddressRefused`` when the server takes nothing for this address, and
    ``Gone`` when it takes this letter from nobody.
    """
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code = next(iter(refusal.recipients.values()))[0]
        if _is_permanent(code):
            raise AddressRefused(f"SMTP {code} for the address") from refusal
        raise Retry(f"SMTP {code} for the address") from refusal
    except smtplib.SMTPDataError as refusal:
        if _is_permanent(refusal.smtp_code):
            logger.warning("the mail server refused message %s with %s", name, refusal.smtp_code)
            raise Gone(f"SMTP {refusal.smtp_code} for the message") from refusal
        raise Retry(f"SMTP {refusal.smtp_code} for the message") from refusal
    except smtplib.SMTPResponseException as refusal:
        # Greeting, sign-in or sender: a fault of the settings, not of the reader's address.
        raise Retry(f"SMTP {refusal.smtp_code} for this site") from refusal
    except (smtplib.SMTPException, OSError) as trouble:
        raise Retry(f"the mail server does not answer: {type(trouble).__name__}") from trouble


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600 and code != _MAILBOX_FULL

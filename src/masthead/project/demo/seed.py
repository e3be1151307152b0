"""Builds the demo newsroom on an empty site, through the same services as everybody else."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.core import clock
from masthead.core.errors import DomainError
from masthead.outbox.services import wait_from_now
from masthead.project.demo.accounts import open_accounts
from masthead.project.demo.books import keep_books
from masthead.project.demo.content import load
from masthead.project.demo.letters import post_letters
from masthead.project.demo.press import Press
from masthead.publishing.selectors import navigation


class SiteNotEmpty(DomainError):
    """The demo would mix invented stories with real ones."""

    code = "demo.site_not_empty"
    status = 409

    def message(self) -> str:
        """Say what was refused."""
        return _("This site has sections already. The demo is written into an empty site only.")


def seed() -> None:
    """Write the demo newsroom into this site, in one transaction, dated from now.

    Refuses a site that has sections, and so may have stories (``demo.site_not_empty``): a second run changes nothing.
    """
    if navigation():
        raise SiteNotEmpty()
    now = clock.now()
    content = load(now=now)
    with transaction.atomic():
        accounts = open_accounts(content)
        press = Press(content, now=now, accounts=accounts)
        printed = press.run()
        post_letters(content, now=now, printed=printed, accounts=accounts, linked=press.linked)
        keep_books(content, now=now, recorded_by=accounts.publisher.pk)
        wait_from_now()

"""What allauth leaves to the site: mails in our own layout, where to go afterwards, whose address a request has."""

from __future__ import annotations

import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest  # noqa: TID251 - allauth hands requests to its adapter
from django.urls import reverse

from masthead.accounts.errors import MailUnavailable
from masthead.accounts.models import normalise_email
from masthead.core import mail
from masthead.core.http import absolute_url, client_ip

ACCESS_ADMIN = "wagtailadmin.access_admin"


class AccountAdapter(DefaultAccountAdapter):
    """Signs readers in by a code in a mail."""

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Write one of the mails in ``templates/account/email/``, with links to the site's configured address."""
        values = {
            "code": context.get("code", ""),
            "sign_in_url": absolute_url(reverse("account_login")),
            "sign_up_url": absolute_url(reverse("account_signup")),
        }
        to = email if isinstance(email, str) else email[0]
        return mail.compose(template_prefix, values, to=to, headers={"Auto-Submitted": "auto-generated"})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: who waits for a code looks at the page. Refuses :class:`MailUnavailable`."""
        try:
            self.render_mail(template_prefix, email, context).send()
        except (smtplib.SMTPException, OSError) as trouble:
            raise MailUnavailable from trouble

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Keep only what the reader must know; that something worked is seen on the page itself."""
        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)

    def clean_email(self, email: str) -> str:
        """Bring an address to its normal form."""
        return normalise_email(email)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to the admin and readers to the front page, unless they came from somewhere."""
        return reverse("wagtailadmin_home") if request.user.has_perm(ACCESS_ADMIN) else "/"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address, trusting only configured proxies."""
        return client_ip(request)

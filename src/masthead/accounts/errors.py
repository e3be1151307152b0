"""Refusals of this app."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class AccountUnknown(DomainError):
    """No account has this address."""

    code = "accounts.account_unknown"
    status = 404

    def message(self) -> str:
        """Name the address and the way on."""
        return _("No account has the address %(email)s. Leave --email out for the publisher's account.") % self.params


class SignInLinkNotValid(DomainError):
    """The link was used, is older than an hour, or was never given out."""

    code = "accounts.sign_in_link_not_valid"
    status = 404

    def message(self) -> str:
        """Say how to make a new one."""
        return _(
            "This sign-in link was used already or is older than an hour. Make a new one where the site runs: "
            "masthead admin-link"
        )


class MailUnavailable(DomainError):
    """The code could not be sent."""

    code = "accounts.mail_unavailable"
    status = 503

    def message(self) -> str:
        """Ask for patience."""
        return _("The mail could not be sent at the moment. Please try again in a few minutes.")

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


class ProviderUnavailable(DomainError):
    """The provider did not answer as it should, or the reader broke off there."""

    code = "accounts.provider_unavailable"
    status = 502

    def message(self) -> str:
        """Name another way in."""
        return _("Signing in with %(provider)s did not work. Try again, or have a code sent by mail.") % self.params


class NothingToLink(DomainError):
    """Nobody came from a provider just now."""

    code = "accounts.nothing_to_link"
    status = 404

    def message(self) -> str:
        """Say where to begin."""
        return _("There is nothing to link. Begin on the page of your account.")


class MailUnavailable(DomainError):
    """The code could not be sent."""

    code = "accounts.mail_unavailable"
    status = 503

    def message(self) -> str:
        """Ask for patience."""
        return _("The mail could not be sent at the moment. Please try again in a few minutes.")


class TokenNotValid(DomainError):
    """No token has this secret, or it was revoked or is too old."""

    code = "accounts.token_not_valid"
    status = 401

    def message(self) -> str:
        """Say where to make another one."""
        return _("This token is not valid (any more). Make a new one on your account page.")


class TooManyTokens(DomainError):
    """One person has as many tokens as anybody can keep in view; ``params['limit']``."""

    code = "accounts.too_many_tokens"
    status = 409

    def message(self) -> str:
        """Say what to do."""
        return _("You have %(limit)s tokens, as many as there can be. Revoke one that is not needed.") % self.params


class KeyUsedOtherwise(DomainError):
    """The key of this call was sent before with another call."""

    code = "accounts.key_used_otherwise"
    status = 422

    def message(self) -> str:
        """Say what a key stands for."""
        return _("This Idempotency-Key came before with another request. Make a new key for each thing to be done.")

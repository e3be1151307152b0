"""What allauth leaves to the site of passkeys and of signing in through a provider."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - allauth hands requests to its adapters
from django.shortcuts import redirect
from django.urls import reverse

from masthead.accounts.errors import ProviderUnavailable
from masthead.accounts.models import User
from masthead.core.http import private
from masthead.core.mail import host

# What a provider said of somebody whom no account is linked to yet: provider and subject, no address.
STRANGER = "accounts.stranger"


class PasskeyAdapter(DefaultMFAAdapter):
    """A passkey is a quicker door, not a second lock: who has lost it still gets in by the code in a mail."""

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Never ask for a second proof."""
        return False

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind keys to the site's configured host, never to the one a request names."""
        return {"id": host(), "name": settings.MASTHEAD.site.name}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Finds accounts by provider and subject, and believes nothing a provider says of a mail address.

    Somebody whom no account is linked to signs in by our own mail first; then a button links the two.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom a link knows; lead everybody else to our own mail."""
        sociallogin.email_addresses = []
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            # allauth has just stored it.
            sociallogin.account.save(update_fields=["extra_data"])
            return
        request.session[STRANGER] = {"provider": sociallogin.account.provider, "uid": sociallogin.account.uid}
        raise ImmediateHttpResponse(private(_on_to_linking(request)))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Take over nothing: name and address are the reader's own to give."""
        return User()

    def on_authentication_error(self, request: HttpRequest, provider: Any, **rest: Any) -> None:
        """Refuse in our own words. Refuses :class:`ProviderUnavailable`."""
        raise ProviderUnavailable(provider=settings.MASTHEAD.accounts.oidc_name)


def _on_to_linking(request: HttpRequest) -> HttpResponse:
    link = reverse("accounts:link")
    return redirect(link if request.user.is_authenticated else f"{reverse('account_login')}?next={link}")

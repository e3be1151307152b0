"""Passkeys and the provider: further ways into an account that a code by mail opened."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.models import Login
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from allauth.socialaccount.providers.openid_connect import views as provider_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masthead.accounts import selectors, services
from masthead.accounts.doors import STRANGER
from masthead.accounts.errors import NothingToLink, ProviderUnavailable
from masthead.core.clock import now
from masthead.core.http import private

# A key that is added lets its holder in for years: whoever adds one has signed in just now.
_FRESH = timedelta(minutes=15)
# What the decoding of an answer that no browser gives may raise.
_NONSENSE = (ValueError, TypeError, KeyError, AttributeError)


class _PasskeySignIn(passkey_views.LoginWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in. Whoever made the key was in the account already, by our mail or by the publisher's own link."""
        key = form.cleaned_data["credential"]
        login = Login(user=key.user, redirect_url=None, email_verification=EmailVerificationMethod.NONE)
        reply: HttpResponse = flows.perform_passwordless_login(self.request, key, login)
        return reply


_passkey_sign_in = _PasskeySignIn.as_view()


def passkey_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Give the page's script a challenge, or take its answer and sign in."""
    try:
        reply: HttpResponseBase = _passkey_sign_in(request)
    except _NONSENSE:
        messages.error(request, _("The passkey did not work. A code by mail always does."))
        reply = redirect("account_login")
    reply["Cache-Control"] = "private, no-store"
    return reply


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether whoever is signed in did so just now."""
    last = getattr(request.user, "last_login", None)
    return last is not None and now() - last < _FRESH


@login_required
def passkeys(request: HttpRequest) -> HttpResponse:
    """List one's passkeys; take a new one from the page's script."""
    fresh = is_fresh(request)
    if request.method == "POST" and fresh:
        form = AddWebAuthnForm(data=request.POST, user=request.user)
        if _is_whole(form) and form.cleaned_data["passwordless"]:
            data = form.cleaned_data
            flows.add_authenticator(request, name=data["name"], credential=data["credential"])
            return private(redirect("mfa_list_webauthn"))
        return _passkey_page(request, fresh, error=_("That did not work. Please try again."), status=422)
    return _passkey_page(request, fresh)


def _is_whole(form: AddWebAuthnForm) -> bool:
    """Tell whether the browser's answer can be read and is true."""
    try:
        return bool(form.is_valid())
    except _NONSENSE:
        return False


def _passkey_page(request: HttpRequest, fresh: bool, *, error: str = "", status: int = 200) -> HttpResponse:
    # mypy: the decorator has seen to it that somebody is signed in.
    user: Any = request.user
    options = auth.begin_registration(user, passwordless=True) if fresh else {}
    context = {
        "keys": [{"pk": row.pk, "name": str(row), "added": row.created_at} for row in selectors.passkeys_of(user.pk)],
        "is_fresh": fresh,
        "options": json.dumps(options, cls=DjangoJSONEncoder),
        "error": error,
    }
    return private(render(request, "accounts/passkeys.html", context, status=status))


@login_required
@require_POST
def passkey_remove(request: HttpRequest, key: int) -> HttpResponse:
    """Forget one of one's own passkeys."""
    user: Any = request.user
    services.remove_passkey(user=user, key=key)
    return private(redirect("mfa_list_webauthn"))


def provider_sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider. Refuses :class:`ProviderUnavailable` when it does not answer."""
    try:
        reply: HttpResponseBase = provider_views.login(request, provider_id=provider_id)
    except OSError as trouble:
        raise ProviderUnavailable(provider=settings.MASTHEAD.accounts.oidc_name) from trouble
    reply["Cache-Control"] = "private, no-store"
    return reply


def provider_answer(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the provider's word for who it is: by its own name for the person, never by an address."""
    reply: HttpResponseBase = provider_views.callback(request, provider_id=provider_id)
    reply["Cache-Control"] = "private, no-store"
    return reply


@login_required
def link(request: HttpRequest) -> HttpResponse:
    """Ask whether the person whom the provider named is the one who is signed in here; the button links the two."""
    stranger: dict[str, str] | None = request.session.get(STRANGER)
    if stranger is None:
        raise NothingToLink
    user: Any = request.user
    if request.method == "POST":
        del request.session[STRANGER]
        services.link_provider(user=user, **stranger)
        return private(redirect("accounts:profile"))
    context = {"provider": settings.MASTHEAD.accounts.oidc_name}
    return private(render(request, "accounts/link.html", context))


@login_required
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """Let one's account be entered through no provider."""
    user: Any = request.user
    services.unlink_provider(user=user)
    return private(redirect("accounts:profile"))

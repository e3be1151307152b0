"""Signing in and out, and one's own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse

from masthead.accounts import selectors, services
from masthead.accounts.adapter import AccountAdapter
from masthead.accounts.forms import ProfileForm
from masthead.core import ratelimit
from masthead.core.http import client_ip, ip_prefix, private

View = Callable[..., HttpResponseBase]
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _dressed(view: View) -> View:
    """Show one of allauth's pages in the site's own dress: ``site`` is ours, not the host's name."""

    def dressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reply = view(request, *args, **kwargs)
        if isinstance(reply, TemplateResponse) and reply.context_data:
            reply.context_data.pop("site", None)
        return reply

    return dressed


confirm_login_code = _dressed(allauth_views.confirm_login_code)
sign_up = _dressed(allauth_views.signup)
confirm_address = _dressed(allauth_views.email_verification_sent)
sign_out = _dressed(allauth_views.logout)
account_inactive = _dressed(allauth_views.account_inactive)
_ask_for_code = _dressed(allauth_views.login)


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for an address and send a code there; who is signed in gets their own page."""
    if request.user.is_authenticated:
        return private(redirect("accounts:profile"))
    reply = _ask_for_code(request)
    if isinstance(reply, TemplateResponse) and reply.context_data is not None:
        reply.context_data["provider"] = settings.MASTHEAD.accounts.oidc_name
    return reply


class PasswordSignIn(LoginView):
    """For those of the staff who were given a password."""

    template_name = "account/password_sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave ``site`` to the site's own."""
        context = super().get_context_data(**kwargs)
        del context["site"]
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try a password; ten tries in five minutes for one network or one address."""
        for key in (ip_prefix(client_ip(request)), request.POST.get("username", "").strip().lower()):
            ratelimit.allow("password", key, limit=10, per_seconds=300)
        return super().post(request, *args, **kwargs)


def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; the button signs in. Opening the page changes nothing."""
    if request.method == "POST":
        user = services.use_sign_in_link(token=token)
        login(request, user, backend=_BACKEND)
        return private(redirect(AccountAdapter(request).get_login_redirect_url(request)))
    link = selectors.usable_sign_in_link(token)
    return private(render(request, "accounts/sign_in_link.html", {"name": link.user.name, "email": link.user.email}))


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change what others see of one's account."""
    form = ProfileForm(request.POST or None, instance=request.user)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        form.save()
        return private(redirect(f"{request.path}?saved=1"))
    status = 422 if form.is_bound else 200
    provider, user_id = settings.MASTHEAD.accounts.oidc_name, request.user.pk
    context = {
        "form": form,
        "is_saved": "saved" in request.GET,
        "provider": provider,
        "is_linked": bool(provider and user_id) and selectors.is_linked(user_id or 0),
    }
    return private(render(request, "accounts/profile.html", context, status=status))

"""Request in, reply out. Account pages are for one person, never stored, and keep Django's tokens."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from masthead.accounts import selectors, services
from masthead.accounts.adapter import AccountAdapter
from masthead.accounts.forms import ProfileForm
from masthead.core import ratelimit
from masthead.core.http import client_ip, ip_prefix, private

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for an address and send a code there; who is signed in gets their own page."""
    if request.user.is_authenticated:
        return private(redirect("accounts:profile"))
    reply: HttpResponseBase = allauth_views.login(request)
    return reply


class PasswordSignIn(LoginView):
    """For those of the staff who were given a password."""

    template_name = "account/password_sign_in.html"

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
    context = {"form": form, "is_saved": "saved" in request.GET}
    return private(render(request, "accounts/profile.html", context, status=status))

"""Tokens with which programs act for their owner."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from masthead.accounts import selectors, services
from masthead.accounts.errors import TooManyTokens
from masthead.accounts.forms import TokenForm
from masthead.accounts.views.doors import is_fresh
from masthead.core.http import private


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens; make one, whose secret stands on the answer and nowhere else."""
    fresh, secret = is_fresh(request), ""
    # mypy: the decorator has seen to it that somebody is signed in.
    user: Any = request.user
    form = TokenForm(request.POST if request.method == "POST" and fresh else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            secret = services.make_token(user=user, name=data["name"], scopes=form.scopes, days=data["days"])
            form = TokenForm()
        except TooManyTokens as refusal:
            form.add_error(None, refusal.message())
    context = {"tokens": selectors.tokens_of(user.pk), "form": form, "secret": secret, "is_fresh": fresh}
    return private(render(request, "accounts/tokens.html", context, status=422 if form.errors else 200))


@login_required
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    user: Any = request.user
    services.revoke_token(user=user, token_id=token_id)
    return private(redirect("accounts:tokens"))

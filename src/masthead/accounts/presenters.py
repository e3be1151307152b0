"""Links that other apps' pages show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest  # noqa: TID251 - a slot renders for one request
from django.template.loader import render_to_string
from django.urls import reverse

from masthead.core.http import is_a_key


class SignInLinkInBar:
    """Fills the end of the masthead bar: the same link for everybody, for the page is the same for everybody.

    Who is signed in already is led to their own page.
    """

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def render(self, request: HttpRequest, key: str, prepared: Any, **options: Any) -> str:
        """Return the link, with the way back; without one where that is a secret of its own."""
        entrance = reverse("account_login")
        stays = is_a_key(request) or request.path.startswith(entrance.removesuffix("login/"))
        back = "" if stays else request.path
        return render_to_string("accounts/_sign_in.html", {"entrance": entrance, "back": back})


class AccountLinkInBar:
    """Fills the place for what is one's own: the link in the bar with one's name, for who is signed in."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing."""

    def render(self, request: HttpRequest, key: str, prepared: Any, **options: Any) -> str:
        """Return the link that takes the place of *Sign in*, or nothing."""
        if not request.user.is_authenticated:
            return ""
        return render_to_string("accounts/_account_link.html", {"name": request.user.name})

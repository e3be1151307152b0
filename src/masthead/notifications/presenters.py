"""The *Notify of* form, for pages of others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest  # noqa: TID251 - a slot renders for one request
from django.template.loader import render_to_string
from django.utils.translation import get_language

from masthead.core import worded
from masthead.core.stencil import Stencil
from masthead.notifications import selectors
from masthead.notifications.forms import SubscribeForm


class NotifyOf:
    """Fills a slot with the form for one thread: the same bytes for every visitor, and no query."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing: the form knows only the thread's key."""

    def render(self, request: HttpRequest, key: str, prepared: Any, **options: Any) -> str:
        """Return the form for the thread ``key``."""
        return _notify_form(get_language()).fill(topic=f"thread:{key}")


@worded.kept
def _notify_form(_language: str | None) -> Stencil:
    """Return the form, which is the same for all threads but for their name."""

    def draw(texts: dict[str, str]) -> str:
        form = SubscribeForm(initial=texts, auto_id="id_notify_%s")
        return render_to_string("notifications/_notify_form.html", {"form": form})

    return Stencil(["topic"], draw)


class MyMails:
    """Fills a slot on a member's own page with the way to their subscriptions."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing: only one person's page shows it."""

    def render(self, request: HttpRequest, key: str, prepared: Any, **options: Any) -> str:
        """Return a link, or nothing for a member whose proven address was never subscribed."""
        path = selectors.manage_path_of(selectors.proven_address(request.user.pk))
        return render_to_string("notifications/_my_mails.html", {"path": path}) if path else ""


class MailsOf:
    """Fills a slot on somebody's own page with the subscriptions of an address. Key: the address, which is proven."""

    def prepare(self, request: HttpRequest, keys: list[str]) -> None:
        """Load nothing: only one person's page shows it."""

    def render(self, request: HttpRequest, key: str, prepared: Any, **options: Any) -> str:
        """Return the list, with the way to change it."""
        # An account may bear an address that nobody has proven yet.
        address = selectors.proven_address(request.user.pk) if request.user.is_authenticated else key
        context = {"subscriptions": selectors.wanted_by(address), "manage": selectors.manage_path_of(address)}
        return render_to_string("notifications/_mails_of.html", context)

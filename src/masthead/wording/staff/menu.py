"""The line in the admin's settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from masthead.wording import policies


class WordingItem(MenuItem):
    """Shown to those who may change words."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return policies.may_reword(request.user)


def wording_item() -> WordingItem:
    """Return the line *Wording*."""
    return WordingItem(_("Wording"), reverse_lazy("wording:list"), name="wording", icon_name="edit", order=850)

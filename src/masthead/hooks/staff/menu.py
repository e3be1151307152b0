"""The line in the admin's settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from masthead.hooks import policies


class HooksItem(MenuItem):
    """Shown to those who may look after webhooks."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return policies.may_manage(request.user)


def hooks_item() -> HooksItem:
    """Return the line *Webhooks*."""
    return HooksItem(_("Webhooks"), reverse_lazy("hooks:list"), name="webhooks", icon_name="link", order=870)

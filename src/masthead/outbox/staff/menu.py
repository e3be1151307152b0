"""The line in the admin's menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from masthead.outbox import policies


class OutboxItem(MenuItem):
    """Shown to those who may send again."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return policies.may_replay(request.user)


def outbox_item() -> OutboxItem:
    """Return the line *Outbox*."""
    return OutboxItem(_("Outbox"), reverse_lazy("outbox_failed"), name="outbox", icon_name="mail", order=900)

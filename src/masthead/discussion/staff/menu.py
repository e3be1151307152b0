"""The menu item, with the number of comments that wait for a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from masthead.discussion.selectors import held_count, new_hint_count
from masthead.discussion.staff.hints import kinds_for
from masthead.discussion.staff.outside import PERMISSION


class HeldComments(MenuItem):
    """Shown to those who may decide; the number stands in the label, so that it is also heard."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from everybody else."""
        return bool(request.user.has_perm("discussion.moderate_comment"))

    def render_component(self, request: HttpRequest) -> Any:
        """Add the number, counted when the menu is shown."""
        component = super().render_component(request)
        waiting = held_count()
        if waiting:
            component.label = f"{component.label} ({waiting})"
        return component


def held_comments() -> HeldComments:
    """Return the menu item."""
    address = reverse_lazy("discussion_staff:queue")
    return HeldComments(_("Held comments"), address, name="held-comments", icon_name="comment", order=250)


class FromReaders(MenuItem):
    """Shown to those who may read corrections or confidences; counts what they may read."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from everybody else."""
        return bool(kinds_for(request.user))

    def render_component(self, request: HttpRequest) -> Any:
        """Add the number, counted when the menu is shown."""
        component = super().render_component(request)
        waiting = new_hint_count(kinds_for(request.user))
        if waiting:
            component.label = f"{component.label} ({waiting})"
        return component


def from_readers() -> FromReaders:
    """Return the menu item."""
    return FromReaders(
        _("From readers"), reverse_lazy("discussion_staff:hints"), name="from-readers", icon_name="mail", order=251
    )


class OnOtherSites(MenuItem):
    """Shown to those who may put discussions on pages of other sites."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from everybody else."""
        return bool(request.user.has_perm(PERMISSION))


def on_other_sites() -> OnOtherSites:
    """Return the menu item."""
    return OnOtherSites(
        _("On other sites"),
        reverse_lazy("discussion_staff:outside"),
        name="on-other-sites",
        icon_name="code",
        order=252,
    )

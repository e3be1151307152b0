"""Refusals of this app."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class TopicUnknown(DomainError):
    """There is nothing to hear about under this topic."""

    code = "notifications.topic_unknown"
    status = 404

    def message(self) -> str:
        """Say that the story is not there."""
        return _("This story is not here any more, so there is nothing to tell you about.")


class LinkNotValid(DomainError):
    """The link was cut, changed, too old, or what it spoke of is gone."""

    code = "notifications.link_not_valid"
    status = 404

    def message(self) -> str:
        """Say how to get a new one."""
        return _("This link is incomplete or too old. Ask for a new mail with the form under the story.")

"""What publishing refuses."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class PictureRefused(DomainError):
    """The file is no picture that can be shown; ``params['name']`` names it."""

    code = "publishing.picture_refused"

    def message(self) -> str:
        """Say which file and why."""
        return _("%(name)s is not a picture that can be shown: %(reason)s") % self.params


class UnknownBlock(DomainError):
    """A body contains a block of a type that stories do not have; ``params['type']`` names it."""

    code = "publishing.unknown_block"

    def message(self) -> str:
        """Name the type."""
        return _("Stories have no blocks of the type “%(type)s”.") % self.params

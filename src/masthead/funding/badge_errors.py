"""Why a wish about the word beside one's name was not taken."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class PageTooOld(DomainError):
    """What a form of one's own page may do is over after a day."""

    code = "funding.page_too_old"

    def message(self) -> str:
        """Say how to go on."""
        return _("The page stood open for too long. Load it again, and press the button once more.")

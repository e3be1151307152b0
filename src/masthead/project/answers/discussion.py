"""What the discussion asks: answered from accounts and publishing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from masthead.accounts import selectors as accounts


class AccountBadges:
    """Staff are called so; the author of the story is known from the subject."""

    def badges(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the roles, in one query."""
        return {pk: _("Editor") for pk in accounts.staff_among(user_ids)}


class AccountNames:
    """Names of the newsroom, under which no guest writes."""

    def reserved(self) -> Collection[str]:
        """Return the shown names of all staff accounts."""
        return accounts.staff_names()

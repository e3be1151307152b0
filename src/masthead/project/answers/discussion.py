"""What the discussion asks: answered from accounts and publishing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from masthead.accounts.models import User


class AccountBadges:
    """Staff are called so; the author of the story is known from the subject."""

    def badges(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the roles, in one query."""
        staff = User.objects.filter(pk__in=user_ids, is_staff=True, is_active=True).values_list("pk", flat=True)
        return {pk: _("Editor") for pk in staff}


class AccountNames:
    """Names of the newsroom, under which no guest writes."""

    def reserved(self) -> Collection[str]:
        """Return the shown names of all staff accounts."""
        staff = User.objects.filter(is_staff=True, is_active=True)
        return [user.name for user in staff.only("display_name", "first_name", "last_name")]

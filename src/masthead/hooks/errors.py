"""What is refused, and what the person who tried it reads."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class HookError(DomainError):
    """Base of this app's refusals."""

    status: ClassVar[int] = 422


class AddressNotAllowed(HookError):
    """No messages go to such an address."""

    code = "hooks.address_not_allowed"

    def message(self) -> str:
        """Say which ones do."""
        return _(
            "Messages go to addresses that begin with https:// and are on the public internet, without a name or "
            "password in them, at port 443 or one above 1023."
        )


class TypesMissing(HookError):
    """A receiver that asks for nothing, or for what nobody tells."""

    code = "hooks.types_missing"

    def message(self) -> str:
        """Say what to do."""
        return _("Choose what it is told.")


class TooManyHooks(HookError):
    """There are as many receivers as one site may have."""

    code = "hooks.too_many"

    def message(self) -> str:
        """Say what to do."""
        return _("There are %(most)s webhooks, and no site may have more. Delete one first.") % self.params


class HookIsOff(HookError):
    """Nothing is sent again to a receiver that is switched off."""

    code = "hooks.hook_is_off"

    def message(self) -> str:
        """Say what to do."""
        return _("This webhook is switched off. Switch it on first.")


class OnItsWay(HookError):
    """A message that waits is sent anyway."""

    code = "hooks.on_its_way"

    def message(self) -> str:
        """Say so."""
        return _("This message is on its way.")

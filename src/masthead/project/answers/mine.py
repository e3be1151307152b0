"""What the rest of the site keeps of one person: for the copy that the person takes away, and to erase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.accounts import selectors as accounts
from masthead.accounts import services as account_services
from masthead.funding import services as funding_services
from masthead.notifications import selectors as notifications
from masthead.notifications import services as notification_services


class RestOfTheSite:
    """Subscriptions of the proven address, and the account. Money that was given stays in the books: the law."""

    def records(self, *, user_id: int | None, address: str) -> Mapping[str, list[dict[str, Any]]]:
        """Return them as rows."""
        account = accounts.own_record(user_id) if user_id is not None else None
        address = _proven(user_id, address)
        return {
            "subscriptions": notifications.records_of(address) if address else [],
            "account": [account] if account else [],
        }

    def erase(self, *, user_id: int | None, address: str) -> None:
        """End the subscriptions and the wish to be called a supporter, close the account; one of the newsroom stays."""
        address = _proven(user_id, address)
        if address:
            notification_services.forget_address(address=address)
            funding_services.withdraw_wish(address=address)
        if user_id is not None:
            account_services.close_account(user_id=user_id)


def _proven(user_id: int | None, address: str) -> str:
    """Return the address whose mail this person has read: an account may bear one that nobody has proven yet."""
    return address if user_id is None else accounts.proven_addresses([user_id]).get(user_id, "")

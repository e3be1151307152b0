"""For everybody's tests."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from masthead.accounts.models import User


def make_user(
    email: str = "ada@example.org", *, display_name: str = "Ada", is_proven: bool = True, **fields: Any
) -> User:
    """Make an account, whose address is proven unless told otherwise. ``fields`` go to the row."""
    user = User.objects.create_user(email, display_name=display_name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=is_proven)
    return user


def make_publisher(email: str = "eve@example.org", **fields: Any) -> User:
    """Make an account that may do everything."""
    return make_user(email, **{"display_name": "Eve", "is_staff": True, "is_superuser": True, **fields})

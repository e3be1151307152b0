"""What the tests of accounts share."""

from __future__ import annotations

from tests.accounts.oidc import provider

__all__ = ["provider"]

"""Who belongs to the newsroom."""

from __future__ import annotations

import pytest

from masthead.accounts import selectors
from masthead.accounts.testing import make_publisher, make_user

pytestmark = pytest.mark.django_db


def test_staff_are_told_from_readers() -> None:
    ada, eve = make_user(), make_publisher()
    make_publisher("old@example.org", display_name="Gone", is_active=False)
    assert selectors.staff_among([ada.pk, eve.pk, 999]) == {eve.pk}
    assert selectors.staff_names() == ["Eve"]


def test_only_an_address_that_was_read_counts_as_proven() -> None:
    ada = make_user()
    ben = make_user("ben@example.org", is_proven=False)
    closed = make_user("gone@example.org", is_active=False)
    assert selectors.proven_addresses([ada.pk, ben.pk, closed.pk]) == {ada.pk: "ada@example.org"}

"""Who belongs to the newsroom."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from masthead.accounts import selectors
from masthead.accounts.models import User
from masthead.accounts.testing import make_publisher, make_user
from masthead.outbox.models import Event

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


def test_desks_are_told_by_permissions(eve: User, mo: User, ada: User) -> None:
    publisher = make_publisher("boss@example.org")
    found = selectors.desks([eve.pk, mo.pk, ada.pk, publisher.pk], moderates="discussion.moderate_comment")
    assert {pk: (desk.edits, desk.moderates) for pk, desk in found.items()} == {
        eve.pk: (True, False),
        mo.pk: (False, True),
        publisher.pk: (True, False),
    }


def test_another_desk_is_told_however_it_came_about(eve: User, mo: User, ada: User) -> None:
    """What stands beside names in kept pages hangs on it."""

    def told() -> int:
        return Event.objects.filter(type="accounts.person-changed").count()

    editors, before = Group.objects.get(name="Editors"), told()
    mo.groups.add(editors)
    editors.user_set.remove(mo)
    editors.permissions.clear()
    editors.page_permissions.all().delete()  # type: ignore[attr-defined]
    assert told() >= before + 4
    before = told()
    ada.groups.add(editors)
    assert told() == before

"""What Django says of accounts, and which service hears it.

Accounts are changed in the admin's own screens, by commands and by allauth, none of which knows a service of ours:
the model's own saves and deletions are the one place that all of these pass.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from masthead.accounts import selectors, services
from masthead.accounts.models import User

_STANDING = frozenset({"is_staff", "is_active", "is_superuser"})


def connect() -> None:
    """Connect all handlers. Safe to call twice."""
    pre_save.connect(_remember, sender=User)
    post_save.connect(_saved, sender=User)
    post_delete.connect(_deleted, sender=User)
    for table in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_permitted, sender=table)
    for signal in (post_save, post_delete):
        signal.connect(_group_of_editors, sender="wagtailcore.GroupPagePermission")


def _remember(instance: User, update_fields: frozenset[str] | None = None, **_rest: Any) -> None:
    is_touched = instance.pk and (update_fields is None or update_fields & _STANDING)
    instance.__dict__["standing_before"] = selectors.standing(instance.pk) if is_touched else None


def _saved(instance: User, **_rest: Any) -> None:
    before = instance.__dict__.pop("standing_before", None)
    if before is not None and before != (instance.is_staff, instance.is_active, instance.is_superuser):
        services.note_person_changed(user_id=instance.pk)


def _deleted(instance: User, **_rest: Any) -> None:
    services.note_person_changed(user_id=instance.pk)


def _permitted(instance: Any, action: str, **_rest: Any) -> None:
    if action.startswith("post_") and (not isinstance(instance, User) or instance.is_staff):
        _desks_changed()


def _group_of_editors(**_rest: Any) -> None:
    _desks_changed()


def _desks_changed() -> None:
    """Note it for one of the newsroom: whose desk it is, no page needs to know."""
    user_id = User.objects.filter(is_staff=True).values_list("pk", flat=True).first()
    if user_id is not None:
        services.note_person_changed(user_id=user_id)

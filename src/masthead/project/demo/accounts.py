"""Opens the accounts of the demo's staff and of those readers who have one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import slugify

from masthead.project.demo.model import DemoContent

# No mail can be sent to these names (RFC 2606), whatever the site's mail settings are.
STAFF_HOST = "saltmere-ledger.example"
READER_HOST = "readers.example"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Staff by the person's slug, readers by their name."""

    staff: dict[str, Any]
    readers: dict[str, Any]
    publisher: Any


def open_accounts(content: DemoContent) -> Accounts:
    """Make the accounts, none of which has a password. The publisher's is the one that ``admin-link`` signs in."""
    users: Any = get_user_model().objects
    staff = {
        person.slug: users.create_user(
            f"{person.slug.replace('-', '.')}@{STAFF_HOST}",
            display_name=person.name,
            is_staff=True,
            is_superuser=person.publisher,
        )
        for person in content.people
        if person.staff
    }
    readers = {
        name: users.create_user(f"{slugify(name).replace('-', '.')}@{READER_HOST}", display_name=name)
        for name in content.members
    }
    publisher = next(staff[person.slug] for person in content.people if person.publisher)
    return Accounts(staff=staff, readers=readers, publisher=publisher)

"""The cast and the checking client that all tests share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations

from masthead.accounts.models import User
from masthead.accounts.testing import make_user
from masthead.funding.testing import empty_books
from tests import properties, sites
from tests.client import CheckingClient
from tests.settings import SITE_FOLDER

properties.load_profile()

# The run starts many processes. Each finds compiled what the first one compiled, whatever the shell prefers.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def scratch_site() -> Iterator[None]:
    """Remove the scratch site after the run."""
    yield
    shutil.rmtree(SITE_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as ``masthead init`` makes it, once for all test processes: to be copied, not to be changed."""
    return sites.made_once(tmp_path_factory, "new-site", "--name", sites.NAME)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo site, seeded once for all test processes: to be copied, not to be changed."""
    return sites.made_once(tmp_path_factory, "demo", "--demo")


@pytest.fixture(scope="session", autouse=True)
def flush_with_cascade() -> Iterator[None]:
    """Let PostgreSQL empty tables that a table without a model (the public search) refers to."""
    flush = DatabaseOperations.sql_flush

    def cascading(self: DatabaseOperations, *arguments: Any, **options: Any) -> list[str]:
        return flush(self, *arguments, **{**options, "allow_cascade": True})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", cascading)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Let no rate limit leak from one test into the next."""
    cache.clear()


@pytest.fixture
def client() -> CheckingClient:
    """A visitor whose browser looks closely: every reply is checked."""
    return CheckingClient()


@pytest.fixture(autouse=True)
def books_that_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the ledger after a test that really commits: its triggers refuse what empties all other tables."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    empty_books()


# The cast: whoever reads a test about access reads a sentence about these people.


@pytest.fixture
def ada(db: None) -> User:
    """Reads and writes comments."""
    return make_user("ada@example.org", display_name="Ada")


@pytest.fixture
def ben(db: None) -> User:
    """Another reader, who must not see what is Ada's."""
    return make_user("ben@example.org", display_name="Ben")


@pytest.fixture
def don(db: None) -> User:
    """Gives money."""
    return make_user("don@example.org", display_name="Don")


@pytest.fixture
def mo(db: None) -> User:
    """Moderates, and may do nothing else in the newsroom."""
    user = make_user("mo@example.org", display_name="Mo", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "moderate_comment"]))
    return user


@pytest.fixture
def eve(db: None) -> User:
    """Edits stories, and may neither moderate nor see the money."""
    user = make_user("eve@example.org", display_name="Eve", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    user.groups.set(Group.objects.filter(name="Editors"))
    return user


@pytest.fixture
def nobody() -> CheckingClient:
    """Signed out."""
    return CheckingClient()

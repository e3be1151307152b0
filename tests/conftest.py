"""The cast and the checking client that all tests share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from masthead.accounts.models import User
from masthead.accounts.testing import make_user
from tests import databases, properties, sites
from tests.client import CheckingClient
from tests.settings import SITE_FOLDER

properties.load_profile()

# The run starts many processes. Each finds compiled what the first one compiled, whatever the shell prefers.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the test database: only that can differ from one database to another."""
    for item in items:
        if item.get_closest_marker("django_db") or "_django_db_helper" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave nothing on the database server, once all test processes are done."""
    if not hasattr(session.config, "workerinput"):
        databases.remove_template()


@pytest.fixture(scope="session", autouse=True)
def scratch_site() -> Iterator[None]:
    """Remove the scratch site after the run."""
    yield
    shutil.rmtree(SITE_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as ``masthead init`` makes it, once for all test processes: to be copied, not to be changed."""
    return sites.new(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo site, seeded once for all test processes: to be copied, not to be changed."""
    return sites.demo(tmp_path_factory)


@pytest.fixture(scope="session", autouse=True)
def sites_under_way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Begin to make what takes long and is waited for later in the run."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    makers = {"demo_folder": sites.demo, "new_site": sites.new}
    sites.begin(tmp_path_factory, [make for name, make in makers.items() if name in wanted])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether Django finds the test database made."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put the test database, its name settled, where it is copied from another."""
    databases.put(tmp_path_factory)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, which a test that commits leaves as the migrations made it."""
    with django_db_blocker.unblock():
        bring_back = databases.keeper()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", bring_back)
        yield
    with django_db_blocker.unblock():
        databases.remove()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Let no rate limit leak from one test into the next."""
    cache.clear()


@pytest.fixture
def client() -> CheckingClient:
    """A visitor whose browser looks closely: every reply is checked."""
    return CheckingClient()


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

"""From a site's choices to Django's settings."""

from __future__ import annotations

import dataclasses

from django.conf import settings
from django.core.cache import CacheHandler

from masthead.project.composition import build
from masthead.project.config import Config
from masthead.project.sections import DatabaseConfig, EdgeConfig


def chosen(**sections: object) -> Config:
    """Return the test site's configuration with other sections."""
    config: Config = settings.MASTHEAD
    return dataclasses.replace(config, **sections)  # type: ignore[arg-type]


def test_processes_that_share_a_valkey_server_count_limits_together() -> None:
    caches = build(chosen(edge=EdgeConfig(valkey="redis://127.0.0.1:6379/0")))["CACHES"]
    here, there = CacheHandler(caches)["default"], CacheHandler(caches)["default"]
    here.delete("tests:count")
    here.add("tests:count", 0)
    here.incr("tests:count")
    assert there.incr("tests:count") == 2
    here.delete("tests:count")


def test_on_postgresql_each_thread_keeps_its_connection_and_its_plans() -> None:
    database = build(chosen(database=DatabaseConfig(url="postgresql://ada@db.example/paper")))["DATABASES"]["default"]
    assert database["CONN_MAX_AGE"] is None
    assert database["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": 2}

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


def test_every_thread_finds_a_pooled_connection() -> None:
    config = chosen(database=DatabaseConfig(url="postgresql://ada@db.example/paper"), edge=EdgeConfig(threads=6))
    pool = build(config)["DATABASES"]["default"]["OPTIONS"]["pool"]
    assert pool["max_size"] >= 2 * 6 + 2

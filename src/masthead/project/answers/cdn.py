"""What the CDN hears of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

from masthead.core.http import absolute_url
from masthead.discussion import selectors as discussion
from masthead.edge import cdn
from masthead.project.wiring.edge import purge_of
from masthead.publishing import selectors as publishing

_WITH_STORIES = ("/", "/feed/", "/sitemap.xml")


def purge_cdn(told: Sequence[tuple[Any, str]]) -> None:
    """Let the CDN forget what these facts make stale, all in one; twice is once."""
    edge = settings.MASTHEAD.edge
    found = cdn.chosen(edge.cdn, service=edge.cdn_service, token=edge.cdn_token)
    facts = [event for event, _event_id in told]
    wanted = purge_of(facts)
    tags = wanted.stale | wanted.forget
    if found is not None and tags:
        found.purge(tags=tags, addresses=addresses_of(facts) if edge.cdn == "wagtail" else [])


def addresses_of(facts: Iterable[Any]) -> set[str]:
    """Return the full addresses of the stories that facts are about, and of the lists that show a story."""
    paths: set[str] = set()
    keys = set()
    for event in facts:
        path = getattr(event, "path", "")
        if path:
            paths |= {path, f"{path.rstrip('/').rpartition('/')[0]}/", *_WITH_STORIES}
        elif getattr(event, "thread_key", ""):
            keys.add(event.thread_key)
    paths |= {subject.path for subject in publishing.thread_subjects(keys).values()}
    paths |= {subject.path for subject in discussion.outside_subjects(keys).values()}
    return {absolute_url(str(iri_to_uri(path))) for path in paths}

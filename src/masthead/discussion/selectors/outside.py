"""Pages of other sites with a discussion of ours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import cast

from django.urls import reverse

from masthead.discussion.models import KEY_PREFIX, OutsidePage
from masthead.discussion.outside_errors import UnknownPage
from masthead.discussion.ports import Openness, Subject
from masthead.discussion.rules.people import Person
from masthead.discussion.selectors.outline import counts_of


@dataclass(frozen=True)
class OutsideRow:
    """A page as the newsroom's list shows it."""

    page: OutsidePage
    comment_count: int


def outside_subjects(keys: Collection[str]) -> dict[str, Subject]:
    """Return what these threads are about, as far as it is pages of other sites. One query; none for none."""
    ids = [key.removeprefix(KEY_PREFIX) for key in keys if key.startswith(KEY_PREFIX)]
    pages = OutsidePage.objects.filter(public_id__in=ids) if ids else []
    return {page.key: _subject(page) for page in pages}


def _subject(page: OutsidePage) -> Subject:
    path = reverse("discussion:outside-page", args=[page.public_id])
    return Subject(
        title=page.title, path=path, is_public=True, comments=cast("Openness", page.comments), has_text=False
    )


def reach(person: Person, key: str) -> Person:
    """Return a person as far as the page may act on whose behalf it asks, in what was done in a thread before.

    On the paper's own pages that is all the person is. On the page of another site, whose scripts hold the guest's
    token, it is what was done in that very browser, and what the guest did in threads of that site's own pages; never
    what a guest who proved an address did anywhere else. Writing and voting need not ask: they are the guest's own.
    """
    if not (person.origin and person.is_verified_guest) or _is_of(key, person.origin):
        return person
    return replace(person, guest=person.browser)


def _is_of(key: str, origin: str) -> bool:
    """Tell whether a thread is about a page of this origin."""
    pages = OutsidePage.objects.filter(public_id=key.removeprefix(KEY_PREFIX), address__startswith=f"{origin}/")
    return key.startswith(KEY_PREFIX) and pages.exists()


def shown_outside_page(public_id: str) -> OutsidePage:
    """Return a page whose discussion readers may see. Refuses ``UnknownPage``."""
    page = outside_page(public_id)
    if page.comments == OutsidePage.Comments.OFF:
        raise UnknownPage()
    return page


def outside_page(public_id: str) -> OutsidePage:
    """Return a page for the newsroom. Refuses ``UnknownPage``."""
    page = OutsidePage.objects.filter(public_id=public_id).first()
    if page is None:
        raise UnknownPage()
    return page


def outside_pages(*, limit: int = 200) -> list[OutsideRow]:
    """Return the pages that were registered last, with the number of their comments. Two queries."""
    pages = list(OutsidePage.objects.all()[:limit])
    counts = counts_of([page.key for page in pages]) if pages else {}
    return [OutsideRow(page, counts[page.key].comments if page.key in counts else 0) for page in pages]

"""What the discussion asks: answered from accounts and publishing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from django.utils.translation import gettext as _

from masthead.accounts import selectors as accounts
from masthead.discussion.ports import Openness, Subject
from masthead.publishing.selectors import thread_subjects


class AccountBadges:
    """Staff are called so; the author of the story is known from the subject."""

    def badges(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the roles, in one query."""
        return {pk: _("Editor") for pk in accounts.staff_among(user_ids)}


class AccountNames:
    """Names of the newsroom, under which no guest writes."""

    def reserved(self) -> Collection[str]:
        """Return the shown names of all staff accounts."""
        return accounts.staff_names()


class PublishedSubjects:
    """A thread is about a public story, or about nothing that readers may know of."""

    def describe(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return what is public, in two queries; the rest is left out."""
        return {
            key: Subject(
                title=story.title,
                path=story.path,
                is_public=True,
                comments=cast("Openness", story.comments),
                author_user_ids=story.author_user_ids,
            )
            for key, story in thread_subjects(keys).items()
        }

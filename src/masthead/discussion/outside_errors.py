"""Refusals about pages of other sites."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.discussion.errors import DiscussionError


class UnknownPage(DiscussionError):
    """No page of another site was registered under this name, or its discussion is not shown."""

    code = "discussion.unknown_page"
    status = 404

    def message(self) -> str:
        """Say so."""
        return _("There is no discussion here, or not any more.")


class PageAddressRefused(DiscussionError):
    """This is no address of a page."""

    code = "discussion.page_address_refused"
    field = "address"

    def message(self) -> str:
        """Say what an address looks like."""
        return _("Write the whole address of the page, as https://club.example/spring-fair.")


class PageTitleRefused(DiscussionError):
    """A page needs a title; ``params['most']``."""

    code = "discussion.page_title_refused"
    field = "title"

    def message(self) -> str:
        """Say what is possible."""
        return _("Write a title of 1 to %(most)s characters.") % self.params


class PageKnown(DiscussionError):
    """Another registered page has this address; ``params['title']``."""

    code = "discussion.page_known"
    status = 409
    field = "address"

    def message(self) -> str:
        """Name it."""
        return _("This page has a discussion already: “%(title)s”.") % self.params

"""Discussions about pages of other sites."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from masthead.core import markup
from masthead.discussion.events import OutsidePageChanged
from masthead.discussion.models import OutsidePage
from masthead.discussion.outside_errors import PageAddressRefused, PageKnown, PageTitleRefused
from masthead.discussion.selectors.outside import outside_page
from masthead.outbox.services import record

_TITLE_MOST, _ADDRESS_MOST = 200, 500
_is_address = URLValidator(schemes=["https", "http"])


def register_page(*, address: str, title: str) -> OutsidePage:
    """Let there be a discussion about a page of another site and return the page; its key names the thread.

    Refuses ``PageAddressRefused``, ``PageTitleRefused`` and, where the address has a discussion, ``PageKnown``.
    """
    normal, shown = _address(address), _title(title)
    with transaction.atomic():
        page, is_new = OutsidePage.objects.get_or_create(address=normal, defaults={"title": shown})
        if not is_new:
            raise PageKnown(title=page.title)
        record(OutsidePageChanged(page.key))
    return page


def change_page(*, page_id: str, address: str, title: str, comments: str) -> OutsidePage:
    """Change what is said of a page, or what readers may do; the thread stays the same whatever the address.

    Refuses ``UnknownPage``, ``PageAddressRefused``, ``PageTitleRefused``, ``PageKnown``.
    """
    normal, shown = _address(address), _title(title)
    with transaction.atomic():
        page = outside_page(page_id)
        other = OutsidePage.objects.filter(address=normal).exclude(pk=page.pk).first()
        if other is not None:
            raise PageKnown(title=other.title)
        page.address, page.title, page.comments = normal, shown, OutsidePage.Comments(comments)
        page.save()
        record(OutsidePageChanged(page.key))
    return page


def _address(address: str) -> str:
    """Return an address without what stands behind ``#``: that names a place on the page."""
    normal, _fragment = urldefrag(address.strip())
    try:
        _is_address(normal)
    except ValidationError:
        raise PageAddressRefused() from None
    if len(normal) > _ADDRESS_MOST or urlsplit(normal).username is not None:
        raise PageAddressRefused()
    return normal


def _title(title: str) -> str:
    shown = markup.plain_line(title)
    if not 0 < len(shown) <= _TITLE_MOST:
        raise PageTitleRefused(most=_TITLE_MOST)
    return shown

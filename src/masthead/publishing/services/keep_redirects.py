"""Addresses that once were."""

from __future__ import annotations

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

MAX_LENGTH = 255


def put_redirect(*, old: str, target: str | Page, permanent: bool = True) -> bool:
    """Let the old address (path with optional query) lead to a path, a full address or a page.

    An existing redirect from the same address is replaced. Returns False, and keeps nothing, for an address that
    cannot be kept: longer than 255 characters, or the front page itself. A page as target stays right when the page
    moves.
    """
    path = Redirect.normalise_path(old)
    if len(path) > MAX_LENGTH or path in {"", "/"}:
        return False
    values = {"redirect_page": target, "redirect_link": ""} if isinstance(target, Page) else {"redirect_link": target}
    Redirect.objects.update_or_create(
        old_path=path, site=None, defaults={"redirect_page": None, "is_permanent": permanent, **values}
    )
    return True

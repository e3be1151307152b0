"""What publishing adds to the admin."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from masthead.publishing.staff.authors import AuthorViewSet
from masthead.publishing.staff.corrections import CorrectionViewSet

register_snippet(AuthorViewSet)
register_snippet(CorrectionViewSet)


@hooks.register("construct_explorer_page_queryset")
def newest_first(parent_page: Any, pages: Any, request: Any) -> Any:
    """List the stories of a section newest first, unless the editor asked for another order."""
    return pages if "ordering" in request.GET else pages.order_by("-latest_revision_created_at", "-pk")

"""Pages that are served by ordinary views instead of by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

PageView = Callable[[HttpRequest, Any], HttpResponse]
_views: dict[type[Any], PageView] = {}
PageClass = TypeVar("PageClass", bound=type[Any])


def bind_view(page_class: PageClass, view: PageView) -> None:
    """Let ``view(request, page)`` serve and preview pages of this class; called once when the app starts."""
    _views[page_class] = view


class ServedByView:
    """Mixin for page models: ``serve`` and ``serve_preview`` call the bound view, so both take the same road.

    The view sees ``request.is_preview`` and answers from the page it is given, saved or not.
    """

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the bound view. Raises ``KeyError`` when the project forgot to bind one."""
        return _views[type(self)](request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer with the bound view; Wagtail has marked the request as a preview."""
        return _views[type(self)](request, self)

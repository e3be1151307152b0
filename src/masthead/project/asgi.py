"""The ASGI application of ``masthead serve``: the front, Django behind it, and what runs beside them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from masthead.project.serving import Serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.project.settings")


def _start() -> Serving:
    django = get_wsgi_application()
    # Only now: it names apps, which Django had to set up first.
    from masthead.project.serving import Serving

    serving = Serving(django)
    serving.start()
    return serving


_serving = _start()


def application(scope: dict[str, Any], receive: Any, send: Any) -> Any:
    """Answer one ASGI connection."""
    return _serving.answer(scope, receive, send)

"""The WSGI application, with the background work beside it where the settings say so."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.project.settings")

application = get_wsgi_application()


def _start() -> None:
    """Refuse to serve a database of another version; start the background work."""
    from django.conf import settings

    from masthead.outbox import worker
    from masthead.project.cli.site import database_problem

    problem = database_problem()
    if problem:
        sys.stderr.write(f"masthead: {problem}\n")
        raise SystemExit(2)
    if settings.MASTHEAD.server.background:
        worker.start_in_process()


_start()

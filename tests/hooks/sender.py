"""A worker of its own that is killed at the worst moment: after the receiver has taken a message, before that is noted.

``python -m tests.hooks.sender DATABASE`` delivers what is due once, and ends itself by SIGKILL when an answer is there.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from masthead.core import ports  # noqa: E402
from masthead.core.outgoing import Reply  # noqa: E402
from masthead.hooks.ports import Carrier  # noqa: E402
from masthead.outbox import worker  # noqa: E402
from masthead.project.answers.hooks import Web  # noqa: E402
from masthead.project.sections import HooksConfig  # noqa: E402


class DiesAfterTheAnswer:
    """The product's own way out, in a process that ends when it has the answer in hand."""

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send, and die."""
        Web().post(address, body, headers)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


def main(database: str) -> None:
    """Deliver once."""
    connections["default"].settings_dict["NAME"] = database
    settings.MASTHEAD = replace(settings.MASTHEAD, hooks=HooksConfig(allow_private=True))
    ports.bind(Carrier, DiesAfterTheAnswer())
    worker.run_pending()


if __name__ == "__main__":
    main(*sys.argv[1:])

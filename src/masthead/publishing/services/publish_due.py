"""What was scheduled and is due."""

from __future__ import annotations

import io

from django.core.management import call_command
from django.db import transaction


def publish_due() -> None:
    """Publish stories whose moment has come and unpublish those that expired; safe to call at any time, by several.

    The change and what follows from it (sealing, events) are one transaction.
    """
    with transaction.atomic():
        call_command("publish_scheduled", stdout=io.StringIO())

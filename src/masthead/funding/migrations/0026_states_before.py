"""Repeated gifts that were there before get the history that is known of them: their beginning, and how they stand."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def write_history(apps: Any, schema_editor: Any) -> None:
    """Active since it began; ended when it ended; what is paused or failed is so since it was last read."""
    states = apps.get_model("funding", "RecurringState").objects
    terms = apps.get_model("funding", "RecurringTerms").objects
    for row in apps.get_model("funding", "Recurring").objects.exclude(status="pending").iterator():
        agreed = list(terms.filter(recurring=row).order_by("since", "id"))
        first = agreed[0].gift_minor if agreed else row.amount_minor
        taken = [each.gift_minor for each in agreed if each.gift_minor + each.cover_minor == row.amount_minor]
        last = taken[-1] if taken else row.amount_minor
        same = {"recurring": row, "currency": row.currency, "every": row.every}
        read_at = max(row.read_at or timezone.now(), row.started_at)
        states.create(since=row.started_at, status="active", gift_minor=first, **same)
        if row.status == "active" and last != first:
            changed = max([row.started_at, *(each.since for each in agreed if each.gift_minor == last)])
            states.create(since=changed, status="active", gift_minor=last, **same)
        if row.status != "active":
            at = max(row.ended_at or read_at, row.started_at) if row.status == "ended" else read_at
            states.create(since=at, status=row.status, gift_minor=last, **same)


class Migration(migrations.Migration):
    dependencies = [("funding", "0025_recovery")]
    operations = [migrations.RunPython(write_history, migrations.RunPython.noop)]

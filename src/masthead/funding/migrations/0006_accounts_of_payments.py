"""Open the accounts that payments need for campaigns that are there already, and mark gifts that were taken back."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_METHODS = ("bank_transfer", "cash", "cheque", "elsewhere", "stripe", "paypal")


def forward(apps: Any, schema_editor: Any) -> None:
    """Add what is missing; what is there stays."""
    account, campaign = apps.get_model("funding", "Account"), apps.get_model("funding", "Campaign")
    for row in campaign.objects.all():
        wanted = {
            **{f"assets:{method}": ("assets", None) for method in _METHODS},
            f"income:campaign:{row.slug}": ("income", row),
            f"income:cover:{row.slug}": ("cover", row),
            **{f"expenses:{name}:{row.slug}": ("expenses", row) for name in ("fees", "disputes", "exchange")},
        }
        for code, (kind, owner) in wanted.items():
            for prefix, is_live in (("", True), ("rehearsal:", False)):
                account.objects.get_or_create(
                    code=prefix + code, defaults={"kind": kind, "campaign": owner, "is_live": is_live}
                )
    apps.get_model("funding", "Gift").objects.filter(journal__reversal__isnull=False).update(is_returned=True)


class Migration(migrations.Migration):
    dependencies = [("funding", "0005_payments")]

    # Backwards nothing is undone: accounts without entries change no figure, and the column goes with the one before.
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]

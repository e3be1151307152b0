"""Cheques, and gifts that another system recorded: two more ways, each with its account."""

from typing import Any

from django.db import migrations, models

NEW_ACCOUNTS = ("assets:cheque", "assets:elsewhere")


def open_accounts(apps: Any, schema_editor: Any) -> None:
    """Open the accounts where books exist already; new campaigns open theirs by themselves."""
    Account = apps.get_model("funding", "Account")
    if not Account.objects.exists():
        return
    for code in NEW_ACCOUNTS:
        if not Account.objects.filter(code=code).exists():
            Account.objects.create(code=code, kind="assets")


class Migration(migrations.Migration):
    dependencies = [("funding", "0003_pledge_letter")]

    operations = [
        migrations.AlterField(
            model_name="gift",
            name="method",
            field=models.CharField(
                choices=[
                    ("bank_transfer", "bank transfer"),
                    ("cash", "cash"),
                    ("cheque", "cheque"),
                    ("elsewhere", "recorded elsewhere"),
                ],
                max_length=20,
                verbose_name="how it came",
            ),
        ),
        migrations.RunPython(open_accounts, migrations.RunPython.noop),
    ]

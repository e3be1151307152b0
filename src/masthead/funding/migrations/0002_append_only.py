"""Let the database itself refuse to change or delete what is booked."""

from django.db import migrations

from masthead.funding.models import append_only


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_ledger_and_gifts")]

    operations = [migrations.RunPython(append_only.forward, append_only.backward)]

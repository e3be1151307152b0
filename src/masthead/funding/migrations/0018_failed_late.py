from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0017_roles_and_audit"),
    ]

    operations = [
        migrations.AlterField(
            model_name="journal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("gift", "gift"),
                    ("reversal", "reversal"),
                    ("refund", "refund"),
                    ("refund_failed", "refund that failed"),
                    ("failed_late", "debit that failed afterwards"),
                    ("withdrawn", "withdrawn by a dispute"),
                    ("reinstated", "reinstated after a dispute"),
                    ("cover", "cover of the fee returned"),
                    ("payout", "payout to the bank"),
                    ("correction", "correction"),
                ],
                max_length=20,
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """One name for why a person decided: a column is renamed, and no row changes."""

    dependencies = [
        ("funding", "0020_supporters"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="held", name="set_aside_with_a_reason"),
        migrations.RenameField(model_name="held", old_name="set_aside_because", new_name="because"),
        migrations.AddConstraint(
            model_name="held",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "aside"), _negated=True), models.Q(("because", ""), _negated=True), _connector="OR"),
                name="set_aside_with_a_reason",
            ),
        ),
    ]

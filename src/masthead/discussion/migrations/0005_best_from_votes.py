"""Comments that were voted on before get their place in the order *Best*."""

from typing import Any

from django.db import migrations

from masthead.discussion.rules.ranking import standing


def set_best(apps: Any, schema_editor: Any) -> None:
    """One update for each pair of figures: few, however many comments share them."""
    comments = apps.get_model("discussion", "Comment").objects
    pairs = comments.filter(up__gt=0).order_by().values_list("up", "down").distinct()
    for up, down in list(pairs):
        comments.filter(up=up, down=down).update(best=standing(up, down))


class Migration(migrations.Migration):
    dependencies = [("discussion", "0004_best_order")]
    operations = [migrations.RunPython(set_best, migrations.RunPython.noop)]

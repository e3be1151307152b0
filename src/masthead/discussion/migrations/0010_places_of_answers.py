"""Let the answers to questions that stand in a story know where; until now only the question knew."""

from typing import Any

from django.db import migrations


def forwards(apps: Any, schema_editor: Any) -> None:
    """Write the place of each current question to its answers."""
    comments = apps.get_model("discussion", "Comment").objects
    notes = apps.get_model("discussion", "Note").objects.filter(is_current=True)
    for pk, position in notes.values_list("pk", "position").iterator():
        comments.filter(note_id=pk).update(place=f"note-{position}-words")


class Migration(migrations.Migration):
    dependencies = [("discussion", "0009_marked_words")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

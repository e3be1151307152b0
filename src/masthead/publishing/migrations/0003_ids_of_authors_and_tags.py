"""Public rows name their authors and tags by id as well, so that a list knows what it must follow."""

from typing import Any

from django.db import migrations, models


def add_ids(apps: Any, schema_editor: Any) -> None:
    """Look the ids up by address, which is unique for both."""
    story_model = apps.get_model("publishing", "PublishedStory")
    authors = dict(apps.get_model("publishing", "Author").objects.values_list("slug", "pk"))
    tags = dict(apps.get_model("taggit", "Tag").objects.values_list("slug", "pk"))
    batch = []
    for story in story_model.objects.only("pk", "bylines", "tags").iterator(chunk_size=500):
        story.bylines = [{"id": authors.get(line["slug"], 0), **line} for line in story.bylines]
        story.tags = [{"id": tags.get(tag["slug"], 0), **tag} for tag in story.tags]
        batch.append(story)
        if len(batch) == 500:
            story_model.objects.bulk_update(batch, ["bylines", "tags"])
            batch = []
    story_model.objects.bulk_update(batch, ["bylines", "tags"])


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0002_seal_and_search"),
        ("taggit", "0001_initial"),
    ]
    operations = [
        migrations.AlterField(
            model_name="publishedstory",
            name="bylines",
            field=models.JSONField(default=list, help_text="Authors in order: id, name, slug, role, portrait."),
        ),
        migrations.AlterField(
            model_name="publishedstory",
            name="tags",
            field=models.JSONField(default=list, help_text="Tags: id, name, slug."),
        ),
        migrations.RunPython(add_ids, migrations.RunPython.noop),
    ]

"""Conversations that were there before get their numbered page, and the newsroom's comments their mark."""

from typing import Any

from django.db import migrations
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

_NUMBER = """
    UPDATE discussion_comment SET page = numbered.page FROM (
        SELECT id, (ROW_NUMBER() OVER (PARTITION BY thread_id ORDER BY sorted_at, id) - 1) / 20 + 1 AS page
        FROM discussion_comment WHERE parent_id IS NULL AND kind = 'comment'
    ) AS numbered WHERE discussion_comment.id = numbered.id
"""


def mark_newsroom(apps: Any, schema_editor: Any) -> None:
    """Whose account belongs to staff today; who wrote a story is known only from now on."""
    comments = apps.get_model("discussion", "Comment").objects
    comments.filter(user__is_staff=True).update(by_newsroom=True)
    public = comments.filter(by_newsroom=True, status="published", kind="comment").annotate(
        conversation=Coalesce("root_id", "id")
    )
    counted = public.order_by().values("conversation").annotate(count=Count("pk"))
    for conversation, count in list(counted.values_list("conversation", "count")):
        comments.filter(pk=conversation).update(newsroom_total=count)


def count_roots(apps: Any, schema_editor: Any) -> None:
    """As many as have a page."""
    threads = apps.get_model("discussion", "Thread").objects
    roots = Q(comments__parent__isnull=True, comments__kind="comment")
    counted = threads.filter(pk=OuterRef("pk")).annotate(count=Count("comments", filter=roots)).values("count")
    threads.update(root_count=Coalesce(Subquery(counted), F("root_count")))


class Migration(migrations.Migration):
    dependencies = [("discussion", "0006_marks_pages_newsroom")]
    operations = [
        migrations.RunSQL(_NUMBER, migrations.RunSQL.noop),
        migrations.RunPython(count_roots, migrations.RunPython.noop),
        migrations.RunPython(mark_newsroom, migrations.RunPython.noop),
    ]

"""A discussion and the questions an author put into the text it belongs to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class Thread(models.Model):
    """The discussion under one subject. Who the subject is, only the project knows: the key is opaque."""

    key = models.CharField(max_length=200, unique=True, help_text=_("Opaque name of what is discussed."))
    comment_count = models.PositiveIntegerField(default=0, help_text=_("Published comments, replies included."))
    inline_count = models.PositiveIntegerField(default=0, help_text=_("Published answers to marked passages."))
    root_count = models.PositiveIntegerField(default=0, help_text=_("Conversations ever begun, gone ones included."))
    sticky_count = models.PositiveIntegerField(default=0, help_text=_("Listed conversations that stay above."))
    pick_count = models.PositiveIntegerField(default=0, help_text=_("Published comments that editors picked."))
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.key


class Note(models.Model):
    """An author's question to readers about marked words. Its answers are ordinary comments."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="notes")
    passage_id = models.CharField(max_length=64, help_text=_("Name of the marked words within the story."))
    quote = models.TextField(help_text=_("The marked words."))
    question = models.TextField()
    starts_open = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    is_current = models.BooleanField(default=True, help_text=_("The words still stand in the story."))
    answer_count = models.PositiveIntegerField(default=0, help_text=_("Published answers."))

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "passage_id"], name="one_note_per_passage"),
        ]

    def __str__(self) -> str:
        return self.question

"""A discussion and the questions an author put into the text it belongs to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.discussion.models.anchored import Anchored


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


class Note(Anchored):
    """Marked words of the text: an author's question to readers, or what a reader says or asks about them.

    Its answers are ordinary comments; a reader's note has one, the note itself.
    """

    class Kind(models.TextChoices):
        """Who marked the words, and why."""

        QUESTION = "question", _("question to readers")
        COMMENT = "comment", _("comment on a passage")
        ASK = "ask", _("question to the newsroom")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.QUESTION)
    passage_id = models.CharField(max_length=64, help_text=_("Name of the marked words within the story."))
    question = models.TextField(blank=True, help_text=_("What the author asks; empty where a reader marked the words."))
    starts_open = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    answer_count = models.PositiveIntegerField(default=0, help_text=_("Published answers."))

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "passage_id"], name="one_note_per_passage"),
        ]

    def __str__(self) -> str:
        return self.question or self.quote

    @property
    def place(self) -> str:
        """The fragment of the story's address where the words stand now; empty when they do not."""
        if not self.is_current:
            return ""
        return f"note-{self.position}-words" if self.kind == self.Kind.QUESTION else self.block

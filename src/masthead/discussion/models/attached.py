"""What hangs on a comment beside its text: answers to the site's own fields, and a picture."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.discussion.models.comment import Comment


class FieldValue(models.Model):
    """One answer to one of the site's own fields, with the words that were asked then. Never changed afterwards."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="field_values")
    name = models.CharField(max_length=30)
    label = models.TextField(help_text=_("What was asked; of a consent its whole wording."))
    kind = models.CharField(max_length=10)
    value = models.TextField()
    is_public = models.BooleanField(default=False)
    given_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "name"], name="one_answer_per_field"),
            models.CheckConstraint(condition=~Q(kind="consent", is_public=True), name="consent_is_never_public"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.comment_id}"


class CommentPicture(models.Model):
    """The picture of a comment: our own encoding, under a random name, public exactly as long as its comment is."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="picture")
    name = models.CharField(max_length=40, unique=True, help_text=_("Random: nobody finds it by guessing."))
    alt = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the file lies in the media storage."""
        return path_of(self.name)


FOLDER = "comments"


def path_of(name: str) -> str:
    """Return where the file of a picture lies in the media storage."""
    return f"{FOLDER}/{name[:2]}/{name}.webp"

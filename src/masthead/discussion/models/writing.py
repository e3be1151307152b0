"""What belongs to the writing of a comment beside its words: whom it names, and its last seconds."""

from __future__ import annotations

from django.db import models

from masthead.core.clock import now
from masthead.discussion.models.comment import Comment


class Mention(models.Model):
    """Words that name a person of the thread; ``mentioned`` is what that person had written last."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    mentioned = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "mentioned"], name="mentioned_once_per_comment")]

    def __str__(self) -> str:
        return f"{self.comment_id} names {self.mentioned_id}"


class Deletion(models.Model):
    """A comment that its writer deleted a moment ago: hidden from everybody, erased once it cannot be taken back."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="deletion")
    former_status = models.CharField(max_length=10, choices=Comment.Status)
    deleted_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.comment_id} at {self.deleted_at:%H:%M:%S}"

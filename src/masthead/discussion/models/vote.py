"""One person's opinion of one comment."""

from __future__ import annotations

from django.db import models

from masthead.core.clock import now
from masthead.discussion.models.comment import Comment


class Vote(models.Model):
    """Up or down; withdrawn votes leave no row."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="votes")
    # "u:<account>" or "g:<hash of the browser's random id>"; never an address, never an IP number.
    voter = models.CharField(max_length=72)
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "voter"], name="one_vote_per_comment_and_voter"),
            models.CheckConstraint(condition=models.Q(value__in=[-1, 1]), name="vote_is_plus_or_minus_one"),
        ]

    def __str__(self) -> str:
        return f"{self.value:+d}"

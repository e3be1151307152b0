"""Stars that people gave with their comments, and their sums."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.discussion.models.comment import Comment
from masthead.discussion.models.thread import Thread


class Rating(models.Model):
    """The stars of one comment for one field. Of one person's in a thread those of the newest public comment count."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", db_index=False)
    # "u:<account>", "g:<mark of guest or browser>" or "i:<hash>" of an import; never an address.
    rater = models.CharField(max_length=72)
    field = models.CharField(max_length=20)
    stars = models.PositiveSmallIntegerField()
    counts = models.BooleanField(default=False)
    rated_at = models.DateTimeField(default=now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["comment", "field"], name="one_rating_per_comment_and_field"),
            models.UniqueConstraint(
                fields=["thread", "rater", "field"], condition=Q(counts=True), name="one_rating_per_person_counts"
            ),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="stars_are_one_to_five"),
        ]
        indexes = [models.Index(fields=["thread", "rater"], name="ratings_by_person")]

    def __str__(self) -> str:
        return f"{self.stars} for {self.field} by {self.comment_id}"


class RatingTotal(models.Model):
    """What the counting ratings of a thread come to, for one field."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="rating_totals", db_index=False)
    field = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0, help_text=_("How many people rated."))
    total = models.PositiveIntegerField(default=0, help_text=_("The sum of their stars."))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["thread", "field"], name="one_total_per_thread_and_field"),
            models.CheckConstraint(
                condition=Q(total__gte=F("count")) & Q(total__lte=F("count") * 5), name="total_is_one_to_five_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} of {self.count} for {self.field}"

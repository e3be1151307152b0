"""What moderators did, and why: every removal can be accounted for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.discussion.models.comment import Comment


class ModerationAction(models.Model):
    """One decision about one comment. Never changed afterwards."""

    class Action(models.TextChoices):
        """What was decided."""

        APPROVE = "approve", _("approved")
        REMOVE = "remove", _("removed")
        SPAM = "spam", _("marked as spam")
        STICK = "stick", _("kept above the others")
        UNSTICK = "unstick", _("not kept above any more")
        CLOSE = "close", _("conversation closed")
        REOPEN = "reopen", _("conversation opened again")
        PICK = "pick", _("picked")
        UNPICK = "unpick", _("no longer picked")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="actions")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("moderator")
    )
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=20, blank=True, choices=Comment.Reason)
    remark = models.TextField(blank=True, help_text=_("For colleagues; never shown to readers."))
    taken_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["taken_at"], name="moderation_by_time")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.comment_id}"

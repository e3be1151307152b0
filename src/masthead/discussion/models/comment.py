"""One contribution of one person, as it was written and as it is shown."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now
from masthead.core.ids import new_id
from masthead.core.statements import literal
from masthead.discussion.models.thread import Note, Thread
from masthead.discussion.rules.ranking import WHOLE

# Spelled as the conditions of the partial indexes below, so that SQLite uses them too.
HAS_DIGEST = ~Q(text_digest=literal(""))
_HAS_GUEST = ~Q(guest=literal(""))
HAS_ADDRESS = ~Q(author_email=literal(""))
RAISED = Q(is_sticky=True) | Q(picked_at__isnull=False)
VOTED = Q(up__gt=0) | Q(down__gt=0)
_LISTED_ROOT = Q(parent__isnull=True, is_listed=True)
# Why a comment is held whose writer's address nobody has proven yet: no moderator is asked about it.
UNCONFIRMED = "unconfirmed"


class CommentQuerySet(models.QuerySet["Comment"]):
    """Filters with one meaning each."""

    def listed(self) -> Self:
        """What the public list shows, tombstones included."""
        return self.filter(is_listed=True)

    def roots(self) -> Self:
        """Comments that answer the story and not another comment."""
        return self.filter(parent__isnull=True)

    def held(self) -> Self:
        """What waits for a person, oldest first; not what still waits for its writer."""
        rows = self.filter(status=literal("held"), kind=Comment.Kind.COMMENT).exclude(hold_reason=UNCONFIRMED)
        return rows.order_by("created_at", "id")

    def unconfirmed(self) -> Self:
        """What waits until its writer has proven the address."""
        return self.filter(status=literal("held"), hold_reason=UNCONFIRMED)

    def by(self, *, user_id: int | None, guest: str = "", marks: Collection[str] = ()) -> Self:
        """What this account, this guest or this browser wrote; nothing for nobody."""
        own = Q(pk__in=[])
        if user_id is not None:
            own |= Q(user_id=user_id)
        wanted = {guest, *marks} - {""}
        if wanted:
            own |= Q(guest__in=wanted) & _HAS_GUEST
        return self.filter(own)


class Comment(models.Model):
    """One comment or reply. Counters stand beside the rows they count and change in the same transaction."""

    class Status(models.TextChoices):
        """Who can see it."""

        PUBLISHED = "published", _("published")
        HELD = "held", _("waits for a person")
        REMOVED = "removed", _("removed by a moderator")
        DELETED = "deleted", _("deleted by its writer")
        SPAM = "spam", _("spam")

    class Kind(models.TextChoices):
        """What it is: pingbacks and trackbacks of an import are kept apart and not listed."""

        COMMENT = "comment", _("comment")
        PINGBACK = "pingback", _("pingback")
        TRACKBACK = "trackback", _("trackback")

    class Format(models.TextChoices):
        """How the text was written."""

        MARKDOWN = "markdown", _("Markdown")
        HTML = "html", _("HTML")

    class Reason(models.TextChoices):
        """Why a moderator removed it; shown to readers."""

        ATTACK = "attack", _("personal attack")
        OFF_TOPIC = "off-topic", _("off topic")
        UNLAWFUL = "unlawful", _("unlawful")
        PRIVACY = "privacy", _("private facts of others")
        ADVERTISING = "advertising", _("advertising")
        OTHER = "other", _("against the rules")

    public_id = models.CharField(max_length=16, unique=True, default=new_id)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.RESTRICT, related_name="children")
    root = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="descendants", db_index=False
    )
    depth = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMMENT)

    author_name = models.CharField(max_length=100, help_text=_("As shown; proves nothing."))
    author_email = models.CharField(max_length=254, blank=True, help_text=_("Never shown."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    guest = models.CharField(max_length=64, blank=True, help_text=_("Hash of the writer's browser id."))

    source = models.TextField(help_text=_("As it was written."))
    source_format = models.CharField(max_length=10, choices=Format, default=Format.MARKDOWN)
    html = models.TextField(help_text=_("As it is shown: rendered and cleaned once."))
    annex = models.TextField(blank=True, help_text=_("Shown below the text: picture and public answers."))
    text_digest = models.CharField(max_length=32, blank=True, help_text=_("Recognises the same text sent twice."))
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers", db_index=False
    )
    quote = models.TextField(blank=True, help_text=_("The words it answers; kept when the story loses them."))
    place = models.CharField(max_length=40, blank=True, help_text=_("Where on the page those words stand now."))

    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    hold_reason = models.CharField(max_length=20, blank=True)
    removal_reason = models.CharField(max_length=20, blank=True, choices=Reason)
    created_at = models.DateTimeField(default=now, help_text=_("When it was written; shown."))
    sorted_at = models.DateTimeField(help_text=_("Never before its parent's, whatever an import says."))
    edited_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text=_("When it first became public."))

    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    score = models.IntegerField(default=0)
    best = models.PositiveIntegerField(default=0, help_text=_("How sure its votes make it good, in millionths."))
    is_listed = models.BooleanField(default=False, help_text=_("Published, or a tombstone with listed replies."))
    page = models.PositiveIntegerField(default=0, help_text=_("The numbered page of a root, for good; 0 for replies."))
    is_sticky = models.BooleanField(default=False, help_text=_("A root that stays above in every order."))
    is_closed = models.BooleanField(default=False, help_text=_("Nobody replies in this conversation any more."))
    picked_at = models.DateTimeField(null=True, blank=True, help_text=_("When an editor picked it."))
    by_newsroom = models.BooleanField(default=False, help_text=_("Its writer was staff, or wrote the story."))
    newsroom_total = models.PositiveIntegerField(
        default=0, help_text=_("Published comments of the newsroom in the conversation; kept for roots.")
    )
    listed_children = models.PositiveIntegerField(default=0)
    reply_total = models.PositiveIntegerField(default=0, help_text=_("Listed descendants; kept for roots."))

    legacy_source = models.CharField(max_length=30, blank=True, help_text=_("Where it was imported from."))
    legacy_id = models.CharField(max_length=100, blank=True, help_text=_("Its name there."))

    objects: ClassVar[models.Manager[Comment]] = CommentQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_comment", _("Can moderate comments"))]
        constraints = [
            models.CheckConstraint(condition=Q(score=F("up") - F("down")), name="score_is_up_minus_down"),
            models.CheckConstraint(condition=Q(best__lte=WHOLE), name="best_is_a_share_in_millionths"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="reply_has_parent_root_and_depth",
            ),
            models.CheckConstraint(
                condition=Q(is_sticky=False) | Q(parent__isnull=True), name="only_conversations_stay_above"
            ),
            models.UniqueConstraint(
                fields=["thread", "legacy_source", "legacy_id"],
                condition=~Q(legacy_source=""),
                name="imported_once_per_thread",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "sorted_at", "id"], condition=_LISTED_ROOT, name="roots_by_time"),
            models.Index(fields=["thread", "score", "sorted_at", "id"], condition=_LISTED_ROOT, name="roots_by_score"),
            models.Index(fields=["thread", "best", "sorted_at", "id"], condition=_LISTED_ROOT, name="roots_by_best"),
            models.Index(fields=["thread", "page", "sorted_at", "id"], condition=_LISTED_ROOT, name="roots_by_page"),
            models.Index(fields=["root", "sorted_at", "id"], condition=Q(is_listed=True), name="replies_by_time"),
            models.Index(
                fields=["thread", "sorted_at", "id"],
                condition=_LISTED_ROOT & Q(newsroom_total__gt=0),
                name="answered_roots_by_time",
            ),
            models.Index(
                fields=["thread", "sorted_at", "id"],
                condition=_LISTED_ROOT & Q(newsroom_total=0),
                name="unanswered_roots_by_time",
            ),
            models.Index(
                fields=["root", "sorted_at", "id"],
                condition=Q(is_listed=True, by_newsroom=True),
                name="newsroom_replies_by_time",
            ),
            models.Index(fields=["thread"], condition=RAISED, name="raised_comments"),
            models.Index(
                fields=["thread", "reply_total", "id"],
                condition=_LISTED_ROOT & Q(reply_total__gt=0),
                name="roots_by_replies",
            ),
            models.Index(
                F("thread"), F("up") + F("down"), F("id"), condition=Q(is_listed=True) & VOTED, name="comments_by_votes"
            ),
            models.Index(
                fields=["note", "sorted_at", "id"],
                condition=Q(note__isnull=False, is_listed=True),
                name="answers_in_time",
            ),
            models.Index(
                fields=["thread", "sorted_at", "id"],
                condition=_LISTED_ROOT & Q(note__isnull=False),
                name="inline_roots_by_time",
            ),
            models.Index(fields=["created_at"], condition=Q(status="held"), name="held_by_time"),
            models.Index(fields=["guest", "id"], condition=~Q(guest=""), name="comments_by_guest"),
            models.Index(fields=["author_email"], condition=~Q(author_email=""), name="comments_by_address"),
            models.Index(fields=["thread", "text_digest"], condition=~Q(text_digest=""), name="comments_by_text"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name} {self.public_id}"

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it: the one condition under which it counts."""
        return self.status == self.Status.PUBLISHED and self.kind == self.Kind.COMMENT

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it waits until its writer has proven the address."""
        return self.status == self.Status.HELD and self.hold_reason == UNCONFIRMED

    @property
    def shown(self) -> SafeString:
        """The text and what hangs on it, as HTML: both were made safe when they were stored."""
        return SafeString(self.html + self.annex)

    @property
    def conversation_id(self) -> int:
        """Primary key of the root of its conversation."""
        return self.root_id or self.pk


class CommentRevision(models.Model):
    """What a comment said before an edit: for moderators."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    source = models.TextField()
    source_format = models.CharField(max_length=10, choices=Comment.Format)
    replaced_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["replaced_at", "id"]

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.replaced_at:%Y-%m-%d %H:%M}"

"""What the public sees: sealed editions and one row per public story."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.core.clock import now


class Edition(models.Model):
    """One state of a story as it was published. Never changed: the database refuses it (migration 0002).

    A deleted story leaves its editions, so that what was once said in public can be accounted for.
    """

    article = models.ForeignKey("publishing.ArticlePage", null=True, on_delete=models.SET_NULL, related_name="editions")
    thread_key = models.CharField(max_length=40)
    number = models.PositiveIntegerField(help_text=_("Counts from 1 for each story."))
    title = models.CharField(max_length=255)
    standfirst = models.TextField(blank=True)
    html = models.TextField(help_text=_("The body, ready to be shown."))
    text = models.TextField(help_text=_("The body's words without markup."))
    passages = models.JSONField(default=list, help_text=_("Questions to readers: id, quote, question, starts_open."))
    picture = models.JSONField(null=True, help_text=_("The lead picture with its texts."))
    picture_ids = models.JSONField(default=list, help_text=_("All pictures this edition shows."))
    word_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text=_("Of title, standfirst and body as shown."))
    text_sha256 = models.CharField(max_length=64, help_text=_("Of title, standfirst and body without markup."))
    sealed_at = models.DateTimeField(default=now)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sealed_by_name = models.CharField(max_length=150, blank=True, help_text=_("The responsible editor, as named then."))

    objects: ClassVar[models.Manager[Edition]] = models.Manager()

    class Meta:
        ordering = ["thread_key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["thread_key", "number"], name="edition_number_is_unique_in_its_story"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="edition_numbers_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class PublishedStory(models.Model):
    """A story that everybody may read: all that lists and cards show, and its current edition.

    Rows exist for public stories only, so nothing that reads this table can leak a draft, a scheduled or a
    restricted story. Services write it; it can be rebuilt from the pages at any time.
    """

    article = models.OneToOneField("publishing.ArticlePage", on_delete=models.CASCADE, related_name="published_story")
    thread_key = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=600, unique=True)
    section = models.ForeignKey("publishing.SectionPage", on_delete=models.CASCADE, related_name="published_stories")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=255)
    standfirst = models.TextField(blank=True)
    kind = models.CharField(max_length=20)
    seo_title = models.CharField(max_length=255, blank=True)
    seo_description = models.TextField(blank=True)
    bylines = models.JSONField(default=list, help_text=_("Authors in order: id, name, slug, role, portrait."))
    tags = models.JSONField(default=list, help_text=_("Tags: id, name, slug."))
    picture = models.JSONField(null=True, help_text=_("The lead picture with its texts."))
    related_ids = models.JSONField(default=list, help_text=_("Stories the editor chose, in order."))
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, help_text=_("When the text last changed after publication."))
    word_count = models.PositiveIntegerField(default=0)
    reading_minutes = models.PositiveIntegerField(default=1)
    comments = models.CharField(max_length=10)
    discussion_kind = models.CharField(max_length=10, default="comments")
    rating = models.JSONField(default=dict, help_text=_("What readers rate: fields, type, name; empty for most."))
    comment_count = models.PositiveIntegerField(default=0)
    corrections = models.JSONField(default=list, help_text=_("What was put right, newest first: text, at, credit."))

    objects: ClassVar[models.Manager[PublishedStory]] = models.Manager()
    article_id: int

    class Meta:
        ordering = ["-published_at", "-article_id"]
        indexes = [
            models.Index(fields=["-published_at", "-article"], name="story_by_date"),
            models.Index(fields=["section", "-published_at", "-article"], name="story_by_section_and_date"),
        ]

    def __str__(self) -> str:
        return self.title

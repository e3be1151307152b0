"""What belongs to one story: its writers, its tags, its questions to readers, its neighbours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from masthead.core.ids import new_id


class Byline(Orderable):
    """One author of a story, in order."""

    page = ParentalKey("publishing.ArticlePage", on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(
        "publishing.Author", verbose_name=_("author"), on_delete=models.PROTECT, related_name="bylines"
    )

    _default_manager: ClassVar[models.Manager[Byline]]

    panels = [FieldPanel("author")]

    class Meta(Orderable.Meta):
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")

    def __str__(self) -> str:
        return str(self.author)


class ArticleTag(TaggedItemBase):
    """One tag of a story."""

    content_object = ParentalKey("publishing.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class Passage(Orderable):
    """Words of the story that its author asks readers about."""

    page = ParentalKey("publishing.ArticlePage", on_delete=models.CASCADE, related_name="passages")
    public_id = models.CharField(max_length=16, default=new_id, editable=False)
    words = models.CharField(
        _("words in the story"),
        max_length=500,
        help_text=_("Exactly as they stand in the story; they must stand there once."),
    )
    question = models.CharField(_("question to readers"), max_length=500)
    starts_open = models.BooleanField(
        _("starts open"), default=False, help_text=_("Show question and answers without a click.")
    )

    panels = [FieldPanel("words"), FieldPanel("question"), FieldPanel("starts_open")]

    class Meta(Orderable.Meta):
        verbose_name = _("question to readers")
        verbose_name_plural = _("questions to readers")
        constraints = [models.UniqueConstraint(fields=["page", "public_id"], name="passage_id_is_unique_in_its_story")]

    def __str__(self) -> str:
        return self.question


class RatedField(Orderable):
    """One thing that readers rate beside the whole. Its key lasts: it may be called something else."""

    page = ParentalKey("publishing.ArticlePage", on_delete=models.CASCADE, related_name="rated_fields")
    key = models.CharField(max_length=16, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=40)

    panels = [FieldPanel("name")]

    class Meta(Orderable.Meta):
        verbose_name = _("rated field")
        verbose_name_plural = _("rated fields")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="rated_field_is_unique_in_its_story")]

    def __str__(self) -> str:
        return self.name


class RelatedStory(Orderable):
    """A neighbour that the editor chose."""

    page = ParentalKey("publishing.ArticlePage", on_delete=models.CASCADE, related_name="chosen_related")
    story = models.ForeignKey(
        "publishing.ArticlePage", verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [FieldPanel("story")]

    class Meta(Orderable.Meta):
        verbose_name = _("related story")
        verbose_name_plural = _("related stories")

    def __str__(self) -> str:
        return str(self.story)

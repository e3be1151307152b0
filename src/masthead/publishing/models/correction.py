"""What was wrong in a story and has been put right, said in public."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.search import index

from masthead.core.clock import now


class Correction(index.Indexed, models.Model):
    """One correction of one story. Stands apart from the page's drafts: an older draft that is published keeps it."""

    article = models.ForeignKey(
        "publishing.ArticlePage", verbose_name=_("story"), on_delete=models.CASCADE, related_name="corrections"
    )
    text = models.TextField(_("correction"), help_text=_("What was wrong and what is right, in one or two sentences."))
    credit = models.CharField(
        _("thanks to"), max_length=100, blank=True, help_text=_("The reader who noticed, if he wants to be named.")
    )
    corrected_at = models.DateTimeField(_("time"), default=now)
    edition_number = models.PositiveIntegerField(default=0, editable=False, help_text=_("The edition it speaks of."))
    source = models.CharField(max_length=40, blank=True, editable=False, help_text=_("What it came from; once each."))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[models.Manager[Correction]] = models.Manager()

    panels = [
        PageChooserPanel("article", "publishing.ArticlePage"),
        FieldPanel("text"),
        FieldPanel("credit"),
        FieldPanel("corrected_at"),
    ]
    search_fields = [index.SearchField("text"), index.SearchField("credit")]

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-corrected_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="correction_once_per_source")
        ]

    def __str__(self) -> str:
        return self.text[:80]

"""People who write."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index


class Author(index.Indexed, models.Model):
    """A byline's person: with or without an account."""

    name = models.CharField(_("name"), max_length=120, help_text=_("As it stands above stories."))
    slug = models.SlugField(
        _("address"), max_length=120, unique=True, allow_unicode=True, help_text=_("Last part of /authors/…/")
    )
    role = models.CharField(_("role"), max_length=120, blank=True, help_text=_("For example: Harbour correspondent"))
    biography = models.TextField(_("biography"), blank=True, help_text=_("A few sentences of plain text."))
    portrait = models.ForeignKey(
        "publishing.Picture",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author_profiles",
        help_text=_("Marks this person's comments as the author's."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("biography"),
        MultiFieldPanel([FieldPanel("portrait"), FieldPanel("user")], heading=_("Portrait and account")),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("id")]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
